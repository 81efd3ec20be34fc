import { describe, expect, it } from 'vitest';
import { createAccumulator, type Chunk } from './accumulate.js';
import { createBreaker } from './breaker.js';
import { createBudgets } from './budgets.js';
import { faultKinds, faultOf, faultRules } from './failures.js';

const piece = (call: object): Chunk => ({ choices: [{ delta: { tool_calls: [call] } }] });

describe('the accumulator of streamed chunks', () => {
  it('joins text and tells what each chunk adds', () => {
    const accumulator = createAccumulator();
    expect(accumulator.add({ choices: [{ delta: { content: 'Good ' } }] })).toBe('Good ');
    accumulator.add({ choices: [{ delta: { content: 'day' }, finish_reason: 'stop' }] });
    accumulator.add({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } });
    expect(accumulator.result()).toMatchObject({
      text: 'Good day',
      finishReason: 'stop',
      usage: { tokensIn: 7, tokensOut: 2 },
    });
  });

  it('joins the arguments of a call by its index', () => {
    const accumulator = createAccumulator();
    accumulator.add(piece({ index: 0, id: 'a', function: { name: 'submit', arguments: '{"x"' } }));
    accumulator.add(piece({ index: 1, id: 'b', function: { name: 'submit', arguments: '{}' } }));
    accumulator.add(piece({ index: 0, function: { arguments: ':1}' } }));
    expect(accumulator.result().toolCalls.map(({ argumentsText }) => argumentsText)).toEqual(['{"x":1}', '{}']);
  });

  it('takes a new id as a new call, whatever the index, and a repeated id as the same one', () => {
    const accumulator = createAccumulator();
    accumulator.add(piece({ index: 0, id: 'a', function: { name: 'one', arguments: '{"x"' } }));
    accumulator.add(piece({ index: 0, id: 'a', function: { name: 'one', arguments: ':1}' } }));
    accumulator.add(piece({ index: 0, id: 'b', function: { name: 'two', arguments: '{"x":2}' } }));
    expect(accumulator.result().toolCalls).toEqual([
      { id: 'a', name: 'one', argumentsText: '{"x":1}' },
      { id: 'b', name: 'two', argumentsText: '{"x":2}' },
    ]);
  });

  it('does without ids and indexes', () => {
    const accumulator = createAccumulator();
    accumulator.add(piece({ function: { name: 'one', arguments: '{' } }));
    accumulator.add(piece({ function: { arguments: '}' } }));
    accumulator.add(piece({ function: { name: 'two', arguments: '{}' } }));
    const calls = accumulator.result().toolCalls;
    expect(calls.map(({ name, argumentsText }) => name + argumentsText)).toEqual(['one{}', 'two{}']);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  it('has no finish reason when the stream had none', () => {
    const accumulator = createAccumulator();
    accumulator.add({ choices: [{ delta: { content: 'I am' } }] });
    expect(accumulator.result().finishReason).toBeNull();
  });

  it.each([
    { prompt_tokens: 1e300, completion_tokens: 1 },
    { prompt_tokens: -5, completion_tokens: 1 },
    { prompt_tokens: 1.5, completion_tokens: 1 },
    { completion_tokens: 1 },
  ])('takes counts that cannot be for none: %j', (usage) => {
    const accumulator = createAccumulator();
    accumulator.add({ choices: [], usage });
    expect(accumulator.result().usage).toBeNull();
  });

  it('reads a text that comes in parts, and the first of several answers only', () => {
    const accumulator = createAccumulator();
    accumulator.add({ choices: [{ index: 1, delta: { content: 'Another.' } }] });
    accumulator.add({ choices: [{ index: 0, delta: { content: [{ text: 'Good ' }, { text: 'day.' }] } }] });
    expect(accumulator.result().text).toBe('Good day.');
  });

  it.each([1, 3, 100])('leaves out thoughts before the speech, in pieces of %i characters', (size) => {
    const accumulator = createAccumulator();
    const text = '\n<think>She is upset. <b> 1 < 2 </th</think>\n\nWhere was it? <think> is a word.';
    const shown = text
      .match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu'))
      ?.map((content) => accumulator.add({ choices: [{ delta: { content } }] }));
    expect(shown?.join('')).toBe('Where was it? <think> is a word.');
    expect(accumulator.result().text).toBe('Where was it? <think> is a word.');
  });

  it('keeps a text that only begins like thoughts', () => {
    const accumulator = createAccumulator();
    for (const content of ['<', 'th', 'ree> days']) accumulator.add({ choices: [{ delta: { content } }] });
    expect(accumulator.result().text).toBe('<three> days');
  });
});

describe('the table of faults', () => {
  const failed = (status: number, more: object = {}) => Object.assign(new Error('no'), { status, ...more });

  it('has a rule for every fault', () => {
    expect(Object.keys(faultRules).sort()).toEqual([...faultKinds].sort());
  });

  it.each([
    [failed(401), 'auth'],
    [failed(403), 'auth'],
    [failed(404), 'model_unknown'],
    [failed(429), 'rate_limited'],
    [failed(500), 'server_error'],
    [failed(413), 'context_too_long'],
    [failed(400, { message: "This model's maximum context length is 8192 tokens" }), 'context_too_long'],
    [failed(400), 'bad_request'],
    [failed(400, { code: 'content_filter' }), 'content_filter'],
    [new SyntaxError('Unexpected token'), 'broken_stream'],
    [new TypeError('terminated'), 'broken_stream'],
    [new Error('fetch failed'), 'connection'],
    ['a text', 'connection'],
  ])('knows %s as %s', (error, kind) => {
    expect(faultOf(error, 0).kind).toBe(kind);
  });

  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after-ms': '150' }, 150],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 9000],
    [{}, undefined],
  ])('reads how long to wait from %j', (headers, ms) => {
    expect(faultOf(failed(429, { headers: new Headers(headers) }), 1000).retryAfterMs).toBe(ms);
  });

  it('never holds what an error said', () => {
    expect(faultOf(failed(400, { message: 'Mariama Kamara said' }), 0).message).not.toContain('Mariama');
  });
});

describe('the circuit breaker', () => {
  const clocked = () => {
    let now = 0;
    const breaker = createBreaker({ failures: 2, openMs: 100 }, () => now);
    return { breaker, pass: (ms: number) => (now += ms) };
  };

  it('opens after failures in a row, not after failures with successes between', () => {
    const { breaker } = clocked();
    breaker.failed(false);
    breaker.succeeded();
    breaker.failed(false);
    expect(breaker.allow()).toBe(true);
    breaker.failed(false);
    expect(breaker.allow()).toBe(false);
  });

  it('lets one turn at a time try again, and closes when it succeeds', () => {
    const { breaker, pass } = clocked();
    breaker.failed(true);
    pass(101);
    expect([breaker.allow(), breaker.allow()]).toEqual([true, false]);
    breaker.succeeded();
    expect(breaker.state()).toBe('closed');
  });

  it('opens again when the try fails', () => {
    const { breaker, pass } = clocked();
    breaker.failed(true);
    pass(101);
    breaker.allow();
    breaker.failed(false);
    expect(breaker.state()).toBe('open');
  });

  it('does not wait for ever for a try that never ends', () => {
    const { breaker, pass } = clocked();
    breaker.failed(true);
    pass(101);
    breaker.allow();
    pass(101);
    expect(breaker.allow()).toBe(true);
  });
});

describe('budgets', () => {
  const limits = { modelSessionTokens: 100, modelHourTokens: 1000, modelMonthTokens: 5000 };
  const usage = (session: number, hour: number, month: number) => ({
    ofSession: () => Promise.resolve(session),
    since: (time: Date) => Promise.resolve(time.getUTCDate() === 1 ? month : hour),
  });
  const now = () => new Date('2026-05-20T10:00:00Z');

  it.each([
    [99, 999, 4999, undefined],
    [100, 0, 0, 'budget_session'],
    [0, 1000, 0, 'budget_hour'],
    [0, 0, 5000, 'budget_month'],
  ])('with %i, %i and %i tokens used: %s', async (session, hour, month, over) => {
    expect(await createBudgets(limits, usage(session, hour, month), { now }).exceeded('s')).toBe(over);
  });

  it('count what this process spent before the read model knows', async () => {
    const budgets = createBudgets(limits, usage(0, 900, 900), { now });
    expect(await budgets.exceeded('s')).toBeUndefined();
    budgets.spent(100);
    expect(await budgets.exceeded('s')).toBe('budget_hour');
  });

  it('of 0 are no limit', async () => {
    const none = { modelSessionTokens: 0, modelHourTokens: 0, modelMonthTokens: 0 };
    expect(await createBudgets(none, usage(1e9, 1e9, 1e9), { now }).exceeded('s')).toBeUndefined();
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createBreaker } from '../../../src/agent/model/breaker.js';
import type { FaultKind } from '../../../src/agent/model/failures.js';
import { knownNumber } from '../../support/dialogue.js';
import type { Step } from '../../support/scripted-model.js';
import { modelDialogues, story, testKnowledge } from './support/model-dialogue.js';

const { begin, endAll } = modelDialogues();
afterEach(endAll);

/** Short deadlines only for what hangs: on a busy machine any answer may take a moment. */
const patience = (kind: FaultKind): Readonly<Record<string, string>> => {
  if (kind === 'first_token_timeout') return { MODEL_FIRST_TOKEN_MS: '150' };
  return kind === 'idle_timeout' ? { MODEL_IDLE_MS: '150' } : {};
};
const recordStory = { name: 'record_details', args: { whole_message: true } };
const good: Step = { text: 'Which office was it?' };
const tooLong: Step = {
  status: 400,
  error: { code: 'context_length_exceeded', message: 'This model has a maximum context length of 10' },
};
const away = testKnowledge.texts.en.texts.model_away;

/** Every way to fail, and how often the server is asked for it: a retry more than once only where it may help. */
const table: readonly (readonly [string, FaultKind, Step, number])[] = [
  ['401', 'auth', { status: 401 }, 1],
  ['403', 'auth', { status: 403 }, 1],
  ['429 because the money has run out', 'auth', { status: 429, error: { code: 'insufficient_quota' } }, 1],
  ['404', 'model_unknown', { status: 404 }, 1],
  ['429', 'rate_limited', { status: 429 }, 3],
  [
    '429 that asks for more time than a turn has',
    'rate_limited',
    { status: 429, headers: { 'retry-after': '3600' } },
    1,
  ],
  ['500', 'server_error', { status: 500 }, 3],
  ['503', 'server_error', { status: 503 }, 3],
  ['400', 'bad_request', { status: 400 }, 1],
  ['a context that is too long, also when it was halved', 'context_too_long', tooLong, 2],
  ['no answer at all', 'first_token_timeout', { fault: 'no_answer' }, 1],
  ['silence in the middle', 'idle_timeout', { text: 'I am', fault: 'stall' }, 1],
  ['a connection cut in the middle', 'broken_stream', { text: 'I am', fault: 'reset' }, 3],
  ['an end without a finish reason', 'broken_stream', { text: 'I am', fault: 'end' }, 3],
  ['a body that is no stream', 'broken_stream', { fault: 'garbage' }, 3],
  ['a chunk that is no JSON', 'broken_stream', { text: 'I am', fault: 'bad_json' }, 3],
  ['an empty answer', 'empty_reply', { text: '' }, 3],
  ['a refusal', 'refusal', { refusal: 'I cannot help with that.' }, 1],
  ['a content filter', 'content_filter', { text: 'I am', finish: 'content_filter' }, 1],
  ['a tool call cut off for its length', 'length', { calls: [{ name: 'submit', args: '{' }], finish: 'length' }, 1],
  ['arguments that are no JSON, twice', 'bad_tool_call', { calls: [{ name: 'record_details', args: '{"whole' }] }, 2],
  ['a tool that does not exist, twice', 'bad_tool_call', { calls: [{ name: 'delete_everything' }] }, 2],
  ['tools without end', 'tool_loop', { calls: [{ name: 'list_evidence' }] }, 6],
];

describe('a model that fails with', () => {
  it.each(table)('%s: the guided assistant answers the same message (%s)', async (_what, kind, step, calls) => {
    const faults: FaultKind[] = [];
    const dialogue = await begin([step], patience(kind), { onFault: (fault) => faults.push(fault) });
    const said = await dialogue.say(story);
    expect(said.provenance).toMatchObject({ by: { name: 'guided' }, fallback: kind, model: 'scripted' });
    expect(dialogue.model.requests).toHaveLength(calls);
    expect(dialogue.state().draft.description).toBe(story);
    expect(said.text).toContain('Do you have a photo');
    // What was shown of the model's words was taken back.
    expect(dialogue.shown()).toBe(said.text);
  });
});

describe('a fault that passes', () => {
  it.each(table.filter(([, , , calls]) => calls === 3))(
    '%s: the model answers in the end',
    async (_what, kind, step) => {
      const dialogue = await begin([step, good], patience(kind));
      const said = await dialogue.say(story);
      expect(said).toMatchObject({ text: good.text, provenance: { retries: 1 } });
      expect(said.provenance?.fallback).toBeUndefined();
      expect(dialogue.shown()).toBe(good.text);
    },
  );

  it('leaves out half of the conversation when the server finds it too long', async () => {
    const dialogue = await begin([good, good, good, tooLong, good], { MODEL_CONTEXT_TOKENS: '7000' });
    for (const part of ['one', 'two', 'three']) await dialogue.say(`${part} ${'so it went on and on. '.repeat(90)}`);
    expect(await dialogue.say(story)).toMatchObject({ text: good.text });
    const [whole, half] = dialogue.model.requests.slice(-2);
    expect(half!.body.length).toBeLessThan(whole!.body.length);
    expect(half!.lastUser).toContain('On Monday the police');
  });

  it('a call with malformed arguments is mended once', async () => {
    const dialogue = await begin([
      { calls: [{ name: 'record_details', args: '{"whole' }] },
      { calls: [recordStory] },
      good,
    ]);
    const said = await dialogue.say(story);
    expect(said.text).toBe(good.text);
    expect(said.provenance?.tools?.map(({ outcome }) => outcome)).toEqual(['bad_arguments', 'ok']);
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('a call that is made again after a tool repeats no tool', async () => {
    const dialogue = await begin([{ calls: [recordStory] }, { status: 500 }, { text: 'I am', fault: 'reset' }, good]);
    const said = await dialogue.say(story);
    expect(said.text).toBe(good.text);
    expect(said.commands.filter(({ type }) => type === 'RecordDetails')).toHaveLength(1);
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('after a fault', () => {
  it('nothing of what the model had decided is left when the guided assistant answers', async () => {
    const dialogue = await begin([
      { calls: [recordStory, { name: 'request_person', args: { reason: 'asked' } }] },
      { status: 401 },
    ]);
    const said = await dialogue.say(story);
    expect(said.provenance).toMatchObject({ fallback: 'auth' });
    expect(dialogue.state()).toMatchObject({ assistance: 'bot', draft: { description: story } });
  });

  it('what was looked up is told by the program, not looked up again', async () => {
    const call = { name: 'look_up_tracking_number', args: { number: knownNumber } };
    const dialogue = await begin([{ calls: [call] }, { status: 401 }]);
    const said = await dialogue.say(knownNumber);
    expect(said.text).toContain('Received');
    expect(said.provenance).toMatchObject({ fallback: 'auth' });
    expect(said.commands.filter(({ type }) => type === 'RecordTrackingLookup')).toHaveLength(1);
  });

  it('a complaint that was filed in the turn is told by the program, filed once', async () => {
    const dialogue = await begin((request) => {
      if (request.lastUser === 'yes') return { status: 401 };
      return request.toolResults.length === 0 ? { calls: [recordStory, { name: 'show_check_answers' }] } : good;
    });
    await dialogue.say(story);
    const said = await dialogue.say('yes');
    expect(said.text).toContain(dialogue.state().filed?.trackingNumber);
    expect(said.onceText).toContain('access key');
    expect(said.commands.filter(({ type }) => type === 'SubmitComplaint')).toHaveLength(1);
  });

  it('the citizen is told when the model had answered before, and only then', async () => {
    const dialogue = await begin([good, { status: 401 }]);
    expect((await dialogue.say('hello')).text).toBe(good.text);
    expect((await dialogue.say(story)).text).toContain(away);
    expect((await dialogue.say('skip')).text).not.toContain(away);
  });

  it('an answer that was cut off for its length ends with its last whole sentence', async () => {
    const dialogue = await begin([{ text: 'I am sorry to hear that. Which office was', finish: 'length' }]);
    expect((await dialogue.say(story)).text).toBe('I am sorry to hear that.');
  });

  it('an answer far longer than a reply may be ends the call, and counts up to its last whole sentence', async () => {
    const endless = Array.from({ length: 2000 }, () => 'So it was there. ');
    const dialogue = await begin([{ text: endless, fault: 'stall' }], { MODEL_REPLY_CHARS: '1000' });
    const said = await dialogue.say(story);
    expect(said.text).toMatch(/^(?:So it was there\. ?){58}$/u);
    expect(said.provenance).toMatchObject({ corrected: ['too_long'], tokensEstimated: true, retries: 0 });
    expect(dialogue.model.requests).toHaveLength(1);
  });

  it('the time of the turn bounds everything', async () => {
    const dialogue = await begin([{ text: Array.from({ length: 500 }, () => 'so '), paceMs: 20 }], {
      MODEL_TURN_MS: '200',
    });
    expect((await dialogue.say(story)).provenance).toMatchObject({ fallback: 'turn_timeout', by: { name: 'guided' } });
  });
});

describe('a citizen who waits', () => {
  it('waits for one call that hangs, not for three, whatever the time of the turn', async () => {
    const dialogue = await begin([{ fault: 'no_answer' }], {
      ...patience('first_token_timeout'),
      MODEL_RETRIES: '10',
      MODEL_FIRST_TEXT_MS: '600000',
      MODEL_TURN_MS: '600000',
    });
    expect((await dialogue.say(story)).provenance).toMatchObject({ fallback: 'first_token_timeout', retries: 0 });
    expect(dialogue.model.requests).toHaveLength(1);
  });

  it('waits no longer for the first words than MODEL_FIRST_TEXT_MS, though tools are called and calls are made again', async () => {
    const slowly: Step = { calls: [{ name: 'list_evidence' }], beforeEnd: () => delay(60) };
    const dialogue = await begin([slowly], { MODEL_FIRST_TEXT_MS: '100', MODEL_TOOL_ROUNDS: '50' });
    const said = await dialogue.say(story);
    expect(said.provenance).toMatchObject({ fallback: 'turn_timeout', by: { name: 'guided' } });
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('the circuit breaker', () => {
  const clocked = () => {
    let now = 0;
    const breaker = createBreaker({ failures: 3, openMs: 1000 }, () => now);
    return { breaker, pass: (ms: number) => (now += ms) };
  };

  it('stops asking a server that is down, and finds it again by itself', async () => {
    const { breaker, pass } = clocked();
    const dialogue = await begin([{ status: 500 }], {}, { breaker });
    expect((await dialogue.say(story)).provenance).toMatchObject({ fallback: 'server_error' });
    const asked = dialogue.model.requests.length;
    expect((await dialogue.say('skip')).provenance).toMatchObject({ fallback: 'breaker_open' });
    expect(dialogue.model.requests).toHaveLength(asked);
    dialogue.model.use(() => good);
    pass(1001);
    const back = await dialogue.say('no');
    expect(back.text).toContain(good.text);
    expect(breaker.state()).toBe('closed');
  });

  it('opens at once for a wrong key', async () => {
    const { breaker } = clocked();
    const dialogue = await begin([{ status: 401 }], {}, { breaker });
    await dialogue.say(story);
    expect(breaker.state()).toBe('open');
  });
});

describe('a server that follows the protocol only more or less', () => {
  const twice = [
    { name: 'record_details', args: { whole_message: true } },
    { name: 'finish_evidence', args: { outcome: 'skipped' } },
  ];
  it.each([
    ['leaves out the index of tool calls', twice.map((call) => ({ ...call, index: null }))],
    ['gives every tool call the index 0', twice.map((call) => ({ ...call, index: 0 }))],
  ])('%s: both tools run', async (_what, calls) => {
    const dialogue = await begin([{ calls, finish: 'stop' }, good]);
    const said = await dialogue.say(story);
    expect(said.provenance?.tools?.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(dialogue.state().draft).toMatchObject({ description: story, evidenceStep: 'skipped' });
  });
});

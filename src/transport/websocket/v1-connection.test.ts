import { describe, expect, it } from 'vitest';
import {
  closeOf,
  driveMachine,
  errorOf,
  frameOf,
  kindsOf,
  position,
  positionsOf,
} from '../../../test/support/v1-machine.js';
import { storyId } from '../../../test/support/session-story.js';
import { protocolError } from '../protocol/result.js';
import type { V1Effect } from './v1-types.js';

const live = (options: Parameters<typeof driveMachine>[0] = {}) => {
  const client = driveMachine(options);
  client.history();
  client.join();
  return client;
};
const effectOf = <T extends V1Effect['type']>(effects: readonly V1Effect[], type: T) =>
  effects.find((effect): effect is Extract<V1Effect, { type: T }> => effect.type === type);

describe('a message', () => {
  it('is acknowledged only when the log has it, with its position', () => {
    const client = live();
    const sent = client.message('c-1');
    expect(kindsOf(sent)).toEqual([]);
    expect(effectOf(sent, 'post')).toMatchObject({ id: 'c-1', text: 'Hello', media: [] });
    expect(frameOf(client.posted('c-1', 1), 'ack')).toEqual({
      type: 'ack',
      id: 'c-1',
      data: { position: position(1), duplicate: false },
    });
  });

  it('that was there already is acknowledged with the position it has', () => {
    const client = live();
    client.message('c-1');
    expect(frameOf(client.posted('c-1', 1, true), 'ack')?.data).toEqual({ position: position(1), duplicate: true });
  });

  it('comes back to every tab as a frame of its own', () => {
    const client = live();
    expect(frameOf(client.said(1), 'message')).toMatchObject({
      position: position(1),
      prev: position(0),
      data: { role: 'citizen', clientId: 'c-1' },
    });
  });

  it('of another session is refused and not recorded (security row 6)', () => {
    const client = live();
    const effects = client.text({ type: 'message', id: 'c-1', data: { message: 'Hello', sessionId: 'T' } });
    expect(errorOf(effects)).toBe('session_mismatch');
    expect(effectOf(effects, 'post')).toBeUndefined();
  });

  it('is refused while three wait for an answer, by id, unless it is one of them sent again', () => {
    const client = live();
    for (const n of [1, 2, 3]) client.said(n);
    expect(frameOf(client.message('c-4'), 'error')).toMatchObject({
      id: 'c-4',
      data: { code: 'busy', retryable: true },
    });
    expect(effectOf(client.message('c-2'), 'post')).toBeDefined();
  });

  it('counts as waiting from the moment it is posted until its event comes by', () => {
    const client = live();
    for (const n of [1, 2, 3]) {
      client.message(`c-${n}`);
      client.posted(`c-${n}`, n);
    }
    expect(client.isIdle()).toBe(false);
    expect(errorOf(client.message('c-4'))).toBe('busy');
    for (const n of [1, 2, 3]) client.said(n);
    for (const n of [1, 2, 3]) client.replied(n);
    expect(client.isIdle()).toBe(true);
    expect(effectOf(client.message('c-5'), 'post')).toBeDefined();
  });

  it('that cannot be recorded is refused by id', () => {
    const client = live();
    client.message('c-1');
    expect(frameOf(client.refusedPost('c-1', 'internal'), 'error')).toMatchObject({
      id: 'c-1',
      data: { code: 'internal', retryable: true },
    });
  });

  it('too fast is refused with the time to wait, three times in a row end the connection (security row 12)', () => {
    const client = live();
    const slow = { ok: false, retryAfterMs: 700 } as const;
    expect(frameOf(client.message('c-1', 'x', slow), 'error')?.data).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 700,
    });
    client.message('c-2', 'x', slow);
    expect(closeOf(client.message('c-3', 'x', slow))).toBe(4429);
  });

  it('that is let in forgives the refusals before it', () => {
    const client = live();
    const slow = { ok: false, retryAfterMs: 700 } as const;
    for (let n = 0; n < 6; n += 1)
      expect(closeOf(client.message(`c-${n}`, 'x', n % 2 === 0 ? slow : { ok: true }))).toBeUndefined();
  });
});

describe('other frames', () => {
  it('of unknown types are answered, and do no harm', () => {
    const client = live();
    for (let n = 0; n < 20; n += 1)
      expect(frameOf(client.text({ type: 'dance', id: 'x' }), 'error')).toMatchObject({
        id: 'x',
        data: { code: 'unsupported_type' },
      });
    expect(client.phase()).toBe('live');
  });

  it('that cannot be read end the connection with 4400 at the fifth', () => {
    const client = live();
    for (let n = 0; n < 4; n += 1) expect(closeOf(client.text('{'))).toBeUndefined();
    expect(closeOf(client.text({ data: {} }))).toBe(4400);
  });

  it('of a known type with wrong fields are refused one by one, and end nothing', () => {
    const client = live();
    for (let n = 0; n < 20; n += 1) {
      expect(errorOf(client.text({ type: 'message', data: {} }))).toBe('bad_frame');
      expect(errorOf(client.hello())).toBe('bad_frame');
    }
    expect(client.phase()).toBe('live');
  });

  it('nested too deeply end it at once (security row 10)', () => {
    expect(closeOf(live().text('['.repeat(60_000)))).toBe(4400);
  });

  it('of bytes end it at once', () => {
    expect(closeOf(live().give({ type: 'binary' }))).toBe(4400);
  });

  it('more than 60 at once and 20 a second are refused, whatever they are', () => {
    const client = live();
    for (let n = 0; n < 60; n += 1) expect(kindsOf(client.text({ type: 'ping' }))).toEqual(['pong']);
    expect(errorOf(client.text({ type: 'ping' }))).toBe('rate_limited');
    client.later(50);
    expect(kindsOf(client.text({ type: 'ping' }))).toEqual(['pong']);
  });

  it('ping is answered with its own time and the server’s', () => {
    expect(frameOf(live().text({ type: 'ping', data: { t: 7 } }), 'pong')?.data.t).toBe(7);
  });

  it('hello a second time is a bad frame', () => {
    expect(errorOf(live().hello())).toBe('bad_frame');
  });

  it('history gives a page before a position, one request at a time', () => {
    const client = live();
    client.said(1);
    const asked = client.text({ type: 'history', id: 'h', data: { before: position(1), limit: 1000 } });
    expect(effectOf(asked, 'history')).toEqual({ type: 'history', id: 'h', before: 1, limit: 100 });
    expect(errorOf(client.text({ type: 'history', id: 'i' }))).toBe('rate_limited');
    const page = client.give({ type: 'history', id: 'h', result: { ok: true, value: { items: [], complete: true } } });
    expect(frameOf(page, 'history')).toEqual({ type: 'history', id: 'h', data: { items: [], complete: true } });
    expect(effectOf(client.text({ type: 'history', id: 'j' }), 'history')).toBeDefined();
  });

  it.each(['x', 'ffffffffffff.1', position(99)])('a position that was never given out (%s) is not valid', (place) => {
    const client = live();
    expect(errorOf(client.text({ type: 'history', id: 'h', data: { before: place } }))).toBe('position_invalid');
    expect(errorOf(client.text({ type: 'read', data: { position: place } }))).toBe('position_invalid');
  });

  it('read is remembered, typing is taken and told to nobody yet', () => {
    const client = live();
    expect(effectOf(client.text({ type: 'read', data: { position: position(0) } }), 'read')?.revision).toBe(0);
    expect(client.text({ type: 'typing', data: { isTyping: true } })).toEqual([]);
  });

  it('cancel that comes too late is answered by id', () => {
    const client = live();
    const replyId = storyId('reply/1');
    const asked = client.text({ type: 'cancel', id: 'x', data: { replyId } });
    expect(effectOf(asked, 'cancel')).toEqual({ type: 'cancel', id: 'x', replyId });
    const refused = client.give({ type: 'refused', id: 'x', error: protocolError('conflict') });
    expect(frameOf(refused, 'error')).toMatchObject({ id: 'x', data: { code: 'conflict' } });
  });
});

describe('what is only of the moment', () => {
  const news = (kind: 'started' | 'text', text = '') =>
    ({ type: 'reply', news: kind === 'text' ? { kind, replyId: 'r', text } : { kind, replyId: 'r' } }) as const;

  it('somebody types from a message to its answer', () => {
    const client = live();
    expect(frameOf(client.said(1), 'typing')?.data).toEqual({ isTyping: true, who: 'agent' });
    expect(kindsOf(client.said(2))).toEqual(['message']);
    // Whoever shows the answer takes the sign away; it is said again because another message waits.
    expect(kindsOf(client.replied(1))).toEqual(['message', 'typing']);
    expect(kindsOf(client.replied(2))).toEqual(['message']);
  });

  it('nobody types once an officer is there', () => {
    const client = live();
    client.said(1);
    expect(frameOf(client.event({ type: 'HumanJoined', data: {} }), 'typing')?.data.isTyping).toBe(false);
    expect(kindsOf(client.said(2))).toEqual(['message']);
  });

  it('deltas carry what is new and where it belongs', () => {
    const client = live();
    expect(kindsOf(client.give(news('started')))).toEqual(['reply']);
    client.give(news('text', 'Thank '));
    expect(frameOf(client.give(news('text', 'Thank you')), 'delta')?.data).toEqual({
      replyId: 'r',
      offset: 6,
      text: 'you',
    });
  });

  it('a reply that is begun again is written from the start', () => {
    const client = live();
    client.give(news('started'));
    client.give(news('text', 'Wrong'));
    client.give(news('started'));
    expect(frameOf(client.give(news('text', 'Right')), 'delta')?.data).toMatchObject({ offset: 0, text: 'Right' });
  });

  it('a slow reader gets no typing, and its text later in one piece', () => {
    const client = live();
    client.buffered(65 * 1024);
    expect(kindsOf(client.said(1))).toEqual(['message']);
    client.give(news('started'));
    expect(kindsOf(client.give(news('text', 'a')))).toEqual([]);
    expect(kindsOf(client.give(news('text', 'ab')))).toEqual([]);
    expect(client.deadline()).toBe(50);
    client.buffered(0);
    const effects = client.wait(50);
    expect(frameOf(effects, 'delta')?.data).toMatchObject({ offset: 0, text: 'ab' });
    expect(frameOf(effects, 'typing')?.data.isTyping).toBe(true);
  });

  it('ends with the reason', () => {
    const client = live();
    client.give(news('started'));
    const ended = client.give({ type: 'reply', news: { kind: 'ended', replyId: 'r', how: 'cancelled' } });
    expect(frameOf(ended, 'reply')?.data).toEqual({ replyId: 'r', phase: 'aborted', reason: 'cancelled' });
  });
});

describe('a peer that does not take part', () => {
  it('and never answers pings is gone within a minute (security row 15)', () => {
    const client = live();
    let waited = 0;
    for (let step = 0; step < 10 && client.phase() !== 'closed'; step += 1) {
      const ms = client.deadline();
      waited += ms;
      client.wait(ms);
    }
    expect(client.phase()).toBe('closed');
    expect(waited).toBeLessThanOrEqual(60_000);
  });

  it('stays when it answers', () => {
    const client = live();
    for (let n = 0; n < 20; n += 1) {
      client.wait(client.deadline());
      client.give({ type: 'pong', payload: 'alive' });
    }
    expect(client.phase()).toBe('live');
  });

  it('cannot be asked over SSE: pings only keep the line open', () => {
    const client = live({ answersPings: false });
    for (let n = 0; n < 20; n += 1) expect(effectOf(client.wait(client.deadline()), 'ping')).toBeDefined();
    expect(client.phase()).toBe('live');
  });

  it('is closed with 1013 as soon as too much waits, and cut a second later (security row 15)', () => {
    const client = live();
    client.buffered(1_000_001);
    expect(closeOf(client.said(1))).toBe(1013);
    expect(client.deadline()).toBe(1000);
    expect(effectOf(client.wait(1000), 'terminate')).toBeDefined();
  });

  it('is closed with 1013 when frames do not arrive though nothing waits here: the kernel hides some megabytes', () => {
    const client = live();
    let ping: V1Effect | undefined;
    for (let n = 1; n <= 16; n += 1)
      ping ??= effectOf(client.event({ type: 'OfficerReplied', data: { text: 'x' } }), 'ping');
    expect(ping).toBeDefined();
    expect(client.deadline()).toBe(15_000);
    expect(closeOf(client.wait(15_000))).toBe(1013);
  });

  it('is believed when the receipt comes', () => {
    const client = live();
    for (let n = 1; n <= 16; n += 1) client.event({ type: 'OfficerReplied', data: { text: 'x' } });
    client.give({ type: 'pong', payload: 'r1' });
    expect(closeOf(client.wait(15_000))).toBeUndefined();
  });
});

describe('the end', () => {
  it.each([
    [{ type: 'replaced' } as const, 4409],
    [{ type: 'fragment-flood' } as const, 1008],
    [{ type: 'frame-overdue' } as const, 4408],
    [{ type: 'shutdown' } as const, 1012],
    [{ type: 'failed', ref: 'r' } as const, 1011],
  ])('%j closes with %i', (input, code) => {
    expect(closeOf(live().give(input))).toBe(code);
  });

  it('comes with a correlation id and nothing else when something failed (security row 24)', () => {
    expect(frameOf(live().give({ type: 'failed', ref: 'ref-1' }), 'error')?.data).toMatchObject({
      code: 'internal',
      ref: 'ref-1',
    });
  });

  it('comes at once when the session is revoked (security row 7)', () => {
    const effects = live().event({ type: 'SessionRevoked', data: { reason: 'office' } });
    expect([errorOf(effects), closeOf(effects)]).toEqual(['session_revoked', 4403]);
  });

  it('is announced with a hint, and waits for the answer that is due', () => {
    const client = live();
    client.said(1);
    const told = client.give({ type: 'drain', reconnectAfterMs: 1234.5, deadlineMs: 5000 });
    expect(frameOf(told, 'drain')?.data).toEqual({ reconnectAfterMs: 1235, deadlineMs: 5000 });
    expect(closeOf(told)).toBeUndefined();
    expect(closeOf(client.replied(1))).toBe(1012);
  });

  it('does not wait longer than announced', () => {
    const client = live();
    client.said(1);
    client.give({ type: 'drain', reconnectAfterMs: 0, deadlineMs: 5000 });
    expect(closeOf(client.wait(5000))).toBe(1012);
  });

  it('follows the announcement at once when nothing is awaited', () => {
    const effects = live().give({ type: 'drain', reconnectAfterMs: 0, deadlineMs: 5000 });
    expect([kindsOf(effects), closeOf(effects)]).toEqual([['drain'], 1012]);
  });

  it('is silent: nothing is said or taken after it', () => {
    const client = live();
    client.text({ type: 'bye' });
    expect([...client.message('c-1'), ...client.said(1), ...client.give({ type: 'shutdown' })]).toEqual([]);
    expect(positionsOf(client.replied(1))).toEqual([]);
  });
});

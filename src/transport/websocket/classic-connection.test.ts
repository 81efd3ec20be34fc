import { describe, expect, it } from 'vitest';
import type { AnyRecorded, DomainEvent } from '../../events/catalogue/index.js';
import { ERASED } from '../../events/personal.js';
import { classicServerFrameSchema, type ClassicMedia, type ClassicServerFrame } from '../protocol/classic-frames.js';
import { protocolError } from '../protocol/result.js';
import { classicConnection, CLOSE_GRACE_MS, SOFT_BUFFER_BYTES } from './classic-connection.js';
import type { ConnectionEffect, ConnectionInput } from './connection.js';

const settings = {
  maxClassicFrameBytes: 10_000,
  maxJsonDepth: 32,
  maxMessageChars: 100,
  maxFilesPerMessage: 3,
  classicSilenceMs: 250,
  heartbeatMs: 25_000,
  slowSocketBytes: 1_000_000,
  maxPendingTurns: 3,
  rateLimits: true,
};

type Effect = ConnectionEffect<ClassicServerFrame, ClassicMedia>;
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Drives one connection: each call gives the effects of one input. */
const connect = (options: { delivered?: number; live?: boolean; settings?: Partial<typeof settings> } = {}) => {
  const machine = classicConnection({ ...settings, ...options.settings });
  let now = 1_000_000;
  let bufferedBytes = 0;
  let revision = 0;
  const moment = () => ({ now, bufferedBytes, chance: 0.5 });
  let state = machine.start({ sessionId: 'S', deliveredRevision: options.delivered ?? -1 }, moment());
  const give = (input: ConnectionInput): readonly Effect[] => {
    const [next, effects] = machine.step(state, input, moment());
    state = next;
    return effects;
  };
  const record = (event: DomainEvent, id: string): AnyRecorded => ({
    ...event,
    meta: {
      id,
      stream: 'session-S',
      revision: revision++,
      position: BigInt(revision),
      recordedAt: '',
      occurredAt: '',
      actor: { kind: 'system' },
      hash: '',
    },
  });
  const event = (happened: DomainEvent, id = uuid(900 + revision)): readonly Effect[] =>
    give({ type: 'events', events: [record(happened, id)] });
  if (options.live !== false) give({ type: 'caught-up' });
  return {
    give,
    event,
    text: (frame: unknown, allowance: Extract<ConnectionInput, { type: 'text' }>['allowance'] = { ok: true }) =>
      give({ type: 'text', text: typeof frame === 'string' ? frame : JSON.stringify(frame), allowance }),
    said: (n: number, words = 'x') =>
      event({ type: 'UserMessageReceived', data: { text: words, evidenceIds: [] } }, uuid(n)),
    replied: (n: number, words: string, onceText?: string) =>
      event({
        type: 'AgentReplied',
        data: {
          answers: uuid(n),
          text: words,
          ...(onceText === undefined ? {} : { onceText }),
          quickReplies: [],
          agent: { name: 'guided', version: '1', latencyMs: 1 },
        },
      }),
    wait: (ms: number) => {
      now += ms;
      return give({ type: 'tick' });
    },
    buffered: (bytes: number) => (bufferedBytes = bytes),
    deadline: () => machine.deadline(state) - now,
    phase: () => state.phase,
  };
};

const frames = (effects: readonly Effect[]): ClassicServerFrame[] =>
  effects.flatMap((effect) => (effect.type === 'send' ? [effect.frame] : []));
const kinds = (effects: readonly Effect[]): string[] =>
  frames(effects).map((frame) => (frame.type === 'typing' ? `typing ${frame.data.isTyping}` : frame.type));
const closeCode = (effects: readonly Effect[]): number | undefined =>
  effects.flatMap((effect) => (effect.type === 'close' ? [effect.code] : []))[0];
const errorOf = (effects: readonly Effect[]): string | undefined =>
  frames(effects).flatMap((frame) => (frame.type === 'error' ? [frame.data.code] : []))[0];
const posts = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'post');
const submitted: DomainEvent = {
  type: 'ComplaintSubmitted',
  data: {
    complaintId: uuid(1),
    trackingNumber: 'OMB-1',
    trackingLookup: 'x',
    accessKeyHash: 'x',
    confirmedBy: uuid(1),
    standing: 'informant',
    identityMode: 'anonymous',
    category: null,
    institution: null,
    evidenceIds: [],
  },
};

describe('order of frames (L2, L4)', () => {
  it('shows typing while the assistant works, and ends with the message that carries state and number', () => {
    const socket = connect();
    expect(kinds(socket.said(1))).toEqual(['typing true']);
    expect(socket.event(submitted)).toEqual([]);
    expect(socket.event({ type: 'SessionStateChanged', data: { from: 'submission', to: 'completed' } })).toEqual([]);
    const effects = socket.replied(1, 'Filed.');
    expect(kinds(effects)).toEqual(['typing false', 'message']);
    expect(frames(effects).at(-1)).toMatchObject({
      data: { message: 'Filed.', sessionId: 'S', state: 'completed', trackingNumber: 'OMB-1' },
    });
  });

  it('sends nothing for 250 ms after a message, then the next one', () => {
    const socket = connect();
    socket.said(1);
    socket.said(2);
    socket.replied(1, 'one');
    expect(kinds(socket.replied(2, 'two'))).toEqual([]);
    expect(socket.deadline()).toBe(250);
    expect(kinds(socket.wait(249))).toEqual([]);
    expect(kinds(socket.wait(1))).toEqual(['message']);
  });

  it('shows typing again after the silence while another message waits for its answer', () => {
    const socket = connect();
    socket.said(1);
    socket.said(2);
    expect(kinds(socket.replied(1, 'one'))).toEqual(['typing false', 'message']);
    expect(kinds(socket.wait(250))).toEqual(['typing true']);
  });

  it('keeps an error away from a message in the same tick', () => {
    const socket = connect();
    socket.said(1);
    socket.replied(1, 'one');
    expect(kinds(socket.text('{'))).toEqual([]);
    expect(kinds(socket.wait(250))).toEqual(['error']);
  });

  it('tells the same refusal once, however often it came during the silence', () => {
    const socket = connect();
    socket.said(1);
    socket.replied(1, 'one');
    for (let i = 0; i < 50; i += 1) socket.text({ type: 'dance' });
    expect(kinds(socket.wait(250))).toEqual(['error']);
    expect(socket.deadline()).toBeGreaterThan(1000);
  });

  it('never echoes what the citizen said', () => {
    const socket = connect();
    expect(JSON.stringify(socket.said(1, 'my secret words'))).not.toContain('secret');
  });

  it('appends the secret of a reply as long as its key exists', () => {
    const one = connect();
    one.said(1);
    expect(frames(one.replied(1, 'Filed.', 'Key: ABCD')).at(-1)).toMatchObject({
      data: { message: 'Filed.\n\nKey: ABCD' },
    });
    const two = connect();
    two.said(1);
    expect(frames(two.replied(1, 'Filed.', ERASED)).at(-1)).toMatchObject({ data: { message: 'Filed.' } });
  });

  it('sends only frames of the schema, and only errors have a top-level error (L3)', () => {
    const socket = connect();
    const all = [socket.said(1), socket.replied(1, 'a'), socket.text('{'), socket.wait(250)].flatMap(frames);
    expect(all).toHaveLength(4);
    for (const frame of all) {
      expect(classicServerFrameSchema.safeParse(frame).success).toBe(true);
      expect('error' in frame).toBe(frame.type === 'error');
      expect('delta' in frame || 'done' in frame).toBe(false);
    }
  });
});

describe('a socket that comes back (L2)', () => {
  it('gets the messages that it missed, one per silence, and no others', () => {
    const socket = connect({ delivered: 1, live: false });
    expect(frames(socket.said(1))).toEqual([]);
    expect(frames(socket.replied(1, 'known'))).toEqual([]);
    socket.said(2);
    expect(kinds(socket.replied(2, 'missed'))).toEqual(['message']);
    socket.said(3);
    expect(kinds(socket.replied(3, 'missed too'))).toEqual([]);
    expect(kinds(socket.give({ type: 'caught-up' }))).toEqual([]);
    expect(kinds(socket.wait(250))).toEqual(['message']);
  });

  it('gets nothing of what was erased meanwhile', () => {
    const socket = connect({ live: false });
    socket.said(1);
    expect(frames(socket.replied(1, ERASED))).toEqual([]);
  });

  it('is shown typing when an answer is still being made', () => {
    const socket = connect({ live: false });
    expect(kinds(socket.said(1))).toEqual([]);
    expect(kinds(socket.give({ type: 'caught-up' }))).toEqual(['typing true']);
  });

  it('asks for a receipt after each message, and only the receipt moves the delivery cursor', () => {
    const socket = connect();
    socket.said(1);
    const effects = socket.replied(1, 'one');
    const ping = effects.find((effect) => effect.type === 'ping');
    expect(effects.some((effect) => effect.type === 'delivered')).toBe(false);
    expect(socket.give({ type: 'pong', payload: ping?.payload ?? '' })).toEqual([{ type: 'delivered', revision: 1 }]);
  });

  it.each(['r99', 'r-1', 'r1.5', 'rx', 'alive', ''])('takes the pong %j for no receipt', (payload) => {
    expect(connect().give({ type: 'pong', payload })).toEqual([]);
  });
});

describe('messages of the citizen', () => {
  it('are given to be posted', () => {
    const socket = connect();
    expect(socket.text({ message: 'hello', sessionId: 'S' })).toEqual([
      {
        type: 'post',
        message: {
          ...{ text: 'hello', media: [], clientMessageId: undefined },
          ...{ keepText: true, leftOut: [], maxFiles: 3 },
        },
      },
    ]);
  });

  it('with the id of another session are refused (security row 6)', () => {
    const effects = connect().text({ message: 'hello', sessionId: 'T' });
    expect(errorOf(effects)).toBe('session_mismatch');
    expect(posts(effects)).toEqual([]);
  });

  it('beyond the pending turns get busy, until one is answered', () => {
    const socket = connect();
    for (const n of [1, 2, 3]) {
      expect(posts(socket.text({ message: 'x' }))).toHaveLength(1);
      socket.give({
        type: 'posted',
        result: { ok: true, value: { messageId: uuid(n), revision: n - 1, duplicate: false } },
      });
    }
    expect(errorOf(socket.text({ message: 'x' }))).toBe('busy');
    for (const n of [1, 2, 3]) socket.said(n);
    socket.wait(250);
    expect(errorOf(socket.text({ message: 'x' }))).toBe('busy');
    socket.replied(1, 'answer');
    expect(posts(socket.text({ message: 'x' }))).toHaveLength(1);
  });

  it('are told when they could not be recorded', () => {
    const socket = connect();
    socket.text({ message: 'x' });
    expect(
      errorOf(socket.give({ type: 'posted', result: { ok: false, error: protocolError('file_too_large') } })),
    ).toBe('file_too_large');
  });

  it('that were not recorded are said not to be kept, by the id that they came with', () => {
    const socket = connect();
    const error = protocolError('file_too_large');
    const told = frames(socket.give({ type: 'posted', result: { ok: false, error }, clientMessageId: 'm-1' }))[0];
    expect(told).toMatchObject({ type: 'error', data: { code: 'file_too_large', kept: false, inReplyTo: 'm-1' } });
  });

  it('of which nobody knows after an internal error are said neither to be kept nor not to be', () => {
    const socket = connect();
    const told = frames(socket.give({ type: 'posted', result: { ok: false, error: protocolError('internal') } }))[0];
    expect(told).not.toHaveProperty('data.kept');
  });

  it('without a file that was refused are kept, and one error names the file and says so', () => {
    const socket = connect();
    socket.text({ message: 'x' });
    const refused = [{ name: 'a.exe', code: 'file_type_rejected', reason: 'It is a program.' }] as const;
    const posted = { messageId: uuid(1), revision: 5, duplicate: false, refused, textKept: true };
    const told = frames(socket.give({ type: 'posted', result: { ok: true, value: posted }, clientMessageId: 'm-1' }));
    expect(told).toHaveLength(1);
    expect(classicServerFrameSchema.parse(told[0])).toMatchObject({
      type: 'error',
      error: expect.stringMatching(/^Your text was kept, you need not send it again\. The file “a\.exe” was not kept/),
      data: { kept: true, inReplyTo: 'm-1', files: [{ name: 'a.exe', code: 'file_type_rejected' }], field: 'media' },
    });
  });

  it('with refused files are all told of, also when they follow each other fast', () => {
    const socket = connect();
    const refused = [{ name: 'a.exe', code: 'file_type_rejected', reason: 'It is a program.' }] as const;
    const told = [1, 2, 3].flatMap((n) => {
      const value = { messageId: uuid(n), revision: n, duplicate: false, refused, textKept: true };
      return frames(socket.give({ type: 'posted', result: { ok: true, value } }));
    });
    expect([...told, ...frames(socket.wait(250)), ...frames(socket.wait(250))]).toHaveLength(3);
  });

  it('over the rate get rate_limited with a time, and the third in a row closes with 4429', () => {
    const socket = connect({ settings: { classicSilenceMs: 0 } });
    const no = { ok: false, retryAfterMs: 1500 } as const;
    const first = frames(socket.text({ message: 'x' }, no))[0];
    expect(first).toMatchObject({ data: { code: 'rate_limited', retryable: true, retryAfterMs: 1500 } });
    socket.text({ message: 'x' }, no);
    expect(closeCode(socket.text({ message: 'x' }, no))).toBe(4429);
  });

  it('that are allowed again forgive earlier strikes', () => {
    const socket = connect();
    const no = { ok: false, retryAfterMs: 1500 } as const;
    socket.text({ message: 'x' }, no);
    socket.text({ message: 'x' }, no);
    socket.text({ message: 'x' });
    expect(closeCode(socket.text({ message: 'x' }, no))).toBeUndefined();
  });
});

describe('frames that cannot be read', () => {
  it('close with 4400 when they are repeated', () => {
    const socket = connect({ settings: { classicSilenceMs: 0 } });
    const codes = Array.from({ length: 5 }, () => closeCode(socket.text('{')));
    expect(codes).toEqual([undefined, undefined, undefined, undefined, 4400]);
  });

  it('close at once when they are a bomb', () => {
    const effects = connect().text('['.repeat(5000));
    expect(errorOf(effects)).toBe('bad_frame');
    expect(closeCode(effects)).toBe(4400);
  });

  it('of an unknown type are answered without an end', () => {
    const socket = connect({ settings: { classicSilenceMs: 0 } });
    for (let i = 0; i < 20; i += 1) expect(errorOf(socket.text({ type: 'dance' }))).toBe('unsupported_type');
    expect(socket.phase()).toBe('live');
  });

  it('as binary are bad frames', () => {
    expect(errorOf(connect().give({ type: 'binary', allowance: { ok: true } }))).toBe('bad_frame');
  });
});

describe('slow and dead peers', () => {
  it('are pinged, and terminated after two pings without an answer', () => {
    const socket = connect();
    expect(socket.deadline()).toBe(25_000);
    for (let i = 0; i < 2; i += 1) expect(socket.wait(25_000)).toEqual([{ type: 'ping', payload: 'alive' }]);
    expect(socket.wait(25_000)[0]).toEqual({ type: 'terminate' });
    expect(socket.phase()).toBe('closed');
  });

  it('that answer pings stay', () => {
    const socket = connect();
    for (let i = 0; i < 10; i += 1) {
      socket.wait(25_000);
      socket.give({ type: 'pong', payload: 'alive' });
    }
    expect(socket.phase()).toBe('live');
  });

  it('get no typing when their buffer is filled a little', () => {
    const socket = connect();
    socket.buffered(SOFT_BUFFER_BYTES + 1);
    expect(kinds(socket.said(1))).toEqual([]);
    expect(kinds(socket.replied(1, 'still said'))).toContain('message');
  });

  it('are closed with 1013 when it is full, and cut after a second', () => {
    const socket = connect();
    socket.buffered(settings.slowSocketBytes + 1);
    expect(closeCode(socket.said(1))).toBe(1013);
    expect(socket.deadline()).toBe(CLOSE_GRACE_MS);
    expect(socket.wait(CLOSE_GRACE_MS)).toEqual([{ type: 'terminate' }]);
  });
});

describe('the end', () => {
  it.each([
    [{ type: 'shutdown' }, 1012],
    [{ type: 'replaced' }, 4409],
    [{ type: 'fragment-flood' }, 1008],
    [{ type: 'frame-overdue' }, 4408],
    [{ type: 'failed', ref: 'r' }, 1011],
  ] as const)('%j closes with %d', (input, code) => {
    const socket = connect();
    expect(closeCode(socket.give(input))).toBe(code);
    expect(frames(socket.text({ message: 'late' }))).toEqual([]);
    socket.give({ type: 'closed' });
    expect(socket.deadline()).toBe(Infinity);
  });

  it('names the correlation id of an internal error, and nothing of its cause', () => {
    expect(frames(connect().give({ type: 'failed', ref: 'abc' }))[0]).toMatchObject({
      data: { code: 'internal', ref: 'abc' },
    });
  });

  it('of a turn without an answer is told as an error that can be retried', () => {
    const socket = connect();
    socket.said(1);
    socket.event({ type: 'SessionStateChanged', data: { from: 'greeting', to: 'error' } });
    const effects = socket.event({ type: 'TurnFailed', data: { answers: uuid(1), code: 'agent_failed' } });
    expect(kinds(effects)).toEqual(['typing false', 'error']);
    // The same that the status says.
    expect(frames(effects).at(-1)).toMatchObject({ data: { state: 'error' } });
    expect(errorOf(effects)).toBe('agent_unavailable');
  });
});

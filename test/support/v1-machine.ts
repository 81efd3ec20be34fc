import type { AnyRecorded, DomainEvent } from '../../src/events/catalogue/index.js';
import { protocolError } from '../../src/transport/protocol/result.js';
import { decodeV1Frame } from '../../src/transport/protocol/v1-client-frames.js';
import { v1ServerFrameSchema, type V1ServerFrame } from '../../src/transport/protocol/v1-server-frames.js';
import { emptyFold } from '../../src/transport/session-frames.js';
import type { Allowance } from '../../src/transport/token-bucket.js';
import { v1Connection } from '../../src/transport/websocket/v1-connection.js';
import type { Greeted, V1Effect, V1Input, V1Settings } from '../../src/transport/websocket/v1-types.js';
import { recordedAt, started, storyId } from './session-story.js';

export const v1Settings: V1Settings & { readonly maxJsonDepth: number } = {
  maxMessageChars: 100,
  maxFilesPerMessage: 2,
  maxFileBytes: 1000,
  v1FrameBytes: 64 * 1024,
  maxJsonDepth: 32,
  maxPendingTurns: 3,
  messageBurst: 10,
  messageRefillMs: 1500,
  rateLimits: true,
  helloTimeoutMs: 5000,
  heartbeatMs: 25_000,
  slowSocketBytes: 1_000_000,
  slowAckMs: 15_000,
  sessionIdleHours: 720,
  sessionMaxAgeHours: 8760,
};
export const epoch = '0123456789ab';
export const position = (revision: number): string => `${epoch}.${revision}`;
/** When the conversations of these tests begin. */
const START = 1_700_000_000_000;

/** Drives one connection of the resumable profile: each call gives the effects of one input. */
export const driveMachine = (
  options: { readonly settings?: Partial<V1Settings>; readonly answersPings?: boolean } = {},
) => {
  const settings = { ...v1Settings, ...options.settings };
  const machine = v1Connection(settings);
  let now = START + 60_000;
  let bufferedBytes = 0;
  const moment = () => ({ now, bufferedBytes, chance: 0.5 });
  let state = machine.start({ offeredToken: null, answersPings: options.answersPings ?? true }, moment());
  let log: AnyRecorded[] = [];
  const give = (input: V1Input): readonly V1Effect[] => {
    const [next, effects] = machine.step(state, input, moment());
    state = next;
    for (const frame of framesOf(effects)) v1ServerFrameSchema.parse(frame);
    return effects;
  };
  const text = (frame: unknown, allowance: Allowance = { ok: true }): readonly V1Effect[] => {
    const words = typeof frame === 'string' ? frame : JSON.stringify(frame);
    return give({ type: 'frame', decoded: decodeV1Frame(words, settings), bytes: words.length, allowance });
  };
  const record = (event: DomainEvent, id?: string): AnyRecorded => {
    const recorded = recordedAt(event, log.length, id);
    log.push(recorded);
    return recorded;
  };
  const hello = (more: object = {}) => text({ type: 'hello', data: { token: 't', want: ['delta'], ...more } });
  const greet = (greeted: Partial<Greeted> = {}) =>
    give({
      type: 'greeted',
      result: { ok: true, value: { sessionId: 'S', epoch, resume: null, fold: emptyFold, running: null, ...greeted } },
    });
  /** Says hello, and is given the log that there is. */
  const join = (greeted: Partial<Greeted> = {}, hi: object = {}): readonly V1Effect[] => {
    hello(hi);
    greet(greeted);
    const from = greeted.fold?.view.revision ?? -1;
    give({ type: 'events', events: log.filter(({ meta }) => meta.revision > from) });
    return give({ type: 'caught-up' });
  };
  return {
    give,
    text,
    hello,
    greet,
    join,
    /** The log before anybody joins. */
    history: (...events: readonly DomainEvent[]) => {
      log = [];
      for (const event of [started, ...events]) record(event);
    },
    logged: (events: readonly AnyRecorded[]) => void (log = [...events]),
    /** Something happens now. */
    event: (event: DomainEvent, id?: string) => give({ type: 'events', events: [record(event, id)] }),
    said: (n: number) =>
      give({
        type: 'events',
        events: [
          record(
            { type: 'UserMessageReceived', data: { text: 'x', evidenceIds: [], clientMessageId: `c-${n}` } },
            storyId(`message/${n}`),
          ),
        ],
      }),
    replied: (n: number, words = 'Hello.') =>
      give({
        type: 'events',
        events: [
          record(
            {
              type: 'AgentReplied',
              data: {
                answers: storyId(`message/${n}`),
                text: words,
                quickReplies: [],
                agent: { name: 'guided', version: '1', latencyMs: 1 },
              },
            },
            storyId(`reply/${n}`),
          ),
        ],
      }),
    wait: (ms: number) => {
      now += ms;
      return give({ type: 'tick' });
    },
    later: (ms: number) => void (now += ms),
    buffered: (bytes: number) => void (bufferedBytes = bytes),
    deadline: () => machine.deadline(state, now) - now,
    phase: () => state.phase,
    isIdle: () => machine.isIdle(state),
    state: () => state,
    message: (id: string, words = 'Hello', allowance?: Allowance) =>
      text({ type: 'message', id, data: { message: words } }, allowance),
    posted: (id: string, revision: number, duplicate = false) =>
      give({ type: 'posted', id, result: { ok: true, value: { messageId: storyId(id), revision, duplicate } } }),
    refusedPost: (id: string, code: Parameters<typeof protocolError>[0]) =>
      give({ type: 'posted', id, result: { ok: false, error: protocolError(code) } }),
  };
};

export const framesOf = (effects: readonly V1Effect[]): V1ServerFrame[] =>
  effects.flatMap((effect) => (effect.type === 'send' ? [effect.frame] : []));
export const kindsOf = (effects: readonly V1Effect[]): string[] => framesOf(effects).map(({ type }) => type);
export const frameOf = <T extends V1ServerFrame['type']>(
  effects: readonly V1Effect[],
  type: T,
): Extract<V1ServerFrame, { type: T }> | undefined =>
  framesOf(effects).find((frame): frame is Extract<V1ServerFrame, { type: T }> => frame.type === type);
export const errorOf = (effects: readonly V1Effect[]): string | undefined => frameOf(effects, 'error')?.data.code;
export const closeOf = (effects: readonly V1Effect[]): number | undefined =>
  effects.flatMap((effect) => (effect.type === 'close' ? [effect.code] : []))[0];
export const positionsOf = (effects: readonly V1Effect[]): string[] =>
  framesOf(effects).flatMap((frame) => ('position' in frame && frame.type !== 'welcome' ? [frame.position] : []));

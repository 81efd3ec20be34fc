import type { ClassicMedia, ClassicServerFrame } from '../protocol/classic-frames.js';
import { errorDefinitions, type CloseCode } from '../protocol/codes.js';
import { decodeClassicFrame, type ClassicLimits } from '../protocol/decode-classic-frame.js';
import { classicError } from '../protocol/encode-classic.js';
import { protocolError, type ProtocolError } from '../protocol/result.js';
import { noticeOf } from '../refused-files.js';
import { emptyView } from '../session-view.js';
import { onEvents, queue, typing, type ClassicState } from './classic-display.js';
import type { ConnectionEffect, ConnectionInput, ConnectionMachine, Moment, Posted } from './connection.js';
import { emptyOutbox, release, releaseDue } from './outbox.js';

export interface ClassicSettings extends ClassicLimits {
  readonly classicSilenceMs: number;
  readonly heartbeatMs: number;
  readonly slowSocketBytes: number;
  readonly maxPendingTurns: number;
  /** False lifts the limits per session (load tests). */
  readonly rateLimits: boolean;
}

/** Beyond this a client is slow: ephemeral frames are left out (protocol.md table, row 10). */
export const SOFT_BUFFER_BYTES = 64 * 1024;
/** A close that the peer does not answer is cut after this. */
export const CLOSE_GRACE_MS = 1000;
/** Refusals by the rate limit in a row, and unreadable frames, that a client may have before it is closed. */
const MAX_STRIKES = 3;
const MAX_BAD_FRAMES = 5;
const MAX_MISSED_PINGS = 2;

/** Payloads of pings: one kind asks whether the peer lives, the other whether it has what was just sent. */
const HEARTBEAT = 'alive';
const RECEIPT = 'r';

export type { ClassicState };

type Effect = ConnectionEffect<ClassicServerFrame, ClassicMedia>;
type Step = readonly [ClassicState, readonly Effect[]];

const pingAfter = (settings: ClassicSettings, { now, chance }: Moment): number =>
  now + settings.heartbeatMs * (0.8 + 0.4 * chance);

const close = (state: ClassicState, code: CloseCode, reason: string, now: number): Step => [
  { ...state, phase: 'closing', terminateAt: now + CLOSE_GRACE_MS, outbox: emptyOutbox },
  [
    { type: 'close', code, reason },
    { type: 'log', event: 'closing', fields: { code, reason } },
  ],
];

/** Tells the client. An error that is final for the socket closes it after that. */
const tell = (state: ClassicState, error: ProtocolError, now: number): Step => {
  const log: Effect = { type: 'log', event: 'refused', fields: { code: error.code } };
  const code = errorDefinitions[error.code].close;
  if (error.fatal !== true) return [queue(state, classicError(state.sessionId, error)), [log]];
  const [closing, effects] = close(state, code ?? 4400, error.code, now);
  return [closing, [log, { type: 'send', frame: classicError(state.sessionId, error) }, ...effects]];
};

/** A refusal of a whole message: its sender has it still, or must write it again. After a fault of ours nobody knows. */
const notKept = (error: ProtocolError, inReplyTo: string | undefined): ProtocolError =>
  error.code === 'internal' || error.code === 'unavailable'
    ? { ...error, inReplyTo }
    : { ...error, kept: false, inReplyTo };

/** Files that were refused, of a message whose text is in the log. */
const filesRefused = ({ refused = [], textKept }: Posted, inReplyTo: string | undefined): ProtocolError | null => {
  const [first] = refused;
  if (first === undefined) return null;
  return protocolError(first.code, {
    message: noticeOf(refused, { text: textKept ?? false, files: true }),
    field: 'media',
    files: refused.map(({ name, code }) => ({ name, code })),
    kept: true,
    inReplyTo,
  });
};

const limited = (state: ClassicState, retryAfterMs: number, now: number): Step => {
  const strikes = state.strikes + 1;
  const error = protocolError('rate_limited', { retryAfterMs, fatal: strikes >= MAX_STRIKES, kept: false });
  return tell({ ...state, strikes }, error, now);
};

const unreadable = (state: ClassicState, error: ProtocolError, now: number): Step => {
  const badFrames = state.badFrames + (error.code === 'bad_json' || error.code === 'bad_frame' ? 1 : 0);
  const fatal = error.fatal === true || badFrames >= MAX_BAD_FRAMES;
  return tell({ ...state, badFrames }, { ...error, fatal, kept: false }, now);
};

const onText = (settings: ClassicSettings, state: ClassicState, text: string, now: number): Step => {
  const frame = decodeClassicFrame(text, settings);
  if (!frame.ok) return unreadable(state, frame.error, now);
  const { sessionId, clientMessageId, media, leftOut } = frame.value;
  if (sessionId !== null && sessionId !== state.sessionId)
    return tell(state, notKept(protocolError('session_mismatch', { field: 'sessionId' }), clientMessageId), now);
  const pending = state.view.pending.length + state.accepted.length + state.posting;
  if (settings.rateLimits && pending >= settings.maxPendingTurns)
    return tell(state, notKept(protocolError('busy'), clientMessageId), now);
  const maxFiles = settings.maxFilesPerMessage;
  const message = { text: frame.value.text, media, clientMessageId, keepText: true, leftOut, maxFiles };
  return [{ ...state, posting: state.posting + 1 }, [{ type: 'post', message }]];
};

const onPosted = (
  state: ClassicState,
  { result, clientMessageId }: Extract<ConnectionInput, { type: 'posted' }>,
  now: number,
): Step => {
  const done = { ...state, posting: Math.max(0, state.posting - 1) };
  if (!result.ok) return tell(done, notKept(result.error, clientMessageId), now);
  const { duplicate, revision } = result.value;
  const seen = duplicate || revision <= state.view.revision;
  const next = seen ? done : { ...done, accepted: [...done.accepted, revision] };
  const error = filesRefused(result.value, clientMessageId);
  return error === null ? [next, []] : tell(next, error, now);
};

const onPong = (state: ClassicState, payload: string): Step => {
  const alive = { ...state, missedPings: 0 };
  const revision = payload.startsWith(RECEIPT) ? Number(payload.slice(RECEIPT.length)) : Number.NaN;
  // Any peer can send any pong: only a revision that this session has reached counts.
  const plausible = Number.isInteger(revision) && revision >= 0 && revision <= state.view.revision;
  return [alive, plausible ? [{ type: 'delivered', revision }] : []];
};

const onTick = (settings: ClassicSettings, state: ClassicState, moment: Moment): Step => {
  if (moment.now < state.nextPingAt) return [state, []];
  if (state.missedPings >= MAX_MISSED_PINGS)
    return [
      { ...state, phase: 'closed' },
      [{ type: 'terminate' }, { type: 'log', event: 'peer_gone', fields: { missedPings: state.missedPings } }],
    ];
  const next = { ...state, missedPings: state.missedPings + 1, nextPingAt: pingAfter(settings, moment) };
  return [next, [{ type: 'ping', payload: HEARTBEAT }]];
};

const react = (settings: ClassicSettings, state: ClassicState, input: ConnectionInput, moment: Moment): Step => {
  switch (input.type) {
    case 'text':
    case 'binary':
      if (!input.allowance.ok) return limited(state, input.allowance.retryAfterMs, moment.now);
      return input.type === 'text'
        ? onText(settings, { ...state, strikes: 0, missedPings: 0 }, input.text, moment.now)
        : unreadable(state, protocolError('bad_frame'), moment.now);
    case 'events':
      return input.events.some(({ type }) => type === 'SessionRevoked')
        ? tell(state, protocolError('session_revoked', { fatal: true }), moment.now)
        : [onEvents(state, input.events), []];
    case 'caught-up': {
      const live: ClassicState = { ...state, phase: 'live' };
      return [live.view.pending.length > 0 ? typing(live, true) : live, []];
    }
    case 'posted':
      return onPosted(state, input, moment.now);
    case 'pong':
      return onPong(state, input.payload);
    case 'tick':
      return onTick(settings, state, moment);
    case 'replaced':
      return close(state, 4409, 'opened in another place', moment.now);
    case 'fragment-flood':
      return close(state, 1008, 'too many fragments', moment.now);
    case 'frame-overdue':
      return close(state, 4408, 'message not completed in time', moment.now);
    case 'shutdown':
      return close(state, 1012, 'server restarts', moment.now);
    case 'failed':
      return tell(state, protocolError('internal', { ref: input.ref, fatal: true }), moment.now);
    case 'closed':
      return [{ ...state, phase: 'closed' }, []];
  }
};

/** Sends what the silence allows; after the last text a ping asks for a receipt, which moves the delivery cursor. */
const flush = (settings: ClassicSettings, state: ClassicState, moment: Moment): Step => {
  const dropTyping = moment.bufferedBytes > SOFT_BUFFER_BYTES;
  const [outbox, items] = release(state.outbox, moment.now, { silenceMs: settings.classicSilenceMs, dropTyping });
  const effects = items.flatMap(({ frame, revision }): Effect[] => {
    const send: Effect = { type: 'send', frame };
    return revision === undefined ? [send] : [send, { type: 'ping', payload: `${RECEIPT}${revision}` }];
  });
  return [{ ...state, outbox }, effects];
};

const step = (settings: ClassicSettings, state: ClassicState, input: ConnectionInput, moment: Moment): Step => {
  if (state.phase === 'closed') return [state, []];
  if (state.phase === 'closing') {
    if (input.type === 'closed') return [{ ...state, phase: 'closed' }, []];
    const overdue = moment.now >= state.terminateAt;
    return overdue ? [{ ...state, phase: 'closed' }, [{ type: 'terminate' }]] : [state, []];
  }
  if (moment.bufferedBytes > settings.slowSocketBytes && input.type !== 'closed')
    return close(state, 1013, 'reads too slowly', moment.now);
  const [reacted, effects] = react(settings, state, input, moment);
  if (reacted.phase === 'closing' || reacted.phase === 'closed') return [reacted, effects];
  const [flushed, sends] = flush(settings, reacted, moment);
  return [flushed, [...effects, ...sends]];
};

/** The machine of the classic profile (protocol.md, rules L1 to L7). */
export const classicConnection = (
  settings: ClassicSettings,
): ConnectionMachine<ClassicState, ClassicServerFrame, ClassicMedia> => ({
  start: ({ sessionId, deliveredRevision }, moment) => ({
    phase: 'replaying',
    sessionId,
    deliveredRevision,
    view: emptyView,
    outbox: emptyOutbox,
    nextPingAt: pingAfter(settings, moment),
    missedPings: 0,
    strikes: 0,
    badFrames: 0,
    posting: 0,
    accepted: [],
    terminateAt: Infinity,
  }),
  step: (state, input, moment) => step(settings, state, input, moment),
  deadline: (state) => {
    if (state.phase === 'closed') return Infinity;
    if (state.phase === 'closing') return state.terminateAt;
    return Math.min(state.nextPingAt, releaseDue(state.outbox));
  },
  isIdle: ({ phase, posting, view, outbox }) =>
    phase === 'closed' || (posting === 0 && view.pending.length === 0 && outbox.waiting.length === 0),
});

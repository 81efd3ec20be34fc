import { protocolError } from '../protocol/result.js';
import { emptyFold } from '../session-frames.js';
import { close, send, tell, andThen } from './v1-effects.js';
import { beforeHello, ended, onCaughtUp, onGreeted, onReplayed } from './v1-greeting.js';
import { onFrame, onHistory, onLiveEvents, onPosted } from './v1-live.js';
import { onReply, runningDue, showRunning, showTyping } from './v1-moment.js';
import type { Moment, V1Effect, V1Input, V1Settings, V1State, V1Step } from './v1-types.js';

const HEARTBEAT = 'alive';
const RECEIPT = 'r';
/** A second ping follows an unanswered one so soon, and the end so soon after that. */
const PONG_WAIT_MS = 10_000;
const MAX_MISSED_PINGS = 2;
/** After so many frames a ping asks whether they have arrived: a stalled peer is found before buffers are full. */
const RECEIPT_FRAMES = 16;

const pingAfter = ({ heartbeatMs }: V1Settings, { now, chance }: Moment): number =>
  now + heartbeatMs * (0.8 + 0.4 * chance);

const isKnown = ({ phase }: V1State): boolean => phase === 'replaying' || phase === 'live';

/** Whether nothing would be lost by closing now: nothing on its way, no answer awaited. */
const isQuiet = ({ posting, accepted, fold }: V1State): boolean =>
  posting === 0 && accepted.length === 0 && (fold.view.pending.length === 0 || fold.view.officerJoined);

const onTick = (settings: V1Settings, state: V1State, moment: Moment): V1Step => {
  const { now } = moment;
  if (!isKnown(state))
    return now >= state.helloBy ? tell(state, protocolError('hello_required', { fatal: true }), now) : [state, []];
  if (state.receiptAskedAt !== null && now - state.receiptAskedAt >= settings.slowAckMs)
    return close(state, 1013, 'reads too slowly', now);
  if (now < state.nextPingAt)
    return state.phase === 'live'
      ? andThen(showTyping(state, moment), (next) => showRunning(next, moment))
      : [state, []];
  if (state.missedPings >= MAX_MISSED_PINGS)
    return [
      { ...state, phase: 'closed' },
      [{ type: 'terminate' }, { type: 'log', event: 'peer_gone', fields: { missedPings: state.missedPings } }],
    ];
  const why = state.phase === 'live' ? ended(state, settings, now) : null;
  if (why !== null) return tell(state, why, now);
  const wait = Math.min(PONG_WAIT_MS, settings.heartbeatMs * 0.4);
  const next = state.answersPings
    ? { ...state, missedPings: state.missedPings + 1, nextPingAt: now + wait }
    : { ...state, nextPingAt: pingAfter(settings, moment) };
  return [next, [{ type: 'ping', payload: HEARTBEAT }]];
};

const heard = (settings: V1Settings, state: V1State, moment: Moment): V1State => ({
  ...state,
  missedPings: 0,
  nextPingAt: pingAfter(settings, moment),
});

const onPong = (settings: V1Settings, state: V1State, payload: string, moment: Moment): V1Step => {
  const next = heard(settings, state, moment);
  return [payload.startsWith(RECEIPT) ? { ...next, receiptAskedAt: null } : next, []];
};

const onDrain = (
  state: V1State,
  { reconnectAfterMs, deadlineMs }: Extract<V1Input, { type: 'drain' }>,
  now: number,
): V1Step =>
  state.phase === 'live'
    ? [
        { ...state, drainBy: now + deadlineMs },
        [send({ type: 'drain', data: { reconnectAfterMs: Math.round(reconnectAfterMs), deadlineMs } })],
      ]
    : close(state, 1012, 'server restarts', now);

const react = (settings: V1Settings, state: V1State, input: V1Input, moment: Moment): V1Step => {
  const { now } = moment;
  switch (input.type) {
    case 'frame':
      return state.phase === 'live'
        ? onFrame(settings, heard(settings, state, moment), input, now)
        : beforeHello(state, input, now);
    case 'binary':
      return tell(state, protocolError('bad_frame', { fatal: true }), now);
    case 'greeted':
      return input.result.ok
        ? [onGreeted(state, input.result.value), []]
        : tell(state, { ...input.result.error, fatal: true }, now);
    case 'events':
      return state.phase === 'live'
        ? onLiveEvents(settings, state, input.events, moment)
        : [onReplayed(state, input.events), []];
    case 'caught-up':
      return state.phase === 'replaying' ? onCaughtUp(settings, state, moment) : [state, []];
    case 'posted':
      return onPosted(state, input.id, input.result, now);
    case 'history':
      return onHistory(state, input, now);
    case 'refused':
      return tell(state, input.error, now, input.id);
    case 'reply':
      return onReply(state, input.news, moment);
    case 'pong':
      return onPong(settings, state, input.payload, moment);
    case 'tick':
      return onTick(settings, state, moment);
    case 'replaced':
      return close(state, 4409, 'opened in too many places', now);
    case 'fragment-flood':
      return close(state, 1008, 'too many fragments', now);
    case 'frame-overdue':
      return close(state, 4408, 'message not completed in time', now);
    case 'drain':
      return onDrain(state, input, now);
    case 'shutdown':
      return close(state, 1012, 'server restarts', now);
    case 'failed':
      return tell(state, protocolError('internal', { ref: input.ref, fatal: true }), now);
    case 'closed':
      return [{ ...state, phase: 'closed' }, []];
  }
};

/** Asks for a receipt after enough frames; ends a connection that drains as soon as nothing is awaited. */
const settle = (state: V1State, { now }: Moment): V1Step => {
  if (state.drainBy !== null && (isQuiet(state) || now >= state.drainBy))
    return close(state, 1012, 'server restarts', now);
  const due = state.answersPings && state.unconfirmed >= RECEIPT_FRAMES && state.receiptAskedAt === null;
  if (!due) return [state, []];
  return [{ ...state, unconfirmed: 0, receiptAskedAt: now }, [{ type: 'ping', payload: `${RECEIPT}${now}` }]];
};

const step = (settings: V1Settings, state: V1State, input: V1Input, moment: Moment): V1Step => {
  if (state.phase === 'closed') return [state, []];
  if (state.phase === 'closing') {
    if (input.type === 'closed') return [{ ...state, phase: 'closed' }, []];
    return moment.now >= state.terminateAt ? [{ ...state, phase: 'closed' }, [{ type: 'terminate' }]] : [state, []];
  }
  if (moment.bufferedBytes > settings.slowSocketBytes && input.type !== 'closed')
    return close(state, 1013, 'reads too slowly', moment.now);
  return andThen(react(settings, state, input, moment), (next) => settle(next, moment));
};

export interface V1Start {
  /** From the subprotocols, where the client put it there. */
  readonly offeredToken: string | null;
  readonly answersPings: boolean;
}

export interface V1Machine {
  start(options: V1Start, moment: Moment): V1State;
  step(state: V1State, input: V1Input, moment: Moment): readonly [V1State, readonly V1Effect[]];
  /** Time (ms) at which a `tick` is due. */
  deadline(state: V1State, now: number): number;
  /** Nothing is on its way into the log, and no answer is awaited. */
  isIdle(state: V1State): boolean;
}

/** The machine of the resumable profile `leoma.chat.v1` (PROTOCOL.md), for WebSockets and for Server-Sent Events. */
export const v1Connection = (settings: V1Settings): V1Machine => ({
  start: ({ offeredToken, answersPings }, moment) => ({
    phase: 'awaiting-hello',
    offeredToken,
    answersPings,
    helloBy: moment.now + settings.helloTimeoutMs,
    framesBefore: 0,
    bytesBefore: 0,
    sessionId: '',
    epoch: '',
    resume: null,
    resumeFound: false,
    wantsDelta: false,
    fold: emptyFold,
    waiting: [],
    running: null,
    said: null,
    typingShown: false,
    posting: 0,
    accepted: [],
    historyAsked: false,
    strikes: 0,
    badFrames: 0,
    frameBucket: 0,
    nextPingAt: pingAfter(settings, moment),
    missedPings: 0,
    unconfirmed: 0,
    receiptAskedAt: null,
    drainBy: null,
    terminateAt: Infinity,
  }),
  step: (state, input, moment) => step(settings, state, input, moment),
  deadline: (state, now) => {
    if (state.phase === 'closed') return Infinity;
    if (state.phase === 'closing') return state.terminateAt;
    if (!isKnown(state)) return state.helloBy;
    const receiptBy = state.receiptAskedAt === null ? Infinity : state.receiptAskedAt + settings.slowAckMs;
    return Math.min(state.nextPingAt, receiptBy, state.drainBy ?? Infinity, runningDue(state, now));
  },
  isIdle: (state) => state.phase === 'closed' || !isKnown(state) || isQuiet(state),
});

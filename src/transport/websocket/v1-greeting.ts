import type { AnyRecorded } from '../../events/catalogue/index.js';
import { announcedLimits, REPLAY_FRAMES } from '../protocol/announced-limits.js';
import { formatPosition } from '../protocol/position.js';
import { protocolError, type ProtocolError } from '../protocol/result.js';
import type { V1Decoded } from '../protocol/v1-client-frames.js';
import type { V1Frame } from '../protocol/v1-server-frames.js';
import { newestPage } from '../read-history.js';
import { foldFrame } from '../session-frames.js';
import { close, send, tell, andThen } from './v1-effects.js';
import { showRunning, showTyping } from './v1-moment.js';
import type { Greeted, Moment, V1Effect, V1Settings, V1State, V1Step } from './v1-types.js';

// From the open socket to `welcome`: nothing is buffered for a client that has not said who it is (security.md row 5).

/** A client that is not known yet may send so many frames and bytes, and nothing is done with any of them. */
const MAX_FRAMES_BEFORE = 8;
const MAX_BYTES_BEFORE = 16 * 1024;
const HOUR_MS = 3_600_000;
const RECONNECT = { minMs: 500, maxMs: 30_000, factor: 2, jitter: 'full' } as const;

/** A frame of a client that is not known yet. */
export const beforeHello = (
  state: V1State,
  { decoded, bytes }: { readonly decoded: V1Decoded; readonly bytes: number },
  now: number,
): V1Step => {
  const counted = { ...state, framesBefore: state.framesBefore + 1, bytesBefore: state.bytesBefore + bytes };
  const fatal = counted.framesBefore > MAX_FRAMES_BEFORE || counted.bytesBefore > MAX_BYTES_BEFORE;
  if (fatal) return tell(counted, protocolError('hello_required', { fatal }), now);
  if (!decoded.ok) return tell(counted, decoded.error, now, decoded.id);
  const { frame } = decoded;
  if (frame.type === 'bye') return close(counted, 1000, 'bye', now);
  if (frame.type !== 'hello' || state.phase !== 'awaiting-hello')
    return tell(counted, protocolError('hello_required'), now, 'id' in frame ? frame.id : undefined);
  const token = frame.token ?? state.offeredToken;
  if (token === null) return tell(counted, protocolError('unauthorized', { field: 'token', fatal: true }), now);
  const { resume, wantsDelta, client } = frame;
  return [
    { ...counted, phase: 'verifying', wantsDelta, offeredToken: null },
    [
      { type: 'greet', token, resume },
      { type: 'log', event: 'hello', fields: { client: client ?? 'unknown', resumes: resume === null ? 0 : 1 } },
    ],
  ];
};

/** The token was good, or not. Given again when the conversation has to be read anew. */
export const onGreeted = (state: V1State, { sessionId, epoch, resume, fold, running }: Greeted): V1State => ({
  ...state,
  phase: 'replaying',
  sessionId,
  epoch,
  resume,
  resumeFound: resume === fold.lastFrame,
  fold,
  waiting: [],
  running: running === null ? null : { ...running, sent: 0 },
});

/** Folds events that are read before `welcome`, and keeps the newest frames. */
export const onReplayed = (state: V1State, events: readonly AnyRecorded[]): V1State => {
  let { fold, resumeFound } = state;
  let waiting = [...state.waiting];
  for (const event of events) {
    const [next, frame] = foldFrame(fold, event, state);
    fold = next;
    if (frame !== null) waiting.push(frame);
    if (frame !== null && event.meta.revision === state.resume) {
      resumeFound = true;
      waiting = []; // The client has all of these.
    }
    if (waiting.length > 2 * REPLAY_FRAMES) waiting = waiting.slice(-REPLAY_FRAMES);
  }
  return { ...state, fold, resumeFound, waiting };
};

/** Why nobody may go on with this conversation; null: they may. */
export const ended = ({ fold }: V1State, settings: V1Settings, now: number): ProtocolError | null => {
  if (fold.view.revision < 0) return protocolError('session_unknown', { fatal: true });
  if (fold.revoked) return protocolError('session_revoked', { fatal: true });
  const tooOld = now - fold.startedAt > settings.sessionMaxAgeHours * HOUR_MS;
  const tooIdle = now - fold.heardAt > settings.sessionIdleHours * HOUR_MS;
  return tooOld || tooIdle ? protocolError('session_expired', { fatal: true }) : null;
};

const welcomeOf = (state: V1State, settings: V1Settings, replay: number, recovered: boolean, now: number) => {
  const { fold, sessionId, epoch, running } = state;
  const { view } = fold;
  const frame: V1Frame<'welcome'> = {
    type: 'welcome',
    position: formatPosition(epoch, Math.max(0, fold.lastFrame)),
    data: {
      sessionId,
      epoch,
      recovered,
      replay,
      state: view.state,
      ...(view.trackingNumber === null ? {} : { trackingNumber: view.trackingNumber }),
      ...(running === null || !state.wantsDelta
        ? {}
        : { running: { replyId: running.replyId, offset: running.text.length } }),
      heartbeatMs: settings.heartbeatMs,
      limits: announcedLimits(settings),
      reconnect: RECONNECT,
      serverTime: new Date(now).toISOString(),
    },
  };
  return frame;
};

/**
 * All that the log held has been read: `welcome`, the frames that the client has not seen (the newest page of them), and
 * from here on live. What came while the log was read lies among the frames already, so there is no gap and no race.
 */
export const onCaughtUp = (settings: V1Settings, state: V1State, moment: Moment): V1Step => {
  const why = ended(state, settings, moment.now);
  if (why !== null) return tell(state, why, moment.now);
  // A position of another log, or one that was never given out: all from the start, never a part (protocol.md).
  const recovered = state.resume === null || state.resumeFound;
  const frames = newestPage(state.waiting, REPLAY_FRAMES);
  const outcome = state.resume === null ? 'fresh' : recovered ? 'recovered' : 'rebuilt';
  const effects: readonly V1Effect[] = [
    send(welcomeOf(state, settings, frames.length, recovered, moment.now)),
    ...frames.map(send),
    { type: 'checkpoint', fold: state.fold },
    { type: 'resumed', outcome },
    { type: 'log', event: 'welcome', fields: { outcome, replay: frames.length } },
  ];
  const live: V1State = { ...state, phase: 'live', waiting: [], unconfirmed: state.unconfirmed + frames.length };
  return andThen([live, effects], (next) => andThen(showTyping(next, moment), (typed) => showRunning(typed, moment)));
};

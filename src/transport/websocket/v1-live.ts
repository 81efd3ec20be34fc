import type { AnyRecorded } from '../../events/catalogue/index.js';
import { formatPosition, parsePosition } from '../protocol/position.js';
import { protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import type { V1ClientFrame, V1Decoded } from '../protocol/v1-client-frames.js';
import { v1Ack, v1History, v1Pong } from '../protocol/v1-server-frames.js';
import type { HistoryPage } from '../read-history.js';
import { CHECKPOINT_EVENTS } from '../frame-checkpoints.js';
import { foldFrame } from '../session-frames.js';
import { takeToken, type Allowance } from '../token-bucket.js';
import type { Posted } from './connection.js';
import { close, send, tell, andThen } from './v1-effects.js';
import { ended } from './v1-greeting.js';
import { showTyping } from './v1-moment.js';
import type { Moment, V1Effect, V1Settings, V1State, V1Step } from './v1-types.js';

// After `welcome`: what the client asks, and what happens in its conversation.

/** Refusals by a rate limit in a row, and unreadable frames, that a client may have before it is closed. */
const MAX_STRIKES = 3;
const MAX_BAD_FRAMES = 5;
/** Frames of one connection of whatever kind: 60 at once, 20 a second. */
const FRAME_BUCKET = { burst: 60, refillMs: 50 };

const limited = (state: V1State, retryAfterMs: number, now: number, id?: string): V1Step => {
  const strikes = state.strikes + 1;
  return tell(
    { ...state, strikes },
    protocolError('rate_limited', { retryAfterMs, fatal: strikes >= MAX_STRIKES }),
    now,
    id,
  );
};

const refused = (state: V1State, { error, id, unreadable }: Extract<V1Decoded, { ok: false }>, now: number): V1Step => {
  const badFrames = state.badFrames + (unreadable ? 1 : 0);
  const fatal = error.fatal === true || badFrames >= MAX_BAD_FRAMES;
  return tell({ ...state, badFrames }, { ...error, fatal }, now, id);
};

type MessageFrame = Extract<V1ClientFrame, { type: 'message' }>;

const onMessage = (settings: V1Settings, state: V1State, frame: MessageFrame, now: number): V1Step => {
  const { id, text, media, sessionId } = frame;
  if (sessionId !== null && sessionId !== state.sessionId)
    return tell(state, protocolError('session_mismatch', { field: 'sessionId' }), now, id);
  const { pending } = state.fold.view;
  const known = pending.some(({ clientMessageId }) => clientMessageId === id);
  const waiting = pending.length + state.accepted.length + state.posting;
  if (settings.rateLimits && !known && waiting >= settings.maxPendingTurns)
    return tell(state, protocolError('busy'), now, id);
  return [{ ...state, posting: state.posting + 1 }, [{ type: 'post', id, text, media }]];
};

/** Revision of a position of this very log that the conversation has reached, or null. */
export const revisionOf = (
  known: { readonly epoch: string; readonly last: number },
  position: string,
): number | null => {
  const place = parsePosition(position);
  return place?.epoch === known.epoch && place.revision <= known.last ? place.revision : null;
};

const reached = ({ epoch, fold }: V1State) => ({ epoch, last: fold.view.revision });

const onHistoryAsked = (
  state: V1State,
  { id, before, limit }: Extract<V1ClientFrame, { type: 'history' }>,
  now: number,
): V1Step => {
  const revision = before === null ? null : revisionOf(reached(state), before);
  if (before !== null && revision === null)
    return tell(state, protocolError('position_invalid', { field: 'before' }), now, id);
  if (state.historyAsked) return tell(state, protocolError('rate_limited', { retryAfterMs: 100 }), now, id);
  return [{ ...state, historyAsked: true }, [{ type: 'history', id, before: revision, limit }]];
};

const onRead = (state: V1State, position: string, now: number): V1Step => {
  const revision = revisionOf(reached(state), position);
  return revision === null
    ? tell(state, protocolError('position_invalid', { field: 'position' }), now)
    : [state, [{ type: 'read', revision }]];
};

const onKnownFrame = (settings: V1Settings, state: V1State, frame: V1ClientFrame, now: number): V1Step => {
  switch (frame.type) {
    case 'message':
      return onMessage(settings, state, frame, now);
    case 'ping':
      return [state, [send(v1Pong(frame.t, now))]];
    case 'history':
      return onHistoryAsked(state, frame, now);
    case 'read':
      return onRead(state, frame.position, now);
    case 'cancel':
      return [state, [{ type: 'cancel', id: frame.id, replyId: frame.replyId }]];
    case 'typing':
      return [state, []]; // Nobody watches it yet: officers will (PROTOCOL.md, `typing`).
    case 'bye':
      return close(state, 1000, 'bye', now);
    case 'hello':
      return tell(state, protocolError('bad_frame', { field: 'type' }), now);
  }
};

/** One frame of a known client. */
export const onFrame = (
  settings: V1Settings,
  state: V1State,
  { decoded, allowance }: { readonly decoded: V1Decoded; readonly allowance: Allowance },
  now: number,
): V1Step => {
  const id = decoded.ok ? ('id' in decoded.frame ? decoded.frame.id : undefined) : decoded.id;
  const [frameBucket, room]: readonly [number, Allowance] = settings.rateLimits
    ? takeToken(state.frameBucket, now, FRAME_BUCKET)
    : [0, { ok: true }];
  const counted = { ...state, frameBucket };
  if (!room.ok) return limited(counted, room.retryAfterMs, now, id);
  if (!decoded.ok) return refused(counted, decoded, now);
  if (!allowance.ok) return limited(counted, allowance.retryAfterMs, now, id);
  const calm = decoded.frame.type === 'message' ? { ...counted, strikes: 0 } : counted;
  return onKnownFrame(settings, calm, decoded.frame, now);
};

/** The log has the message, durably, or it was refused. */
export const onPosted = (state: V1State, id: string, result: Result<Posted, ProtocolError>, now: number): V1Step => {
  const next = { ...state, posting: Math.max(0, state.posting - 1) };
  if (!result.ok) return tell(next, result.error, now, id);
  const { revision, duplicate } = result.value;
  const seen = duplicate || revision <= state.fold.view.revision;
  const ack = send(v1Ack(id, formatPosition(state.epoch, revision), duplicate));
  return [seen ? next : { ...next, accepted: [...next.accepted, revision] }, [ack]];
};

export const onHistory = (
  state: V1State,
  { id, result }: { readonly id: string | undefined; readonly result: Result<HistoryPage, ProtocolError> },
  now: number,
): V1Step => {
  const next = { ...state, historyAsked: false };
  if (!result.ok) return tell(next, result.error, now, id);
  const unconfirmed = next.unconfirmed + result.value.items.length;
  return [{ ...next, unconfirmed }, [send(v1History(id, result.value))]];
};

/** Events of the conversation, as they happen. */
export const onLiveEvents = (
  settings: V1Settings,
  state: V1State,
  events: readonly AnyRecorded[],
  moment: Moment,
): V1Step => {
  let next = state;
  const effects: V1Effect[] = [];
  for (const event of events) {
    const { revision } = event.meta;
    if (revision <= next.fold.view.revision) continue;
    const [fold, frame] = foldFrame(next.fold, event, state);
    const accepted = next.accepted.filter((other) => other > revision);
    const said = frame?.type === 'message' ? (frame.data.replyId ?? next.said) : next.said;
    const running = next.running?.replyId === said ? null : next.running;
    next = { ...next, fold, accepted, running, said };
    if ((revision + 1) % CHECKPOINT_EVENTS === 0) effects.push({ type: 'checkpoint', fold });
    if (frame === null) continue;
    effects.push(send(frame));
    // Whoever reads a message of somebody else takes the sign of typing away by itself.
    const isAnswer = frame.type === 'message' && frame.data.role !== 'citizen';
    next = { ...next, unconfirmed: next.unconfirmed + 1, typingShown: isAnswer ? false : next.typingShown };
  }
  const why = next.fold.revoked ? ended(next, settings, moment.now) : null;
  return andThen([next, effects], (after) => (why === null ? showTyping(after, moment) : tell(after, why, moment.now)));
};

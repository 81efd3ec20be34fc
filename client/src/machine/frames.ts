import { toError } from '../errors.js';
import type { FrameData, ServerFrame } from '../frames.js';
import {
  ask,
  CONNECT_TIMEOUT_MS,
  enter,
  PROBE_MS,
  report,
  setTyping,
  tellSession,
  timer,
  transmit,
  UPTIME_MS,
} from './basics.js';
import { armRefresh, drop, end } from './connection.js';
import { flush, onAck, onRefused } from './outbox.js';
import {
  append,
  applyDurable,
  fillHoles,
  onDelta,
  onHistory,
  onHistoryError,
  onReply,
  rebuild,
  setConversation,
} from './transcript.js';
import type { InputOf, Turn } from './types.js';

export const CLIENT_NAME = '@citizen-interface/client';
export const CLIENT_VERSION = '0.1.0';

/** The socket is open: say who we are and where we stand. A classic server wants nothing said. */
export const onOpened = (s: Turn): void => {
  if (s.session === null) return;
  if (s.transport === 'classic') return goLive(s);
  enter(s, 'greeting');
  timer(s, 'connect', CONNECT_TIMEOUT_MS);
  transmit(s, {
    type: 'hello',
    data: {
      token: s.session.token,
      resume: s.position === null ? null : { position: s.position },
      client: { name: CLIENT_NAME, version: CLIENT_VERSION },
      want: ['delta', 'receipts'],
    },
  });
};

export const goLive = (s: Turn): void => {
  timer(s, 'connect', null);
  timer(s, 'uptime', UPTIME_MS);
  s.welcomed = true;
  s.error = null;
  s.firstOfReplay = false;
  enter(s, 'live');
  if (s.read !== null) ask(s, { type: 'read', data: { position: s.read } });
  fillHoles(s);
  flush(s);
};

const onWelcome = (s: Turn, { position, data }: ServerFrame): void => {
  if (s.phase !== 'greeting') return;
  const epoch = data.epoch ?? null;
  const rebuilt = data.recovered === false || (s.epoch !== null && s.epoch !== epoch);
  if (rebuilt && s.log.length > 0) tellSession(s, 'rebuilt');
  if (rebuilt) rebuild(s);
  s.epoch = epoch;
  s.streaming = [];
  s.welcomed = true;
  s.refreshed = false;
  if (s.transport === 'websocket') s.blocked = 0;
  else timer(s, 'probe', PROBE_MS);
  s.policy = { ...s.policy, ...data.reconnect };
  s.heartbeatMs = data.heartbeatMs ?? s.heartbeatMs;
  setConversation(s, { state: data.state, trackingNumber: data.trackingNumber ?? null });
  s.firstOfReplay = true;
  s.replayLeft = data.replay ?? 0;
  s.replayHead = position ?? null;
  if (data.running) onDelta(s, { replyId: data.running.replyId });
  timer(s, 'ping', s.heartbeatMs);
  armRefresh(s);
  timer(s, 'connect', CONNECT_TIMEOUT_MS);
  enter(s, 'replaying');
  if (s.replayLeft === 0) goLive(s);
};

const onDurable = (s: Turn, frame: ServerFrame): void => {
  if (s.phase !== 'replaying' && s.phase !== 'live') return;
  if (frame.position === undefined) return append(s, frame); // said once, not part of the log
  if (!applyDurable(s, frame)) {
    // Something is missing in the chain: the log has it.
    return drop(s);
  }
  if (s.phase !== 'replaying') return flush(s);
  timer(s, 'connect', CONNECT_TIMEOUT_MS);
  s.replayLeft -= 1;
  if (s.replayLeft <= 0 || frame.position === s.replayHead) goLive(s);
};

const onError = (s: Turn, { id, data }: ServerFrame): void => {
  const error = toError(data);
  s.hintMs = error.retryAfterMs ?? s.hintMs;
  if (error.code === 'session_closed') return end(s, error);
  // What this client tries again by itself is nobody's trouble. A classic server names no message, and nothing is sent again.
  const goesOn = id === undefined ? error.retryable && s.transport !== 'classic' : onRefused(s, id, error);
  if (goesOn) return;
  if (id !== undefined) onHistoryError(s, id, error);
  report(s, error);
};

const onDrain = (s: Turn, { reconnectAfterMs, deadlineMs }: FrameData): void => {
  s.hintMs = reconnectAfterMs ?? 0;
  if (deadlineMs !== undefined) timer(s, 'drain', deadlineMs);
};

/** Takes one frame of the current socket. Of an unknown type only its place in the log counts, as the protocol asks. */
export const onFrame = (s: Turn, { frame }: InputOf<'frame'>): void => {
  const { data } = frame;
  switch (frame.type) {
    case 'welcome':
      return onWelcome(s, frame);
    case 'message':
    case 'status':
      if (s.transport !== 'classic') return onDurable(s, frame);
      return append(s, { ...frame, id: frame.id ?? s.at.id });
    case 'ack':
      return onAck(s, frame);
    case 'delta':
      return onDelta(s, data);
    case 'reply':
      return onReply(s, data);
    case 'typing':
      return setTyping(s, data.isTyping === true ? (data.who ?? 'agent') : null);
    case 'history':
      return onHistory(s, frame);
    case 'error':
      return onError(s, frame);
    case 'drain':
      return onDrain(s, data);
    case 'pong':
      s.misses = 0;
      return;
    default:
      // A durable frame of a newer server: left out, the next one would look like a gap.
      if (frame.position !== undefined) onDurable(s, { ...frame, data: {} });
  }
};

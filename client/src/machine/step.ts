import { makeError } from '../errors.js';
import { ask, BLOCKED_AFTER, isResumable, PROBE_ANSWER_MS, PROBE_MS, tellSession, timer, transmit } from './basics.js';
import { armRefresh, backoff, connect, drop, end, fail, halt, leave, onClosed, renew, wake } from './connection.js';
import { onFrame, onOpened } from './frames.js';
import { change, discard, enqueue, flush, onUploaded, onUploadFailed, retry } from './outbox.js';
import type { Effect, Input, InputOf, MachineState, Moment, OutboxItem, Restored, Turn } from './types.js';

const ping = (s: Turn, nextMs: number): void => {
  s.misses += 1;
  transmit(s, { type: 'ping', data: { t: s.at.now } });
  timer(s, 'ping', nextMs);
};

/** Time to see whether WebSockets work by now. Nothing is interrupted for that. */
const onProbe = (s: Turn): void => {
  if (s.inFlight !== null || s.streaming.length > 0) return timer(s, 'probe', PROBE_MS);
  s.blocked = BLOCKED_AFTER - 1; // one failure, and it is SSE again
  leave(s, 1000);
  connect(s);
};

const onTimer = (s: Turn, { name }: InputOf<'timer'>): void => {
  switch (name) {
    case 'connect':
    case 'ack':
    case 'history':
      return onClosed(s, { code: 4499 });
    case 'drain':
      return onClosed(s, { code: 1012 });
    case 'reconnect':
      return connect(s);
    case 'ping':
      return s.misses < 2 ? ping(s, s.heartbeatMs) : onClosed(s, { code: 4499 });
    case 'hold':
      s.held = false;
      return flush(s);
    case 'uptime':
      s.attempt = 0;
      return;
    case 'refresh':
      if (s.session !== null) s.fx.push({ type: 'refresh', session: s.session });
      return;
    case 'probe':
      return onProbe(s);
  }
};

/** The network or the view is back: try at once, or make sure that the socket still lives. */
const onBack = (s: Turn): void => {
  if (!isResumable(s)) return wake(s);
  s.misses = 1;
  ping(s, PROBE_ANSWER_MS);
};

const onNoToken = (s: Turn, { error, status }: InputOf<'no_token'>): void => {
  // Ahead of time, with a socket that works: the next try comes with the next timer or with 4401.
  if (s.socket !== null) return timer(s, 'refresh', 30_000);
  if (s.phase !== 'connecting') return;
  if (status === 404) return renew(s, { ...error, code: 'session_unknown' });
  if (status === 401 || status === 403) return fail(s, { ...error, code: 'unauthorized' });
  s.refreshed = false;
  backoff(s, error.retryAfterMs);
};

/** After a reload: what waited goes first. A message whose file was on its way has lost the file. */
const restore = (s: Turn, { session, position, outbox }: Restored): void => {
  const error = makeError('upload_interrupted', 'Choose the file again.');
  s.session = session;
  s.position ??= position;
  s.outbox = [
    ...outbox.map((item): OutboxItem => {
      if (item.uploading) return { ...item, state: 'failed', error };
      return item.state === 'failed' ? item : { ...item, state: 'waiting' };
    }),
    ...s.outbox,
  ];
};

const onStart = (s: Turn, { restored }: InputOf<'start'>): void => {
  if (s.phase === 'backoff') return wake(s);
  if (s.phase !== 'idle' && s.phase !== 'failed') return;
  if (restored !== null) restore(s, restored);
  s.attempt = s.blocked = s.notBefore = 0;
  s.refreshed = s.ended = false;
  s.error = null;
  if (s.session !== null) tellSession(s, 'resumed');
  connect(s);
};

const onRead = (s: Turn): void => {
  if (s.position === null || s.read === s.position) return;
  s.read = s.position;
  ask(s, { type: 'read', data: { position: s.read } });
};

const onHistoryAsked = (s: Turn, { id, before, limit }: InputOf<'history'>): void => {
  const from = before ?? s.log[0]?.position ?? undefined;
  if (isResumable(s)) transmit(s, { type: 'history', id, data: { before: from, limit } });
  else s.fx.push({ type: 'history_page', id, page: makeError('network', 'Not connected.', true) });
};

type Handlers = { readonly [K in Input['type']]: (s: Turn, input: InputOf<K>) => void };

const handlers: Handlers = {
  start: onStart,
  stop: (s) => {
    transmit(s, { type: 'bye' });
    halt(s, 'idle');
  },
  end: (s) => {
    transmit(s, { type: 'bye' });
    end(s, null);
  },
  surroundings: (s, { online, visible }) => {
    s.offline = !(online ?? !s.offline);
    s.hidden = !(visible ?? !s.hidden);
    if (online || visible) onBack(s);
    // Nothing gets out: that is said at once, not when pings have stayed without an answer.
    else if (s.offline && s.socket !== null) drop(s);
    // There is such a timer only while waiting.
    else timer(s, 'reconnect', null);
  },
  session: (s, { session }) => {
    // Also when it comes after `stop`: the next start uses it instead of making another one.
    if (s.session !== null || s.ended) return;
    s.session = session;
    tellSession(s, 'created');
    if (s.phase === 'connecting') connect(s, true);
  },
  no_session: (s, { error }) => {
    if (s.phase !== 'connecting') return;
    if (error.retryable) backoff(s, error.retryAfterMs);
    else fail(s, error);
  },
  token: (s, { token, expiresAt }) => {
    if (s.session === null) return;
    s.session = { ...s.session, token, expiresAt };
    if (s.socket !== null) armRefresh(s);
    else if (s.phase === 'connecting') connect(s, true);
  },
  no_token: onNoToken,
  opened: onOpened,
  frame: onFrame,
  closed: onClosed,
  timer: onTimer,
  send: enqueue,
  progress: (s, { id, share }) => change(s, id, { progress: share }),
  uploaded: onUploaded,
  upload_failed: onUploadFailed,
  retry,
  discard,
  typing: (s, { isTyping }) => ask(s, { type: 'typing', data: { isTyping } }),
  read: onRead,
  cancel: (s, { id, replyId }) => ask(s, { type: 'cancel', id, data: { replyId } }),
  history: onHistoryAsked,
};

/**
 * One step of the client: pure, so that the same state, input and moment give the same answer.
 * Inputs of sockets that were let go of are ignored.
 */
export const step = (state: MachineState, input: Input, at: Moment): readonly [MachineState, readonly Effect[]] => {
  if ('socket' in input && input.socket !== state.socket) return [state, []];
  const s: Turn = { ...state, fx: [], at };
  (handlers[input.type] as (s: Turn, input: Input) => void)(s, input);
  const { fx, at: _, ...next } = s;
  return [next, fx];
};

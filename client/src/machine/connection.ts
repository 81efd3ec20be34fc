import { closeAction, type ErrorCode } from '../codes.js';
import { PROTOCOL } from '../frames.js';
import { backoffMs } from './backoff.js';
import {
  BLOCKED_AFTER,
  CONNECT_TIMEOUT_MS,
  enter,
  initialState,
  MAX_TIMER_MS,
  report,
  setTyping,
  tellSession,
  timer,
  TOKEN_MARGIN_MS,
} from './basics.js';
import { failAll, recall } from './outbox.js';
import { rebuild } from './transcript.js';
import { makeError, type ClientError } from '../errors.js';
import type { Session, Transport, Turn } from './types.js';

const pickTransport = (session: Session, blocked: number): Transport => {
  if (!session.protocols.includes(PROTOCOL)) return 'classic';
  return blocked >= BLOCKED_AFTER ? 'sse' : 'websocket';
};

const open = (s: Turn, session: Session): void => {
  s.socket = s.at.id;
  s.transport = pickTransport(session, s.blocked);
  s.welcomed = false;
  s.fx.push({ type: 'open', socket: s.socket, transport: s.transport, session });
  timer(s, 'connect', CONNECT_TIMEOUT_MS);
};

/** The next try: a session if there is none, a token if it has run out, then a socket. */
export const connect = (s: Turn, tokenIsFresh = false): void => {
  timer(s, 'reconnect', null);
  enter(s, 'connecting');
  if (s.session === null) s.fx.push({ type: 'create_session' });
  else if (!tokenIsFresh && s.session.expiresAt - TOKEN_MARGIN_MS < s.at.now)
    s.fx.push({ type: 'refresh', session: s.session });
  else open(s, s.session);
};

/** Lets go of the socket (detached by the adapter at once) and of everything that hangs on it. */
export const leave = (s: Turn, code: number): void => {
  s.fx.push({ type: 'close', code });
  s.socket = null;
  s.filling = null;
  s.misses = 0;
  recall(s);
  setTyping(s, null);
};

/**
 * Waits for the next try; without a view or a network it waits until they are back.
 * @param hintMs wait exactly so long, as the server asked (it spreads its clients itself); 0: at once. Default: full jitter.
 */
export const backoff = (s: Turn, hintMs?: number, stretch = 1): void => {
  const wait = hintMs ?? backoffMs(s.policy, s.attempt, s.at.chance, stretch);
  s.attempt += 1;
  // Only a wait that the server asked for binds us when the network or the view comes back.
  s.notBefore = s.at.now + (hintMs ?? 0);
  s.hintMs = undefined;
  enter(s, 'backoff');
  if (wait === 0) wake(s);
  else if (!s.hidden && !s.offline) timer(s, 'reconnect', wait);
};

/** This socket is of no use any more: come again, and name the last position. */
export const drop = (s: Turn): void => {
  leave(s, 4499);
  backoff(s);
};

/** The network is back, or the page is seen again. */
export const wake = (s: Turn): void => {
  if (s.phase !== 'backoff' || s.hidden || s.offline) return;
  const wait = s.notBefore - s.at.now;
  if (wait > 0) timer(s, 'reconnect', wait);
  else connect(s);
};

export const fail = (s: Turn, error: ClientError): void => {
  halt(s, 'failed');
  report(s, error);
};

/** Disconnects and does not come back by itself. */
export const halt = (s: Turn, phase: 'idle' | 'failed'): void => {
  leave(s, 1000);
  timer(s, 'refresh', null);
  enter(s, phase);
};

const forget = (s: Turn): void => {
  rebuild(s);
  s.session = s.epoch = s.read = null;
  s.conversation = initialState.conversation;
};

/** The session is over. Whoever sits here next must not read it: nothing stays on the screen or in storage (security.md, row 30). */
export const end = (s: Turn, error: ClientError | null): void => {
  halt(s, error ? 'failed' : 'idle');
  tellSession(s, 'ended');
  forget(s);
  s.outbox = [];
  s.error = null;
  s.ended = true;
  if (error) report(s, error);
};

/** The server does not know the session: a new one, and nothing of the old one is sent into it by itself. */
export const renew = (s: Turn, error: ClientError): void => {
  leave(s, 1000);
  tellSession(s, 'unknown');
  failAll(s, error);
  forget(s);
  report(s, error);
  backoff(s, s.attempt ? undefined : 0);
};

export const armRefresh = (s: Turn): void => {
  if (s.session === null) return;
  const left = s.session.expiresAt - s.at.now;
  timer(s, 'refresh', Math.min(MAX_TIMER_MS, Math.max(1_000, left - Math.min(60_000, left / 5))));
};

const closedNames: Readonly<Record<number, ErrorCode>> = {
  4401: 'unauthorized',
  4403: 'session_closed',
  4404: 'session_unknown',
  4409: 'replaced',
};

const closedError = (closeCode: number, reason: string | undefined): ClientError => ({
  ...makeError(closedNames[closeCode] ?? 'closed', reason || 'Connection closed.'),
  closeCode,
});

/** The socket is gone (or given up, 4499): what now, by the table. */
export const onClosed = (s: Turn, { code, reason }: { readonly code: number; readonly reason?: string }): void => {
  // A network that blocks WebSockets lets none come as far as `welcome`. A server's own code is no such sign.
  if (!s.welcomed && [1005, 1006, 4499].includes(code)) {
    s.blocked = s.transport === 'sse' ? BLOCKED_AFTER - 1 : s.blocked + 1;
  }
  const { hintMs, welcomed } = s;
  leave(s, code);
  const error = closedError(code, reason);
  switch (closeAction(code)) {
    case 'stop':
      return halt(s, 'idle');
    case 'report':
    case 'replaced':
      return fail(s, error);
    case 'retry':
      return backoff(s);
    case 'slower':
      return backoff(s, hintMs, 2);
    case 'hint':
      return backoff(s, hintMs);
    case 'now':
      return backoff(s, welcomed ? 0 : undefined);
    case 'end':
      return end(s, error);
    case 'renew':
      return renew(s, error);
    case 'refresh':
      if (s.refreshed || s.session === null) return fail(s, error);
      s.refreshed = true;
      enter(s, 'connecting');
      s.fx.push({ type: 'refresh', session: s.session });
      return;
    case 'upgrade':
      if (s.refreshed) return fail(s, error);
      s.refreshed = true;
      s.session = null;
      return connect(s);
  }
};

import type { ClientFrame } from '../frames.js';
import type { ClientError } from '../errors.js';
import type { ClientEvents, Emission, MachineState, Phase, TimerName, Turn } from './types.js';

export const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than the server's own deadline for an append (10 s), so that it can say no first. */
export const ACK_TIMEOUT_MS = 15_000;
/** After this long connected, the next break starts counting from the shortest wait again. */
export const UPTIME_MS = 10_000;
export const MAX_WAIT_MS = 30_000;
export const OUTBOX_SIZE = 20;
/** Tries of one message that the server refuses "for now" before a person is asked. */
export const MAX_TRIES = 8;
/** WebSockets that fail in a row before SSE is used. */
export const BLOCKED_AFTER = 3;
/** Between tries of a WebSocket while SSE works. */
export const PROBE_MS = 300_000;
export const HISTORY_PAGE = 100;
/** A token that ends within this time is renewed before it is used. */
export const TOKEN_MARGIN_MS = 5_000;
/** Longest wait of a timer for the next token; browsers take no more than 24 days. */
export const MAX_TIMER_MS = 1e9;
/** How long a socket may take to answer after the network or the view came back. */
export const PROBE_ANSWER_MS = 5_000;

export const initialState: MachineState = {
  phase: 'idle',
  session: null,
  ended: false,
  socket: null,
  transport: null,
  welcomed: false,
  attempt: 0,
  blocked: 0,
  refreshed: false,
  notBefore: 0,
  policy: { minMs: 500, maxMs: MAX_WAIT_MS, factor: 2 },
  heartbeatMs: 25_000,
  misses: 0,
  hidden: false,
  offline: false,
  epoch: null,
  position: null,
  replayLeft: 0,
  replayHead: null,
  firstOfReplay: false,
  log: [],
  holes: [],
  filling: null,
  outbox: [],
  inFlight: null,
  held: false,
  streaming: [],
  typing: null,
  read: null,
  conversation: { state: null, trackingNumber: null },
  error: null,
};

export const emit = <K extends keyof ClientEvents>(s: Turn, event: K, payload: ClientEvents[K]): void => {
  s.fx.push({ type: 'emit', event, payload } as unknown as Emission);
};

export const timer = (s: Turn, name: TimerName, ms: number | null): void => {
  s.fx.push({ type: 'timer', name, ms });
};

export const transmit = (s: Turn, frame: ClientFrame): void => {
  if (s.socket !== null) s.fx.push({ type: 'send', frame });
};

/** For what only a live server of the resumable profile understands; otherwise it is left unsaid. */
export const ask = (s: Turn, frame: ClientFrame): void => {
  if (isResumable(s)) transmit(s, frame);
};

/** Connected to a server that speaks the resumable profile. */
export const isResumable = (s: Turn): boolean => s.phase === 'live' && s.transport !== 'classic';

export const enter = (s: Turn, phase: Phase): void => {
  if (s.phase === phase) return;
  s.phase = phase;
  emit(s, 'state', phase);
};

export const report = (s: Turn, error: ClientError): void => {
  s.error = error;
  emit(s, 'error', error);
};

export const tellSession = (s: Turn, reason: ClientEvents['session']['reason']): void =>
  emit(s, 'session', { sessionId: s.session?.sessionId ?? null, reason });

export const setTyping = (s: Turn, who: string | null): void => {
  if (s.typing === who) return;
  s.typing = who;
  emit(s, 'typing', { isTyping: who !== null, who });
};

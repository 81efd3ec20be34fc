import { PROTOCOL, parseFrame, type ClientFrame, type ServerFrame } from './frames.js';
import type { Endpoints } from './api.js';
import type { Environment, SocketConstructor } from './environment.js';
import type { Session, Transport } from './machine/types.js';

/** A connection, whatever carries it. After `close` it never calls back again. */
export interface Connection {
  readonly send: (frame: ClientFrame) => void;
  readonly close: (code: number) => void;
}

export interface Listener {
  readonly opened: () => void;
  readonly frame: (frame: ServerFrame) => void;
  readonly closed: (code: number, reason: string) => void;
}

const classicUrl = ({ websocketUrl, sessionId }: Session): string =>
  `${websocketUrl}${websocketUrl.includes('?') ? '&' : '?'}sessionId=${encodeURIComponent(sessionId)}`;

const openSocket = (env: Environment, session: Session, classic: boolean, listener: Listener): Connection => {
  const Socket = env.WebSocket as SocketConstructor; // where there is none, this throws
  const socket = classic ? new Socket(classicUrl(session)) : new Socket(session.websocketUrl, [PROTOCOL]);
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }) => {
    const frame = parseFrame(data);
    if (frame !== null) listener.frame(frame);
  };
  socket.onclose = ({ code, reason }) => listener.closed(code, reason);
  socket.onerror = () => undefined; // `onclose` follows
  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    close: (code) => {
      // A dead peer never answers the closing handshake: do not wait for `onclose`, let go.
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code === 4499 ? code : 1000); // others are not for pages to say
    },
  };
};

/** Opens the SSE connection as soon as its code is here; it is loaded when it is first needed. */
const openEventsLater = (env: Environment, at: Endpoints, session: Session, listener: Listener): Connection => {
  let inner: Connection | null = null;
  let left = false;
  import('./events.js').then(
    ({ openEvents }) => {
      if (!left) inner = openEvents(env, at, session, listener);
    },
    () => {
      if (!left) listener.closed(1006, '');
    },
  );
  return {
    send: (frame) => inner?.send(frame),
    close: (code) => {
      left = true;
      inner?.close(code);
    },
  };
};

/** Opens a connection. What cannot even be tried is told as closed with 1006, never thrown. */
export const openConnection = (
  env: Environment,
  at: Endpoints,
  transport: Transport,
  session: Session,
  listener: Listener,
): Connection => {
  if (transport === 'sse') return openEventsLater(env, at, session, listener);
  try {
    return openSocket(env, session, transport === 'classic', listener);
  } catch {
    const timer = env.setTimer(() => listener.closed(1006, ''), 0);
    return { send: () => undefined, close: () => env.clearTimer(timer) };
  }
};

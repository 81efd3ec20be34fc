import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { DeliveryCursors } from '../../events/delivery-cursors.js';
import { shortHash } from '../../platform/short-hash.js';
import type { TransportMetrics } from '../deps.js';
import type { ClassicMedia } from '../protocol/classic-frames.js';
import { classicConnection, type ClassicSettings } from './classic-connection.js';
import { driveConnection, type Connection, type DriverDeps, type Link } from './connection-driver.js';
import { closeLabel } from './close-label.js';
import { idleWatch, isFragmentFlood, watchBytes } from './frame-watch.js';
import { admit, refusalResponse, type AdmissionDeps } from './upgrade.js';

// The only file that knows the socket library.

export interface SocketServerDeps
  extends Omit<DriverDeps<ClassicMedia>, 'slowSocketBytes' | 'chance' | 'cursors'>, AdmissionDeps {
  readonly cursors: DeliveryCursors;
  readonly settings: ClassicSettings & {
    readonly frameDeadlineMs: number;
    /** Null lifts the limit. */
    readonly socketsPerSession: number | null;
  };
  readonly metrics: TransportMetrics;
}

export interface SocketServer {
  /** Answers an upgrade request of the HTTP server: a refusal, or a connection. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Whether some connection still waits for an answer or for its message to be recorded. */
  isBusy(): boolean;
  /** Closes every connection with 1012. */
  shutdown(): void;
  count(): number;
}

/** More fragments than any browser makes of the largest message; the flood check in `frame-watch.ts` comes much earlier. */
const MAX_FRAGMENTS = 4096;
const MAX_BUFFERED_CHUNKS = 32 * 1024;

const systemChance = (): number => randomInt(2 ** 31) / 2 ** 31;

const linkOf = (socket: WebSocket): Link => ({
  send: (text) => socket.send(text, () => undefined), // A failed send is followed by `close`.
  ping: (payload) => socket.ping(payload, undefined, () => undefined),
  close: (code, reason) => socket.close(code, reason),
  terminate: () => socket.terminate(),
  bufferedBytes: () => socket.bufferedAmount,
});

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');

/** Tells the connection of floods of fragments, and of messages that were begun and do not end. */
const watchFrames = (raw: Duplex, connection: Connection, { now, settings }: SocketServerDeps): (() => void) => {
  let watch = idleWatch;
  let timer: NodeJS.Timeout | undefined;
  let timedSince: number | null = null;
  const onData = (chunk: Buffer): void => {
    watch = watchBytes(watch, chunk, now());
    if (isFragmentFlood(watch)) connection.fragmentFlood();
    if (watch.since === timedSince) return;
    clearTimeout(timer);
    timedSince = watch.since;
    if (watch.since !== null) timer = setTimeout(() => connection.frameOverdue(), settings.frameDeadlineMs);
  };
  raw.on('data', onData);
  return () => {
    clearTimeout(timer);
    raw.off('data', onData);
  };
};

/** Serves the classic profile on upgrade requests. */
export const createSocketServer = (deps: SocketServerDeps): SocketServer => {
  const { settings } = deps;
  const machine = classicConnection(settings);
  const driver = { ...deps, chance: systemChance, slowSocketBytes: settings.slowSocketBytes };
  const bySession = new Map<string, Set<Connection>>();
  const sockets = new Set<WebSocket>();
  deps.metrics.watchBufferedBytes(() => [...sockets].reduce((sum, socket) => sum + socket.bufferedAmount, 0));
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: settings.maxClassicFrameBytes,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    // Admission has refused everything that offers a protocol; none is ever selected.
    handleProtocols: () => false,
  });

  const register = (sessionId: string, connection: Connection): (() => void) => {
    const peers = bySession.get(sessionId) ?? new Set<Connection>();
    bySession.set(sessionId, peers.add(connection));
    const [oldest] = peers;
    if (settings.socketsPerSession !== null && peers.size > settings.socketsPerSession) {
      if (oldest !== undefined) peers.delete(oldest);
      oldest?.replaced();
    }
    return () => {
      peers.delete(connection);
      if (peers.size === 0 && bySession.get(sessionId) === peers) bySession.delete(sessionId);
    };
  };

  const open = (socket: WebSocket, raw: Duplex, sessionId: string, deliveredRevision: number): void => {
    const name = shortHash(sessionId);
    const connection = driveConnection(driver, machine, linkOf(socket), { sessionId, name, deliveredRevision });
    const unregister = register(sessionId, connection);
    const unwatch = watchFrames(raw, connection, deps);
    deps.debug({ session: name }, 'open');
    deps.metrics.connectionOpened('classic', 'websocket');
    sockets.add(socket);
    socket.on('message', (data, isBinary) => (isBinary ? connection.binary() : connection.text(textOf(data))));
    socket.on('pong', (payload) => connection.pong(payload.toString('latin1')));
    socket.on('error', (error) => deps.debug({ session: name, reason: error.message }, 'socket_error'));
    socket.on('close', (code) => {
      unwatch();
      unregister();
      connection.closed();
      sockets.delete(socket);
      deps.metrics.connectionClosed('classic', 'websocket', closeLabel(code));
      deps.debug({ session: name, code }, 'closed');
    });
  };

  const accept = async (request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> => {
    const admission = await admit(deps, request);
    if (!admission.ok) {
      deps.debug({ code: admission.error.code }, 'upgrade_refused');
      deps.metrics.upgradeRefused(admission.error.code);
      raw.end(refusalResponse(admission.error));
      return;
    }
    const { sessionId, giveBack } = admission;
    raw.once('close', giveBack);
    if (raw.destroyed) {
      giveBack();
      return;
    }
    const deliveredRevision = await deps.cursors.load(sessionId);
    server.handleUpgrade(request, raw, head, (socket) => open(socket, raw, sessionId, deliveredRevision));
  };

  return {
    upgrade: (request, raw, head) => {
      const onError = (): void => void raw.destroy();
      raw.on('error', onError);
      accept(request, raw, head).catch((error: unknown) => {
        deps.report(error);
        raw.destroy();
      });
    },
    isBusy: () => [...bySession.values()].some((peers) => [...peers].some((connection) => !connection.isIdle())),
    shutdown: () => {
      for (const peers of [...bySession.values()]) for (const connection of [...peers]) connection.shutdown();
    },
    count: () => deps.slots.count(),
  };
};

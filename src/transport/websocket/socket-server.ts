import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { DeliveryCursors } from '../../events/delivery-cursors.js';
import { shortHash } from '../../platform/short-hash.js';
import type { TransportMetrics } from '../deps.js';
import type { ClassicMedia } from '../protocol/classic-frames.js';
import { V1_PROTOCOL } from '../protocol/position.js';
import type { PostMessage } from '../post-message.js';
import type { SessionRegistry } from '../session-registry.js';
import { classicConnection, CLOSE_GRACE_MS, type ClassicSettings } from './classic-connection.js';
import { driveConnection, type Connection, type DriverDeps, type Link } from './connection-driver.js';
import { closeLabel } from './close-label.js';
import { idleWatch, isFragmentFlood, watchBytes } from './frame-watch.js';
import { admit, refusalResponse, type Admission, type AdmissionDeps, type Profile } from './upgrade.js';
import type { V1Connection } from './v1-driver.js';
import type { V1Start } from './v1-connection.js';

// The only file that knows the socket library.

export interface SocketServerDeps
  extends Omit<DriverDeps<ClassicMedia>, 'slowSocketBytes' | 'chance' | 'cursors' | 'post'>, AdmissionDeps {
  readonly post: PostMessage;
  readonly cursors: DeliveryCursors;
  readonly settings: ClassicSettings & {
    readonly frameDeadlineMs: number;
    readonly v1FrameBytes: number;
    /** False: this node wants the resumable profile. */
    readonly classicProfile: boolean;
  };
  readonly metrics: TransportMetrics;
  readonly registry: SessionRegistry<Connection>;
  /** Begins a connection of the resumable profile over a link. */
  readonly driveV1: (link: Link, start: V1Start, address: string) => V1Connection;
}

export interface SocketServer {
  /** Answers an upgrade request of the HTTP server: a refusal, or a connection. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every connection with 1012. */
  shutdown(): void;
  count(): number;
}

/** More fragments than any browser makes of the largest message; the flood check in `frame-watch.ts` comes much earlier. */
const MAX_FRAGMENTS = 4096;
const MAX_BUFFERED_CHUNKS = 32 * 1024;

export const systemChance = (): number => randomInt(2 ** 31) / 2 ** 31;

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

const newServer = (maxPayload: number, protocol: string | false): WebSocketServer =>
  new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    // Admission has chosen already; an entry with a token is never echoed.
    handleProtocols: () => protocol,
  });

/** Serves both profiles on upgrade requests. */
export const createSocketServer = (deps: SocketServerDeps): SocketServer => {
  const { settings } = deps;
  const classic = classicConnection(settings);
  const driver = { ...deps, chance: systemChance, slowSocketBytes: settings.slowSocketBytes };
  const open = new Map<WebSocket, Connection>();
  deps.metrics.watchBufferedBytes(() => [...open.keys()].reduce((sum, socket) => sum + socket.bufferedAmount, 0));
  const servers: Readonly<Record<Profile, WebSocketServer>> = {
    classic: newServer(settings.maxClassicFrameBytes, false),
    v1: newServer(settings.v1FrameBytes, V1_PROTOCOL),
  };

  const attach = (socket: WebSocket, raw: Duplex, connection: Connection, profile: Profile, name: string): void => {
    const unwatch = watchFrames(raw, connection, deps);
    open.set(socket, connection);
    deps.debug({ session: name, profile }, 'open');
    deps.metrics.connectionOpened(profile, 'websocket');
    socket.on('message', (data, isBinary) => (isBinary ? connection.binary() : connection.text(textOf(data))));
    socket.on('pong', (payload) => connection.pong(payload.toString('latin1')));
    socket.on('error', (error) => deps.debug({ session: name, reason: error.message }, 'socket_error'));
    socket.on('close', (code) => {
      unwatch();
      open.delete(socket);
      connection.closed();
      deps.metrics.connectionClosed(profile, 'websocket', closeLabel(code));
      deps.debug({ session: name, code }, 'closed');
    });
  };

  const openClassic = (
    socket: WebSocket,
    raw: Duplex,
    session: { readonly sessionId: string; readonly deliveredRevision: number },
    address: string,
  ): void => {
    const { sessionId, deliveredRevision } = session;
    const name = shortHash(sessionId);
    if (!settings.classicProfile) {
      socket.close(4406, `${V1_PROTOCOL} required`);
      setTimeout(() => socket.terminate(), CLOSE_GRACE_MS).unref();
      return;
    }
    const post: DriverDeps<ClassicMedia>['post'] = (id, message) => deps.post(id, message, address);
    const connection = driveConnection({ ...driver, post }, classic, linkOf(socket), {
      sessionId,
      name,
      deliveredRevision,
    });
    const unregister = deps.registry.add(sessionId, connection);
    attach(socket, raw, connection, 'classic', name);
    socket.on('close', unregister);
  };

  const openV1 = (socket: WebSocket, raw: Duplex, offeredToken: string | null, address: string): void => {
    const connection = deps.driveV1(linkOf(socket), { offeredToken, answersPings: true }, address);
    attach(socket, raw, connection, 'v1', '-');
  };

  const accept = async (
    admission: Extract<Admission, { ok: true }>,
    request: IncomingMessage,
    raw: Duplex,
    head: Buffer,
  ): Promise<void> => {
    const address = deps.addresses.keyOf(request);
    if (admission.profile === 'v1') {
      servers.v1.handleUpgrade(request, raw, head, (socket) => openV1(socket, raw, admission.token, address));
      return;
    }
    const { sessionId } = admission;
    const deliveredRevision = await deps.cursors.load(sessionId);
    servers.classic.handleUpgrade(request, raw, head, (socket) =>
      openClassic(socket, raw, { sessionId, deliveredRevision }, address),
    );
  };

  const answer = async (request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> => {
    const admission = await admit(deps, request);
    if (!admission.ok) {
      deps.debug({ code: admission.error.code }, 'upgrade_refused');
      deps.metrics.upgradeRefused(admission.error.code);
      raw.end(refusalResponse(admission.error));
      return;
    }
    raw.once('close', admission.giveBack);
    if (raw.destroyed) admission.giveBack();
    else await accept(admission, request, raw, head);
  };

  return {
    upgrade: (request, raw, head) => {
      const onError = (): void => void raw.destroy();
      raw.on('error', onError);
      answer(request, raw, head).catch((error: unknown) => {
        deps.report(error);
        raw.destroy();
      });
    },
    shutdown: () => {
      for (const connection of [...open.values()]) connection.shutdown();
    },
    count: () => deps.slots.count(),
  };
};

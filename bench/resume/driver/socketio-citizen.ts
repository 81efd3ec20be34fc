import { requirePeer } from '../peers/install.js';
import { now, type Absence, type Citizen, type Said } from './citizen.js';
import type { PeerFrame } from './ws-citizen.js';

/** The parts of `socket.io-client` that are used here. */
interface ClientSocket {
  readonly connected: boolean;
  readonly recovered: boolean;
  readonly io: {
    readonly engine: {
      readonly transport: {
        readonly ws: { send: (...data: unknown[]) => void; onmessage: unknown; terminate: () => void };
      };
    };
  };
  on(event: string, listener: (data: PeerFrame) => void): void;
  emit(event: string, data: object): void;
  close(): void;
}
interface ClientModule {
  readonly io: (url: string, options: object) => ClientSocket;
}

export interface SocketioCitizenOptions {
  readonly name: string;
  readonly url: string;
  /** Offline time after a cut, ms: Socket.IO's own reconnection waits that long. */
  readonly offlineMs: readonly [number, number];
  /** Sends again what was not acknowledged (the client's option `retries`). */
  readonly retries: boolean;
}

/** A citizen at a Socket.IO server, with the client's own reconnection, buffer and recovery. */
export const createSocketioCitizen = (options: SocketioCitizenOptions): Citizen => {
  const { name, url, retries } = options;
  const { io } = requirePeer('socket.io-client') as ClientModule;
  const [least, most] = options.offlineMs;
  const middle = (least + most) / 2;
  const said: Said[] = [];
  const byId = new Map<string, Said>();
  const heard: string[] = [];
  const absences: Absence[] = [];
  let socket: ClientSocket | null = null;
  let isSilent = false;
  let [cuts, lastHeardAt] = [0, 0];
  let lostAt: number | null = null;

  const open = (onOpen: () => void): void => {
    const opened = io(url, {
      transports: ['websocket'],
      forceNew: true,
      auth: { citizen: name },
      reconnectionDelay: middle,
      reconnectionDelayMax: middle,
      randomizationFactor: (most - least) / 2 / middle,
      ...(retries ? { retries: 1_000, ackTimeout: 5_000 } : {}),
    });
    socket = opened;
    opened.on('connect', () => {
      if (lostAt !== null) absences.push({ announcedAt: null, lostAt, backAt: now(), code: 1006 });
      [lostAt, isSilent] = [null, false];
      onOpen();
    });
    opened.on('disconnect', () => (lostAt ??= now()));
    opened.on('chat', (frame) => {
      lastHeardAt = now();
      heard.push(frame.id);
      const answered = byId.get(frame.inReplyTo ?? '');
      if (answered !== undefined) answered.answeredAt ??= lastHeardAt;
    });
  };
  return {
    name,
    connect: () => new Promise((resolve) => open(resolve)),
    say: (id, text, due) => {
      const message: Said = { id, due, late: now() - due };
      said.push(message);
      byId.set(id, message);
      socket?.emit('chat', { id, text });
    },
    cut: (cut) => {
      if (socket?.connected !== true || isSilent) return;
      cuts += 1;
      isSilent = true;
      // Below everything that Socket.IO does: the wire itself swallows both directions.
      const { ws } = socket.io.engine.transport;
      ws.send = () => undefined;
      ws.onmessage = null;
      setTimeout(() => ws.terminate(), cut.silentMs);
    },
    isSettled: () => socket?.connected === true,
    lastHeardAt: () => lastHeardAt,
    record: () => ({ name, said, heard, absences, cuts, errors: [] }),
    close: () => {
      socket?.close();
    },
  };
};

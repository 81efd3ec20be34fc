import type { ClientFrame, ServerFrame } from '../../src/index.js';

// A small server of `leoma.chat.v1` without any transport: one session, its durable log, and the rules of PROTOCOL.md that a
// client leans on. The simulation puts a faulty network around it, the integration tests put `ws` and HTTP around it.

export interface Peer {
  readonly send: (frame: ServerFrame) => void;
  readonly close: (code: number, reason?: string) => void;
}

export interface V1Options {
  readonly sessionId?: string;
  readonly pageSize?: number;
  readonly heartbeatMs?: number;
  /** Refuses a message; null takes it. */
  readonly refuse?: (frame: Extract<ClientFrame, { type: 'message' }>) => ServerFrame['data'] | null;
}

export interface V1Server {
  readonly sessionId: string;
  readonly log: () => readonly ServerFrame[];
  /** What the durable log holds of messages: `role:text`. */
  readonly transcript: () => readonly string[];
  readonly tokens: Set<string>;
  /** A connection begins; gives what to do with its frames and its end. */
  readonly attach: (peer: Peer) => { readonly receive: (frame: ClientFrame) => void; readonly detach: () => void };
  readonly say: (text: string, more?: ServerFrame['data']) => void;
  readonly status: (state: string) => void;
  /** To everyone connected, without trace in the log. */
  readonly broadcast: (frame: ServerFrame) => void;
  /** The store is restored: the same messages under new positions. */
  readonly restore: () => void;
  readonly peers: () => number;
  readonly closeAll: (code: number, reason?: string) => void;
  readonly helloes: ClientFrame[];
}

export const createV1Server = (options: V1Options = {}): V1Server => {
  const { pageSize = 200, heartbeatMs = 25_000, sessionId = 'session-1', refuse = () => null } = options;
  let epoch = 1;
  let log: ServerFrame[] = [];
  let count = 0;
  const seen = new Map<string, string>();
  const live = new Set<Peer>();
  const helloes: ClientFrame[] = [];
  const tokens = new Set(['token-1']);

  const head = (): string | null => log.at(-1)?.position ?? null;
  const write = (type: string, data: ServerFrame['data']): ServerFrame => {
    count += 1;
    const position = `${epoch}.${count}`;
    const frame = {
      type,
      id: `server-${count}`,
      position,
      prev: head(),
      at: new Date(count * 1000).toISOString(),
      data,
    };
    log.push(frame);
    for (const peer of [...live]) peer.send(frame);
    return frame;
  };

  const onHello = (peer: Peer, frame: Extract<ClientFrame, { type: 'hello' }>): void => {
    helloes.push(frame);
    const { token, resume } = frame.data;
    if (!tokens.has(token)) return peer.close(4401, 'token expired');
    const from = log.findIndex(({ position }) => position === resume?.position);
    const recovered = resume === null || from >= 0;
    const missed = recovered ? log.slice(from + 1) : log;
    const page = missed.slice(-pageSize);
    const reconnect = { minMs: 200, maxMs: 5_000, factor: 2 };
    const state = 'complaint_collection';
    peer.send({
      type: 'welcome',
      ...(head() === null ? {} : { position: head()! }),
      data: { sessionId, epoch: String(epoch), recovered, replay: page.length, state, heartbeatMs, reconnect },
    });
    for (const item of page) peer.send(item);
    live.add(peer);
  };

  const onMessage = (peer: Peer, frame: Extract<ClientFrame, { type: 'message' }>): void => {
    const id = frame.id!;
    const known = seen.get(id);
    const refusal = known === undefined ? refuse(frame) : null;
    if (refusal !== null) return peer.send({ type: 'error', id, data: refusal });
    if (known === undefined) {
      const { message, media = [] } = frame.data;
      const written = write('message', { message, sessionId, role: 'citizen', clientId: id, media: media as never });
      seen.set(id, written.position!);
    }
    peer.send({ type: 'ack', id, data: { position: known ?? seen.get(id)!, duplicate: known !== undefined } });
  };

  const onHistory = (peer: Peer, { id, data }: Extract<ClientFrame, { type: 'history' }>): void => {
    const end = data.before === undefined ? log.length : log.findIndex(({ position }) => position === data.before);
    const start = Math.max(0, end - Math.min(data.limit, pageSize));
    peer.send({ type: 'history', id, data: { items: log.slice(start, end), complete: start === 0 } });
  };

  return {
    sessionId,
    tokens,
    helloes,
    log: () => log,
    transcript: () => log.filter(({ type }) => type === 'message').map(({ data }) => `${data.role}:${data.message}`),
    peers: () => live.size,
    attach: (peer) => ({
      receive: (frame) => {
        if (frame.type === 'hello') onHello(peer, frame);
        else if (frame.type === 'message') onMessage(peer, frame);
        else if (frame.type === 'history') onHistory(peer, frame);
        else if (frame.type === 'ping') peer.send({ type: 'pong', data: {} });
      },
      detach: () => live.delete(peer),
    }),
    say: (text, more = {}) => void write('message', { message: text, sessionId, role: 'agent', ...more }),
    status: (state) => void write('status', { state }),
    broadcast: (frame) => {
      for (const peer of live) peer.send(frame);
    },
    restore: () => {
      epoch += 1;
      let prev: string | null = null;
      log = log.map((frame, index) => {
        const position = `${epoch}.${index + 1}`;
        const moved = { ...frame, position, prev };
        prev = position;
        return moved;
      });
      count = log.length;
      for (const { data, position } of log) if (data.clientId !== undefined) seen.set(data.clientId, position!);
    },
    closeAll: (code, reason) => {
      for (const peer of [...live]) peer.close(code, reason);
    },
  };
};

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** What the tiny server does wrong, each on purpose. */
export const faults = [
  'echoes',
  'says-error-everywhere',
  'types-after-message',
  'selects-any-protocol',
  'talks-before-hello',
  'records-twice',
  'acks-another-position',
  'breaks-chain',
  'replays-one-too-many',
  'forgets-a-frame',
  'believes-any-position',
  'keeps-frames-from-other-tabs',
] as const;
export type Fault = (typeof faults)[number];

interface Frame {
  readonly type: 'message';
  readonly id: string;
  readonly position: string;
  readonly prev: string | null;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Session {
  readonly log: Frame[];
  readonly classic: Set<WebSocket>;
  readonly v1: Set<WebSocket>;
}

type Json = Record<string, unknown> & { data?: Record<string, unknown> };

const at = '2026-03-04T05:06:07.089Z';
const welcomeData = {
  epoch: 'e1',
  state: 'greeting',
  heartbeatMs: 25_000,
  limits: {},
  reconnect: { minMs: 1, maxMs: 1, factor: 2, jitter: 'full' },
  serverTime: at,
};

/**
 * A small server of both profiles, in memory, which answers everything with the same words: as much of PROTOCOL.md as the cases
 * need that shall notice its fault.
 */
export const startTinyServer = async (fault: Fault | null): Promise<{ url: string; close(): Promise<void> }> => {
  const is = (name: Fault): boolean => fault === name;
  const sessions = new Map<string, Session>();
  let count = 0;
  const send = (socket: WebSocket, frame: object): void => socket.send(JSON.stringify(frame));

  const record = (session: Session, from: WebSocket, data: Record<string, unknown>): Frame => {
    const revision = session.log.length;
    const before = session.log.at(-1)?.position ?? null;
    const prev = is('breaks-chain') && revision === 3 ? 'e1.0' : before;
    const frame: Frame = { type: 'message', id: `m${revision}`, position: `e1.${revision}`, prev, at, data };
    session.log.push(frame);
    for (const socket of session.v1) if (!is('keeps-frames-from-other-tabs') || socket === from) send(socket, frame);
    return frame;
  };

  const answer = (sessionId: string, session: Session, from: WebSocket, inReplyTo?: string): void => {
    const data = { message: 'How can I help?', sessionId, state: 'greeting' };
    record(session, from, { ...data, role: 'agent', ...(inReplyTo === undefined ? {} : { inReplyTo }) });
    for (const socket of session.classic) {
      send(socket, { type: 'typing', data: { isTyping: true, sessionId } });
      if (!is('types-after-message')) send(socket, { type: 'typing', data: { isTyping: false, sessionId } });
      send(socket, { type: 'message', data, ...(is('says-error-everywhere') ? { error: 'none' } : {}) });
      if (is('types-after-message')) send(socket, { type: 'typing', data: { isTyping: false, sessionId } });
    }
  };

  const onClassic = (sessionId: string, session: Session, socket: WebSocket, frame: Json): void => {
    const message = (frame.data?.['message'] ?? frame['message'] ?? '') as string;
    if (message.trim() === '') {
      const error = 'Please write something.';
      send(socket, { type: 'error', error, data: { error, sessionId, code: 'message_empty', retryable: false } });
      return;
    }
    record(session, socket, { message, sessionId, state: 'greeting', role: 'citizen' });
    if (is('echoes')) send(socket, { type: 'message', data: { message, sessionId, state: 'greeting' } });
    answer(sessionId, session, socket);
  };

  const onHello = (sessionId: string, session: Session, socket: WebSocket, frame: Json): void => {
    const position = (frame.data?.['resume'] as { position?: string } | null)?.position;
    const found = session.log.findIndex((other) => other.position === position);
    const recovered = position === undefined || found >= 0 || is('believes-any-position');
    const from = Math.max(0, found + (is('replays-one-too-many') ? 0 : 1));
    const all = position === undefined ? session.log : session.log.slice(from);
    const missed = is('forgets-a-frame') && position !== undefined && all.length > 2 ? all.slice(1) : all;
    const last = session.log.at(-1)?.position ?? 'e1.0';
    send(socket, {
      type: 'welcome',
      position: last,
      data: { ...welcomeData, sessionId, recovered, replay: missed.length },
    });
    for (const each of missed) send(socket, each);
    session.v1.add(socket);
  };

  const onMessage = (sessionId: string, session: Session, socket: WebSocket, frame: Json): void => {
    const clientId = String(frame['id']);
    const known = is('records-twice') ? undefined : session.log.find(({ data }) => data['clientId'] === clientId);
    const message = frame.data?.['message'];
    const own = known ?? record(session, socket, { message, sessionId, state: 'greeting', role: 'citizen', clientId });
    const position = is('acks-another-position') ? `${own.position}0` : own.position;
    send(socket, { type: 'ack', id: clientId, data: { position, duplicate: known !== undefined } });
    if (known === undefined) answer(sessionId, session, socket, clientId);
  };

  const http = createServer((_request, response) => {
    const sessionId = `tiny-session-number-${String((count += 1)).padStart(4, '0')}`;
    sessions.set(sessionId, { log: [], classic: new Set(), v1: new Set() });
    const websocketUrl = `ws://${_request.headers.host ?? ''}/`;
    const body = { sessionId, websocketUrl, token: sessionId, expiresAt: '2099-01-01T00:00:00Z', limits: {} };
    response.writeHead(201, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ ...body, protocols: ['leoma.chat.v1'] }));
  });
  const choose = (offered: Set<string>): string | false =>
    offered.has('leoma.chat.v1') ? 'leoma.chat.v1' : is('selects-any-protocol') ? ([...offered][0] ?? false) : false;
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: choose });

  const open = (socket: WebSocket, request: IncomingMessage): void => {
    let sessionId = new URL(request.url ?? '/', 'http://x').searchParams.get('sessionId') ?? '';
    const isV1 = socket.protocol === 'leoma.chat.v1';
    if (!isV1) sessions.get(sessionId)?.classic.add(socket);
    if (isV1 && is('talks-before-hello')) send(socket, { type: 'typing', data: { isTyping: false, who: 'agent' } });
    socket.on('close', () => {
      sessions.get(sessionId)?.classic.delete(socket);
      sessions.get(sessionId)?.v1.delete(socket);
    });
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Json;
      if (isV1 && frame['type'] === 'hello') sessionId = String(frame.data?.['token']);
      const session = sessions.get(sessionId);
      if (session === undefined) socket.close(4401);
      else if (!isV1) onClassic(sessionId, session, socket, frame);
      else if (frame['type'] === 'hello') onHello(sessionId, session, socket, frame);
      else if (frame['type'] === 'message') onMessage(sessionId, session, socket, frame);
      else if (frame['type'] === 'ping')
        send(socket, { type: 'pong', data: { t: frame.data?.['t'], serverTime: new Date().toISOString() } });
    });
  };
  http.on('upgrade', (request, raw, head) => {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/, */).filter((name) => name !== '');
    if (offered.length > 0 && choose(new Set(offered)) === false) raw.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    else sockets.handleUpgrade(request, raw, head, (socket) => open(socket, request));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
};

import { WebSocketServer, type WebSocket } from 'ws';
import { openOffice } from './office.js';
import type { RunningPeer } from './process.js';

/** A chat over `ws` as it is mostly written: a map of open sockets, and what has no socket is not sent. */
export const startBareServer = (options: {
  readonly port: number;
  readonly file: string;
  readonly citizens: number;
  readonly officerEveryMs: number;
}): Promise<RunningPeer> => {
  const sockets = new Map<string, WebSocket>();
  const office = openOffice({
    ...options,
    deliver: (citizen, message) => sockets.get(citizen)?.send(JSON.stringify(message), () => undefined),
  });
  const server = new WebSocketServer({ host: '127.0.0.1', port: options.port, perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const citizen = new URL(request.url ?? '/', 'ws://peer').searchParams.get('citizen') ?? '';
    sockets.set(citizen, socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (sockets.get(citizen) === socket) sockets.delete(citizen);
    });
    socket.on('message', (raw: Buffer) => {
      office.heard(citizen, (JSON.parse(raw.toString('utf8')) as { id: string }).id);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve({ go: office.go }));
  });
};

import { createServer } from 'node:http';
import { requirePeer } from './install.js';
import { openOffice } from './office.js';
import type { RunningPeer } from './process.js';

/** The parts of `socket.io` that are used here. */
interface ServerSocket {
  readonly handshake: { readonly auth: { readonly citizen: string } };
  join(room: string): void;
  on(event: 'chat', listener: (message: { readonly id: string }, acknowledge?: () => void) => void): void;
}
interface SocketioServer {
  on(event: 'connection', listener: (socket: ServerSocket) => void): void;
  to(room: string): { emit(event: 'chat', message: object): void };
}
interface ServerModule {
  readonly Server: new (server: object, options: object) => SocketioServer;
}

/** Socket.IO with connection state recovery, a room for each citizen, and an acknowledgement for whoever asks for one. */
export const startSocketioServer = (options: {
  readonly port: number;
  readonly file: string;
  readonly citizens: number;
  readonly officerEveryMs: number;
}): Promise<RunningPeer> => {
  const { Server } = requirePeer('socket.io') as ServerModule;
  const http = createServer();
  const io = new Server(http, {
    transports: ['websocket'],
    connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true },
  });
  const office = openOffice({
    ...options,
    deliver: (citizen, message) => io.to(citizen).emit('chat', message),
  });
  io.on('connection', (socket) => {
    const { citizen } = socket.handshake.auth;
    socket.join(citizen);
    socket.on('chat', ({ id }, acknowledge) => {
      office.heard(citizen, id);
      acknowledge?.();
    });
  });
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, '127.0.0.1', () => resolve({ go: office.go }));
  });
};

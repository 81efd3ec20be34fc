import pg from 'pg';
import { WebSocketServer } from 'ws';
import type { RunningPeer } from './process.js';

/** The least that a durable acknowledgement can cost: bare `ws`, one `INSERT` in a transaction of its own, and the answer. */
export const startInsertServer = async (options: {
  readonly port: number;
  readonly databaseUrl: string;
}): Promise<RunningPeer> => {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 10 });
  await pool.query(
    'CREATE TABLE IF NOT EXISTS bare_messages (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, citizen text, id text, body text)',
  );
  const server = new WebSocketServer({ host: '127.0.0.1', port: options.port, perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const citizen = new URL(request.url ?? '/', 'ws://peer').searchParams.get('citizen') ?? '';
    socket.on('error', () => undefined);
    socket.on('message', (raw: Buffer) => {
      const { id, text } = JSON.parse(raw.toString('utf8')) as { id: string; text: string };
      void pool
        .query({
          name: 'bare-insert',
          text: 'INSERT INTO bare_messages (citizen, id, body) VALUES ($1, $2, $3)',
          values: [citizen, id, text],
        })
        .then(() => socket.send(JSON.stringify({ ack: id }), () => undefined));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve({ go: () => undefined }));
  });
};

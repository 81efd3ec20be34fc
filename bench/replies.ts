import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';
import { loadStatements } from '../demo/file-all.js';
import { freePort, startServerProcess } from '../demo/server-process.js';
import { loadConfig } from '../src/platform/config.js';
import { createLogger } from '../src/platform/logging.js';
import { openStorage } from '../src/storage.js';
import { quantile } from './support/figures.js';
import { keep } from './support/report.js';

// From a citizen's message on the socket to the durable reply of the guided assistant, and where the time goes. Citizens type on a
// schedule (open loop): a slow answer does not make the next message late. The server is a process of its own.

const CITIZENS = Number(process.env['BENCH_CITIZENS'] ?? 100);
const EVERY_MS = 2_000;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 60);

interface Sent {
  readonly at: number;
  /** How late the driver itself was: a busy driver would make the server look slow. */
  readonly late: number;
  answeredAt?: number;
}

interface Frame {
  readonly type: string;
  readonly data: { readonly inReplyTo?: string };
}

const now = (): number => performance.timeOrigin + performance.now();

const openSession = async (baseUrl: string): Promise<WebSocket> => {
  const response = await fetch(`${baseUrl}/api/agent/session`, { method: 'POST' });
  const { sessionId, websocketUrl } = (await response.json()) as { sessionId: string; websocketUrl: string };
  const socket = new WebSocket(`${websocketUrl}?sessionId=${sessionId}`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
};

/** One citizen who says a line every `EVERY_MS` from `startAt` on, whatever comes back. */
const type = async (
  socket: WebSocket,
  lines: readonly string[],
  startAt: number,
  sent: Map<string, Sent>,
): Promise<void> => {
  socket.on('message', (raw: Buffer) => {
    const at = now();
    const frame = JSON.parse(raw.toString('utf8')) as Frame;
    const message = frame.type === 'message' ? sent.get(frame.data.inReplyTo ?? '') : undefined;
    if (message !== undefined) message.answeredAt ??= at;
  });
  for (const [turn, line] of lines.entries()) {
    const due = startAt + turn * EVERY_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - now())));
    const id = randomUUID();
    sent.set(id, { at: now(), late: now() - due });
    socket.send(JSON.stringify({ type: 'message', id, data: { message: line } }));
  }
};

/** Times of the log for each message, by the client's id of it. */
const readSteps = async (dataDir: string): Promise<Map<string, { received: number; replied?: number }>> => {
  const config = loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error' });
  const storage = await openStorage(config, createLogger(config), { as: 'server' });
  const steps = new Map<string, { received: number; replied?: number }>();
  const clientIds = new Map<string, string>();
  for await (const event of storage.log.readAll({ types: ['UserMessageReceived', 'AgentReplied'] })) {
    const at = Date.parse(event.meta.recordedAt);
    if (event.type === 'UserMessageReceived' && event.data.clientMessageId !== undefined) {
      clientIds.set(event.meta.id, event.data.clientMessageId);
      steps.set(event.data.clientMessageId, { received: at });
    } else if (event.type === 'AgentReplied') {
      const step = steps.get(clientIds.get(event.data.answers) ?? '');
      if (step !== undefined) step.replied = at;
    }
  }
  await storage.close();
  return steps;
};

const dataDir = mkdtempSync(path.join(tmpdir(), 'citizen-bench-'));
const server = await startServerProcess(await freePort(), dataDir, { RATE_LIMITS: 'off' });
const statements = await loadStatements();
const turns = Math.floor((SECONDS * 1000) / EVERY_MS);
const sent = new Map<string, Sent>();
const sockets = await Promise.all(Array.from({ length: CITIZENS }, () => openSession(server.baseUrl)));
const startAt = now() + 1_000;
await Promise.all(
  sockets.map((socket, citizen) => {
    // A conversation like any other: describe, answer, file, and again.
    const line = (turn: number): string =>
      [
        statements[(citizen * 31 + turn) % statements.length] ?? '',
        'skip',
        'not sure',
        'anonymous',
        'yes',
        'new complaint',
      ][turn % 6] ?? '';
    return type(
      socket,
      Array.from({ length: turns }, (_, turn) => line(turn)),
      startAt + (citizen * EVERY_MS) / CITIZENS,
      sent,
    );
  }),
);
await new Promise((resolve) => setTimeout(resolve, 5_000));
for (const socket of sockets) socket.terminate();
await server.kill('SIGTERM');
const steps = await readSteps(dataDir);
rmSync(dataDir, { recursive: true, force: true });

const all = [...sent.entries()];
const answered = all.flatMap(([id, message]) => {
  const step = steps.get(id);
  return message.answeredAt === undefined || step?.replied === undefined
    ? []
    : [{ ...message, answeredAt: message.answeredAt, received: step.received, replied: step.replied }];
});
const row = (what: string, values: readonly number[]): { what: string; p50: number; p99: number } => ({
  what,
  p50: quantile(values, 0.5),
  p99: quantile(values, 0.99),
});
const rows = [
  row(
    'message sent to reply in the log (durable)',
    answered.map(({ at, replied }) => replied - at),
  ),
  row(
    '  of it: socket, decoding, append of the message',
    answered.map(({ at, received }) => received - at),
  ),
  row(
    '  of it: lease, assistant, append of the reply',
    answered.map(({ received, replied }) => replied - received),
  ),
  row(
    'reply in the log to frame at the citizen (with the silence that the classic profile keeps)',
    answered.map(({ replied, answeredAt }) => answeredAt - replied),
  ),
  row(
    'message sent to reply at the citizen',
    answered.map(({ at, answeredAt }) => answeredAt - at),
  ),
  row(
    "how late the driver was (high: the figures above are the driver's)",
    all.map(([, { late }]) => late),
  ),
];
console.log(
  `\n${CITIZENS} citizens, a message every ${EVERY_MS / 1000} s, ${SECONDS} s: ${all.length} messages, ${answered.length} answered\n`,
);
console.log('| step | p50 ms | p99 ms |\n|---|---|---|');
for (const { what, p50, p99 } of rows) console.log(`| ${what} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`);
keep('replies', { citizens: CITIZENS, everyMs: EVERY_MS, messages: all.length, answered: answered.length, rows });
process.exitCode = answered.length === all.length ? 0 : 1;

import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket, { WebSocketServer } from 'ws';
import { freePort, startServerProcess } from '../demo/server-process.js';
import { keep } from './support/report.js';

// Resident memory of the server per idle socket with a session of its own, beside a bare `ws` server. Each server is a process of its
// own; sockets are opened in steps, and the slope between the steps is the figure.

const STEPS = [500, 1_500, 2_500];
const AT_ONCE = 25;

const residentKiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);

const open = (url: string): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once('open', () => resolve(socket)).once('error', reject);
  });

const measure = async (pid: number, connect: () => Promise<WebSocket>): Promise<number> => {
  const sockets: WebSocket[] = [];
  const points: { sockets: number; kiB: number }[] = [];
  for (const step of STEPS) {
    while (sockets.length < step) sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, connect))));
    await new Promise((resolve) => setTimeout(resolve, 4_000)); // let the collector run
    points.push({ sockets: sockets.length, kiB: residentKiB(pid) });
  }
  for (const socket of sockets) socket.terminate();
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no points');
  return (last.kiB - first.kiB) / (last.sockets - first.sockets);
};

const bareServer = (): void => {
  const server = createServer();
  new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
  process.once('SIGTERM', () => process.exit(0));
};

const main = async (): Promise<void> => {
  const bare = fork(fileURLToPath(import.meta.url), ['bare']);
  const barePort = await new Promise<number>((resolve) => bare.once('message', (port) => resolve(port as number)));
  const bareKiB = await measure(bare.pid ?? 0, () => open(`ws://127.0.0.1:${barePort}/`));
  bare.kill('SIGTERM');

  const dataDir = mkdtempSync(path.join(tmpdir(), 'citizen-bench-'));
  const server = await startServerProcess(await freePort(), dataDir, { RATE_LIMITS: 'off' });
  const ourKiB = await measure(server.child.pid ?? 0, async () => {
    const response = await fetch(`${server.baseUrl}/api/agent/session`, { method: 'POST' });
    const { sessionId, websocketUrl } = (await response.json()) as { sessionId: string; websocketUrl: string };
    return open(`${websocketUrl}?sessionId=${sessionId}`);
  });
  await server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
  console.log('| resident memory per idle socket | KiB |\n|---|---|');
  console.log(
    `| ours, each with its own session (target ≤ 20 KB) | ${ourKiB.toFixed(1)} |\n| bare ws | ${bareKiB.toFixed(1)} |`,
  );
  keep('idle-sockets', { ourKiB, bareKiB, steps: STEPS });
};

if (process.argv[2] === 'bare') bareServer();
else await main();

import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { now } from '../driver/citizen.js';
import { gatherTeam, soon } from '../driver/run-drivers.js';
import { openSession, socketUrl } from '../driver/v1-citizen.js';
import type { Options } from '../options.js';
import { print, shown } from '../report.js';
import { startWorld } from '../world/world.js';
import { ackTimes, quantiles, type Window } from './latency.js';

const FILE_BYTES = 10 * 1024 * 1024;
const BETWEEN_MS = 500;
const TARGET_MS = 25;

/** A PDF as far as anybody looks: the rest are bytes that do not compress. */
const makeFile = (): Buffer => {
  const file = Buffer.alloc(FILE_BYTES);
  for (let at = 0, value = 1; at < FILE_BYTES; at += 4) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    file.writeUInt32LE(value, at);
  }
  file.write('%PDF-1.7\n', 0, 'latin1');
  file.write('\n%%EOF\n', FILE_BYTES - 7, 'latin1');
  return file;
};

const overHttp = async (base: string, file: Buffer): Promise<void> => {
  const { token } = await openSession(base);
  const response = await fetch(`${base}/api/uploads`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/pdf', 'X-File-Name': 'report.pdf' },
    body: file,
  });
  if (!response.ok) throw new Error(`POST /api/uploads answered ${response.status}: ${await response.text()}`);
  await response.text();
};

/** The way of the classic profile: one frame with everything. Done when its answer is there. */
const asBase64 = async (base: string, file: Buffer): Promise<void> => {
  const { sessionId } = await openSession(base);
  const socket = new WebSocket(`${socketUrl(base)}?sessionId=${sessionId}`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const answered = new Promise<void>((resolve, reject) => {
    socket.on('message', (raw: Buffer) => {
      const { type } = JSON.parse(raw.toString('utf8')) as { type: string };
      if (type === 'message') resolve();
      if (type === 'error') reject(new Error(`The frame was refused: ${raw.toString('utf8')}`));
    });
    socket.once('close', (code) => reject(new Error(`The socket was closed with ${code}`)));
  });
  const media = [{ name: 'report.pdf', type: 'application/pdf', size: file.length, data: file.toString('base64') }];
  socket.send(JSON.stringify({ type: 'message', data: { message: 'My report', sessionId, media } }));
  await answered.finally(() => socket.terminate());
};

const ways = { nothing: null, http: overHttp, base64: asBase64 } as const;
type Way = keyof typeof ways;

/** How citizens fare who only chat, while somebody uploads one large file after the other, in turn by each way. */
export const upload = async ({ citizens = 200, seconds = 15, drivers, rounds, seed }: Options): Promise<boolean> => {
  // 10 MiB are 13.4 MiB as base64, more than the classic profile takes by default.
  const world = await startWorld(1, { MAX_CLASSIC_FRAME_BYTES: '16 MiB' });
  const base = world.bases[0] ?? '';
  const names = Object.keys(ways) as Way[];
  const warmUpMs = 3_000;
  const total = (rounds * names.length * (seconds + 3) * 1000 + warmUpMs) / 1000;
  try {
    const file = makeFile();
    const team = await gatherTeam({
      ...{ kind: 'v1', bases: world.bases, citizens, drivers, seed, seconds: total },
      ...{ sayEveryMs: 4_000, cutEveryMs: null, silentMs: [0, 0], offlineMs: [0, 0] },
      ...{ lines: ['What happens next?'], answered: 'all', quietMs: 1_000, settleMs: 20_000 },
    });
    const startAt = soon();
    const windows: Record<Way, Window[]> = { nothing: [], http: [], base64: [] };
    const tookMs: Record<Way, number[]> = { nothing: [], http: [], base64: [] };
    const round = async (way: Way): Promise<void> => {
      const from = now();
      while (now() < from + seconds * 1000) {
        const began = now();
        await ways[way]?.(base, file);
        if (way !== 'nothing') tookMs[way].push(now() - began);
        await delay(BETWEEN_MS);
      }
      windows[way].push({ from, to: now() });
    };
    const uploads = async (): Promise<void> => {
      await delay(startAt + warmUpMs - now());
      for (let at = 0; at < rounds; at++) for (const way of names) await round(way);
    };
    const [result] = await Promise.all([team.go(startAt), uploads()]);
    team.end();
    const figures = names.map((way) => {
      const uploaded = tookMs[way];
      return { way, others: quantiles(ackTimes(result.records, windows[way])), uploads: uploaded.length, uploaded };
    });
    const http = figures.find(({ way }) => way === 'http')?.others.p99 ?? Number.NaN;
    print({
      scenario: 'upload',
      title: `10 MiB files one after the other while ${citizens} citizens chat, ${rounds} rounds of ${seconds} s each in turn`,
      heads: ['meanwhile', 'uploads', 'upload p50 ms', "others' ack p50 ms", 'p99 ms'],
      rows: figures.map(({ way, others, uploads: count, uploaded }) => [
        ...[way, shown(count), shown(quantiles(uploaded).p50), shown(others.p50), shown(others.p99)],
      ]),
      notes: [
        `target: others' p99 below ${TARGET_MS} ms during uploads over HTTP: ${http < TARGET_MS ? 'met' : 'MISSED'}`,
      ],
      health: result.health,
      figures,
    });
    return true;
  } finally {
    await world.close();
  }
};

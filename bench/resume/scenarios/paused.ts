import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';
import { freePort } from '../../../demo/server-process.js';
import { median } from '../../support/figures.js';
import { residentBytes } from '../../support/memory.js';
import { now } from '../driver/citizen.js';
import { gatherTeam, soon } from '../driver/run-drivers.js';
import { openSession, socketUrl } from '../driver/v1-citizen.js';
import type { Options } from '../options.js';
import { print, shown } from '../report.js';
import { readGauge } from '../world/metrics.js';
import { startOfficers } from '../world/officers.js';
import { startWorld, type World } from '../world/world.js';
import { ackTimes, quantiles, type Window } from './latency.js';

const SAMPLE_MS = 250;
const MEBIBYTE = 1024 * 1024;

/** A reader of one conversation; gives its close code, or null while it is open. */
const openReader = async (base: string, token: string): Promise<{ socket: WebSocket; closed: () => number | null }> => {
  const socket = new WebSocket(socketUrl(base), ['leoma.chat.v1'], { perMessageDeflate: false });
  let code: number | null = null;
  socket.on('close', (closed) => (code = closed));
  socket.on('error', () => undefined);
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', data: { token } })));
  await new Promise((resolve) => socket.once('message', resolve));
  return { socket, closed: () => code };
};

interface Stretch extends Window {
  readonly paused: boolean;
  /** Most resident memory during it, less that at its begin. */
  readonly grownBytes: number;
  readonly bufferedMost: number;
  readonly closeCode: number | null;
}

/** One round: a reader joins, reads or stops reading, and the server is watched meanwhile. */
const watch = async (
  world: World,
  metricsPort: number,
  token: string,
  { paused, ms }: { readonly paused: boolean; readonly ms: number },
): Promise<Stretch> => {
  const reader = await openReader(world.bases[0] ?? '', token);
  if (paused) reader.socket.pause();
  const from = now();
  const resident = (): number => residentBytes(world.server(0).child.pid ?? 0);
  const residentAtFirst = resident();
  let residentMost = residentAtFirst;
  let bufferedMost = 0;
  while (now() < from + ms) {
    await delay(SAMPLE_MS);
    residentMost = Math.max(residentMost, resident());
    bufferedMost = Math.max(bufferedMost, await readGauge(metricsPort, 'citizen_buffered_bytes'));
  }
  // A paused socket does not see its own close: read on, now that the time is over.
  reader.socket.resume();
  await delay(SAMPLE_MS);
  const closeCode = reader.closed();
  reader.socket.terminate();
  return { paused, from, to: from + ms, grownBytes: residentMost - residentAtFirst, bufferedMost, closeCode };
};

/**
 * An officer writes 8,000 characters fifty times a second to one citizen, who reads, or does not, in turn; two hundred others
 * chat. What differs between the rounds is what the paused reader costs.
 */
export const paused = async ({ citizens = 200, seconds = 25, drivers, rounds, seed }: Options): Promise<boolean> => {
  const metricsPort = await freePort();
  const world = await startWorld(1, { METRICS_PORT: String(metricsPort) });
  const base = world.bases[0] ?? '';
  const warmUpMs = 3_000;
  const total = (rounds * 2 * (seconds * 1000 + 1_000) + warmUpMs) / 1000;
  try {
    const victim = await openSession(base);
    const team = await gatherTeam({
      ...{ kind: 'v1', bases: world.bases, citizens, drivers, seed, seconds: total },
      ...{ sayEveryMs: 4_000, cutEveryMs: null, silentMs: [0, 0], offlineMs: [0, 0] },
      ...{ lines: ['What happens next?'], answered: 'all', quietMs: 1_000, settleMs: 20_000 },
    });
    const officers = await startOfficers(world.env, { sessions: [victim.sessionId], everyMs: 20, chars: 7_900 });
    const startAt = soon();
    const stretches: Stretch[] = [];
    const observe = async (): Promise<void> => {
      await delay(startAt + warmUpMs - now());
      for (let round = 0; round < rounds; round++)
        // In turn, and the other way round the next time: what grows with time meets both alike.
        for (const isPaused of round % 2 === 0 ? [false, true] : [true, false])
          stretches.push(await watch(world, metricsPort, victim.token, { paused: isPaused, ms: seconds * 1000 }));
    };
    const [result] = await Promise.all([team.go(startAt), officers.go(startAt, total), observe()]);
    team.end();
    officers.end();
    const of = (isPaused: boolean) => {
      const mine = stretches.filter((stretch) => stretch.paused === isPaused);
      return {
        others: quantiles(ackTimes(result.records, mine)),
        grown: median(mine.map(({ grownBytes }) => grownBytes)),
        buffered: Math.max(...mine.map(({ bufferedMost }) => bufferedMost)),
        closes: mine.map(({ closeCode }) => closeCode ?? 'open'),
      };
    };
    const [reads, stalls] = [of(false), of(true)];
    const p99 = stalls.others.p99 / reads.others.p99 - 1;
    const cells = ({ others, grown, buffered, closes }: typeof reads): string[] => [
      ...[shown(others.p50), shown(others.p99), shown(grown / MEBIBYTE), shown(buffered / MEBIBYTE, 2)],
      closes.join(' '),
    ];
    print({
      scenario: 'paused',
      title: `one reader among ${citizens} citizens, ${rounds} × 2 rounds of ${seconds} s in turn`,
      heads: [
        'the reader',
        "others' ack p50 ms",
        'p99 ms',
        'resident memory grew by MiB',
        'most buffered MiB',
        'closed with',
      ],
      rows: [
        ['reads', ...cells(reads)],
        ['stops reading', ...cells(stalls)],
      ],
      notes: [
        `most buffered for the stalled reader ${shown(stalls.buffered / MEBIBYTE, 2)} MiB (target ≤ 2): ${stalls.buffered <= 2 * MEBIBYTE ? 'met' : 'MISSED'}; resident memory grew by ${shown((stalls.grown - reads.grown) / MEBIBYTE)} MiB more than with a reader who reads`,
        `others' p99 ${shown(p99 * 100)} % higher (target: within 10 %): ${p99 <= 0.1 ? 'met' : 'MISSED'}`,
      ],
      health: result.health,
      figures: { stretches, reads, stalls },
    });
    return true;
  } finally {
    await world.close();
  }
};

import { freePort } from '../../../demo/server-process.js';
import type { DriverHealth, Job } from '../driver/job.js';
import { gatherTeam, soon } from '../driver/run-drivers.js';
import type { Options } from '../options.js';
import { startPeer } from '../peers/start-peer.js';
import { print, shown } from '../report.js';
import { startOfficers } from '../world/officers.js';
import { startWorld } from '../world/world.js';
import { readMeans } from '../world/metrics.js';
import { ackTimes, quantiles } from './latency.js';

const PER_SECOND = 500;
const WARM_UP_MS = 2_000;
const TARGET = 2;

interface Contestant {
  readonly kind: Job['kind'];
  readonly base: string;
  readonly names: (names: readonly string[]) => Promise<() => void>;
}

/**
 * From the time a message is due to its durable acknowledgement, in turn with a bare server on the same PostgreSQL. An officer
 * is in every conversation of ours, so that both sides do one append per message; ours also sends the frame of the message.
 */
export const ack = async ({ citizens = 200, seconds = 30, drivers, rounds, seed }: Options): Promise<boolean> => {
  const metricsPort = await freePort();
  const world = await startWorld(1, { METRICS_PORT: String(metricsPort) });
  const peer = await startPeer({ kind: 'insert', port: await freePort(), databaseUrl: world.databaseUrl });
  let means: Readonly<Record<string, number>> = {};
  const times = { ours: [] as number[], bare: [] as number[] };
  const health: DriverHealth[] = [];
  const run = async ({ kind, base, names }: Contestant): Promise<number[]> => {
    const team = await gatherTeam({
      ...{ kind, bases: [base], citizens, drivers, seed, seconds: seconds + WARM_UP_MS / 1000 },
      ...{ sayEveryMs: (citizens * 1000) / PER_SECOND, cutEveryMs: null, silentMs: [0, 0], offlineMs: [0, 0] },
      ...{ lines: ['x'.repeat(200)], answered: 'none', quietMs: 500, settleMs: 20_000 },
    });
    const leave = await names(team.names);
    const startAt = soon();
    const result = await team.go(startAt);
    team.end();
    leave();
    health.push(...result.health);
    return ackTimes(result.records, [{ from: startAt + WARM_UP_MS, to: Infinity }]);
  };
  const withOfficers = async (sessions: readonly string[]): Promise<() => void> =>
    (await startOfficers(world.env, { sessions, everyMs: null, chars: 0 })).end;
  try {
    for (let round = 0; round < rounds; round++) {
      const nobody = (): Promise<() => void> => Promise.resolve(() => undefined);
      times.bare.push(...(await run({ kind: 'ws', base: peer.baseUrl, names: nobody })));
      times.ours.push(...(await run({ kind: 'v1', base: world.bases[0] ?? '', names: withOfficers })));
    }
    means = await readMeans(metricsPort, [
      'citizen_append_seconds',
      'citizen_append_batch_requests',
      'citizen_ack_seconds',
    ]);
  } finally {
    await peer.kill();
    await world.close();
  }
  const [ours, bare] = [quantiles(times.ours), quantiles(times.bare)];
  const ratio = { p50: ours.p50 / bare.p50, p99: ours.p99 / bare.p99 };
  const isMet = ratio.p50 <= TARGET && ratio.p99 <= TARGET;
  const ms = (name: string): string => shown((means[name] ?? Number.NaN) * 1000);
  print({
    scenario: 'ack',
    title: `durable ack at ${PER_SECOND} messages/s, ${citizens} citizens, ${rounds} rounds of ${seconds} s in turn`,
    heads: ['', 'acknowledged', 'p50 ms', 'p99 ms'],
    rows: [
      ['leoma.chat.v1', shown(ours.count), shown(ours.p50), shown(ours.p99)],
      ['bare ws + one INSERT', shown(bare.count), shown(bare.p50), shown(bare.p99)],
      ['ratio', '', shown(ratio.p50, 2), shown(ratio.p99, 2)],
    ],
    notes: [
      `inside the server, means: from the frame to the ack ${ms('citizen_ack_seconds')} ms, of it the append ${ms('citizen_append_seconds')} ms, ${shown(means['citizen_append_batch_requests'] ?? Number.NaN)} appends to a transaction`,
      `target: at most ${TARGET} × at p50 and p99: ${isMet ? 'met' : 'MISSED'}`,
    ],
    health,
    figures: { ours, bare, ratio, means },
  });
  return true;
};

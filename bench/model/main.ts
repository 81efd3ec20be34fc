import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startServerProcess } from '../../demo/server-process.js';
import { quantile } from '../support/figures.js';
import { keep } from '../support/report.js';
import { startFakeModel } from './fake-process.js';
import { watchMemory } from './memory.js';
import { createBareCall, openSpeaker, type Timed } from './turns.js';

// What a turn of ours costs over the bare call of the model: the same body to the same (fake) server in the same run, now with the
// client library alone, now through socket, log, assistant, guard and durable reply.

const LEVELS = (process.env['BENCH_SESSIONS'] ?? '1,50,200').split(',').map(Number);
/** Rounds with one session at a time; fewer with many. */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 30);
const WARM_UP = 5;
const TARGET_MS = 5;

const story = 'On Monday the police at Lumley asked me for 500 Leones before they would take my statement.';
const dataDir = mkdtempSync(path.join(tmpdir(), 'citizen-bench-'));
const fake = await startFakeModel();
const server = await startServerProcess(await freePort(), dataDir, {
  ...{ RATE_LIMITS: 'off', OPENAI_API_KEY: 'none', OPENAI_BASE_URL: fake.url, OPENAI_MODEL: 'scripted-fake' },
  ...{ MODEL_SESSION_TOKENS: '0', MODEL_HOUR_TOKENS: '0', MODEL_MONTH_TOKENS: '0' },
});

interface Round {
  readonly times: readonly Timed[];
  readonly memory: { readonly before: number; readonly most: number };
}

/** All of them at the same moment. */
const together = async (asks: readonly (() => Promise<Timed>)[], pid: number): Promise<Round> => {
  const memory = watchMemory(pid);
  const times = await Promise.all(asks.map((ask) => ask()));
  return { times, memory: memory.stop() };
};

const ours = async (sessions: number): Promise<Round> => {
  const speakers = await Promise.all(Array.from({ length: sessions }, () => openSpeaker(server.baseUrl)));
  try {
    return await together(
      speakers.map((speaker) => () => speaker.say(story)),
      server.child.pid ?? 0,
    );
  } finally {
    for (const speaker of speakers) speaker.close();
  }
};

const at = (times: readonly Timed[], of: keyof Timed, share: number): number =>
  quantile(
    times.map((one) => one[of]),
    share,
  );

const figuresOf = (rounds: readonly Round[]) => {
  const times = rounds.flatMap((round) => round.times);
  return {
    answers: times.length,
    firstP50: at(times, 'first', 0.5),
    firstP99: at(times, 'first', 0.99),
    totalP50: at(times, 'total', 0.5),
    totalP99: at(times, 'total', 0.99),
    memoryMostMib: Math.max(...rounds.map(({ memory }) => memory.most)),
    memoryMoreMib: Math.max(...rounds.map(({ memory }) => memory.most - memory.before)),
  };
};

try {
  for (let warm = 0; warm < WARM_UP; warm += 1) await ours(1);
  const bareCall = createBareCall(fake.url, await fake.lastBody());
  for (let warm = 0; warm < WARM_UP; warm += 1) await bareCall();
  const levels = [];
  for (const sessions of LEVELS) {
    const rounds = Math.max(2, Math.ceil(ROUNDS / Math.max(1, sessions / 5)));
    const [mine, bare]: [Round[], Round[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      mine.push(await ours(sessions));
      bare.push(await together(Array<typeof bareCall>(sessions).fill(bareCall), process.pid));
    }
    levels.push({ sessions, rounds, ours: figuresOf(mine), bare: figuresOf(bare) });
  }
  console.log(
    '\n| sessions at once | answers | first text p50 / p99 ms: ours | bare client | added p50 ms | reply p50 / p99 ms: ours | bare client | added p50 ms | server MiB at most (more than before) |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const { sessions, ours: mine, bare } of levels) {
    const two = (a: number, b: number): string => `${a.toFixed(1)} / ${b.toFixed(1)}`;
    const added = (of: 'firstP50' | 'totalP50'): string => (mine[of] - bare[of]).toFixed(1);
    console.log(
      `| ${[
        ...[sessions, mine.answers, two(mine.firstP50, mine.firstP99), two(bare.firstP50, bare.firstP99)],
        ...[added('firstP50'), two(mine.totalP50, mine.totalP99), two(bare.totalP50, bare.totalP99), added('totalP50')],
        `${mine.memoryMostMib.toFixed(0)} (+${mine.memoryMoreMib.toFixed(0)})`,
      ].join(' | ')} |`,
    );
  }
  const one = levels.find(({ sessions }) => sessions === 1);
  const added = one === undefined ? Number.NaN : one.ours.firstP50 - one.bare.firstP50;
  if (one !== undefined)
    console.log(
      `\nAdded time to first text, one session: ${added.toFixed(1)} ms p50; target ${TARGET_MS} ms: ${added <= TARGET_MS ? 'met' : 'MISSED'}`,
    );
  console.log('The model is a FAKE; the bare client runs in the driver, ours goes through a server process.');
  keep('model', { levels, addedFirstP50Ms: added });
} finally {
  await server.kill('SIGTERM');
  fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

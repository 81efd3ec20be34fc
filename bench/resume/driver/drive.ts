import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../../support/figures.js';
import { seededChance } from '../chance.js';
import { now, type Citizen, type CitizenRecord } from './citizen.js';
import type { DriverHealth, Job } from './job.js';
import { createLibraryCitizen } from './library-citizen.js';
import { createSocketioCitizen } from './socketio-citizen.js';
import { createV1Citizen } from './v1-citizen.js';
import { createWsCitizen } from './ws-citizen.js';

const CONNECTS_AT_ONCE = 20;

const isAnswered = ({ answered }: Job, number: number): boolean =>
  answered === 'all' || (answered === 'even' && number % 2 === 0);

const createCitizen = async (job: Job, number: number): Promise<Citizen> => {
  const chance = seededChance(job.seed + number * 7919);
  const expectsAnswers = isAnswered(job, number);
  const [url = ''] = job.bases;
  switch (job.kind) {
    case 'v1':
      return createV1Citizen({ bases: job.bases, firstBase: number, chance, expectsAnswers });
    case 'library':
      return createLibraryCitizen({ bases: job.bases, firstBase: number, chance, expectsAnswers });
    case 'ws':
      return createWsCitizen(`c${number}`, url.replace(/^http/, 'ws'));
    case 'socketio':
    case 'socketio-retries': {
      const retries = job.kind === 'socketio-retries';
      return createSocketioCitizen({ name: `c${number}`, url, offlineMs: job.offlineMs, retries });
    }
  }
};

/** Makes all citizens of the job and connects them, a few at a time. */
export const gather = async (job: Job): Promise<Citizen[]> => {
  const citizens: Citizen[] = [];
  for (let at = job.from; at < job.to; at += CONNECTS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(CONNECTS_AT_ONCE, job.to - at) }, (_, index) => at + index);
    const made = await Promise.all(numbers.map((number) => createCitizen(job, number)));
    await Promise.all(made.map((citizen) => citizen.connect()));
    citizens.push(...made);
  }
  return citizens;
};

/** Runs `act` at each of the times, however long anything takes (open loop), until the signal aborts. */
const keepSchedule = async (
  times: Iterable<number>,
  act: (due: number) => void,
  signal: AbortSignal,
): Promise<void> => {
  for (const due of times) {
    const wait = due - now();
    if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    act(due);
  }
};

function* every(first: number, step: () => number, until: number): Generator<number> {
  for (let at = first; at < until; at += step()) yield at;
}

const between = ([least, most]: readonly [number, number], chance: () => number): number =>
  least + chance() * (most - least);

const live = (job: Job, citizen: Citizen, number: number, startAt: number, signal: AbortSignal): Promise<unknown> => {
  const until = startAt + job.seconds * 1000;
  const chance = seededChance(job.seed + number * 104_729 + 1);
  let turn = 0;
  const firstSay = startAt + (number / job.of) * job.sayEveryMs;
  const saying = keepSchedule(
    every(firstSay, () => job.sayEveryMs, until),
    (due) => {
      const text = job.lines[(number * 31 + turn) % job.lines.length] ?? 'Hello';
      citizen.say(`m-${number}-${turn}`, text, due);
      turn += 1;
    },
    signal,
  );
  const { cutEveryMs } = job;
  if (cutEveryMs === null) return saying;
  const cutting = keepSchedule(
    every(startAt + chance() * cutEveryMs, () => cutEveryMs * (0.7 + 0.6 * chance()), until),
    () => citizen.cut({ silentMs: between(job.silentMs, chance), offlineMs: between(job.offlineMs, chance) }),
    signal,
  );
  return Promise.all([saying, cutting]);
};

const settle = async (job: Job, citizens: readonly Citizen[]): Promise<void> => {
  const giveUpAt = now() + job.settleMs;
  const isQuiet = (): boolean =>
    citizens.every((citizen) => citizen.isSettled() && now() - citizen.lastHeardAt() > job.quietMs);
  await delay(job.quietMs);
  while (!isQuiet() && now() < giveUpAt) await delay(100);
};

/** The talk of all citizens from `startAt` on, until it is over or the signal aborts, and the quiet after it. */
export const drive = async (
  job: Job,
  citizens: readonly Citizen[],
  startAt: number,
  signal: AbortSignal,
): Promise<{ readonly records: readonly CitizenRecord[]; readonly health: DriverHealth }> => {
  const loopDelay = monitorEventLoopDelay({ resolution: 10 });
  await delay(Math.max(0, startAt - now()));
  loopDelay.enable();
  await Promise.all(citizens.map((citizen, index) => live(job, citizen, job.from + index, startAt, signal)));
  loopDelay.disable();
  await settle(job, citizens);
  const records = citizens.map((citizen) => citizen.record());
  const late = records.flatMap(({ said }) => said.map((message) => message.late));
  // The histogram counts from one interval of 10 ms to the next.
  const loopDelayP99 = Math.max(0, loopDelay.percentile(99) / 1e6 - 10);
  return { records, health: { lateP99: late.length === 0 ? 0 : quantile(late, 0.99), loopDelayP99 } };
};

import { parseArgs } from 'node:util';

export const scenarioNames = ['cuts', 'kills', 'peers', 'library', 'rolling', 'paused', 'upload', 'ack'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Options {
  readonly scenarios: readonly ScenarioName[];
  /** Undefined: as many as the target of the scenario names. */
  readonly citizens: number | undefined;
  readonly seconds: number | undefined;
  /** Processes that the citizens are shared among. */
  readonly drivers: number;
  /** Rounds of scenarios that compare in turn. */
  readonly rounds: number;
  readonly seed: number;
}

export const help = `npm run bench:resume [-- SCENARIO … --citizens N --seconds S --drivers D --rounds R --seed X]

Proves and measures what leoma.chat.v1 promises, against real servers on a PostgreSQL of their own, and prints a table for
each scenario; the figures are kept in bench/results/resume-<scenario>.json. Without names all run, one after the other, in about
half an hour; how far it has come is told on stderr. Then: npm run docs:reliability.

  cuts     1,000 citizens, every socket cut about every 15 s, 300 s; audited against the event log
  kills    the same on two server processes, with five times kill -9 (the last time both at once)
  peers    the same cuts, then one process killed five times, 150 s each: bare ws, Socket.IO with connection state recovery
  library  cuts and kills with the published client library (100 citizens, 100 s)
  rolling  2,000 citizens on two processes that are restarted one after the other with SIGTERM
  paused   one reader that stops reading, among 200 citizens
  upload   10 MiB over HTTP, and as base64 in a frame, while 200 citizens chat
  ack      500 messages a second, beside bare ws + one bare INSERT each

Options also by environment: BENCH_CITIZENS, BENCH_SECONDS. Ends with code 1 when something was lost, doubled or out of
order in a scenario of ours.`;

const isScenario = (name: string): name is ScenarioName => (scenarioNames as readonly string[]).includes(name);

const count = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1 on`);
  return value;
};

/**
 * Reads the command line.
 * @returns null when help was asked for
 * @throws Error with a message for a person
 */
export const readOptions = (args: readonly string[], env: NodeJS.ProcessEnv): Options | null => {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ citizens: text, seconds: text, drivers: text, rounds: text, seed: text },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const unknown = positionals.find((name) => !isScenario(name));
  if (unknown !== undefined) throw new Error(`There is no scenario ${unknown}. Known: ${scenarioNames.join(', ')}`);
  return {
    scenarios: positionals.length === 0 ? scenarioNames : positionals.filter(isScenario),
    citizens: count(values.citizens ?? env['BENCH_CITIZENS'], 'citizens'),
    seconds: count(values.seconds ?? env['BENCH_SECONDS'], 'seconds'),
    drivers: count(values.drivers, 'drivers') ?? 2,
    rounds: count(values.rounds, 'rounds') ?? 3,
    seed: count(values.seed, 'seed') ?? 1,
  };
};

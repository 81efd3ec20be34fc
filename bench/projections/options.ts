import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/platform/config.js';

export interface ProjectionsOptions {
  /** Events in the log before anybody chats. */
  readonly events: number;
  readonly citizens: number;
  /** Every citizen says something so often, whatever comes back. */
  readonly sayEveryMs: number;
  /** Processes that the citizens are shared among. */
  readonly drivers: number;
  /** Rounds with nobody online: a bare cursor, ours, and Emmett in turn. */
  readonly idleRounds: number;
  /** Rounds without and with a rebuild in turn, while everybody chats. */
  readonly rounds: number;
  /** How long a round is. The last rebuild is let come to its end after them. */
  readonly roundMs: number;
  /** How often the rebuild is killed with `kill -9`. */
  readonly kills: number;
  /** How often one of two servers is killed with `kill -9`. 0: there is only one server. */
  readonly takeOvers: number;
  /** Events that Emmett rebuilds from; 0: without Emmett. */
  readonly emmettEvents: number;
  /** `--max-load` of the rebuilds beside which citizens are timed. */
  readonly maxLoadPercent: number;
  readonly seed: number;
}

export const help = `npm run bench:projections [-- --events N --citizens N …]

Rebuilds every read model while citizens chat with a real server and readers poll every view, kills the rebuild again and again,
finishes it, verifies and rolls back, and prints one table; the figures are kept in bench/results/projections.json. How far it
has come is told on stderr. About fifteen minutes. Then: npm run docs:performance.

  --events N         events in the log before (1,000,000)
  --citizens N       who chat all the while, in processes of their own (100)
  --say-every MS     what each of them waits between two messages, whatever comes back (2000)
  --drivers N        processes of the citizens (2)
  --idle-rounds N    rounds with nobody online: bare cursor, ours, Emmett in turn (2, at least 1)
  --rounds N         rounds without and with a rebuild in turn; each goes on where the one before stopped (3)
  --round MS         length of a round (60000)
  --kills N          kill -9 of the rebuild, at random instants (10)
  --take-overs N     kill -9 of one of two servers (5)
  --emmett-events N  first events of the log that Emmett rebuilds from; 0: without it (5000)
  --max-load N       percent of the time in which a rebuild may work while everybody chats (as the settings have it);
                     with nobody online, when it is killed and when rows are compared it is 100
  --seed N           of the random instants (1)

Ends with code 1 when a reader got an error or a wrong row, a row went back in time, a message was not answered, or a rebuild,
a check or a roll-back did not end well. Missed times stand in the table.`;

export const defaults: ProjectionsOptions = {
  events: 1_000_000,
  citizens: 100,
  sayEveryMs: 2_000,
  drivers: 2,
  idleRounds: 2,
  rounds: 3,
  roundMs: 60_000,
  kills: 10,
  takeOvers: 5,
  emmettEvents: 5_000,
  maxLoadPercent: loadConfig({}).rebuildMaxLoadPercent,
  seed: 1,
};

const flags = {
  events: 'events',
  citizens: 'citizens',
  'say-every': 'sayEveryMs',
  drivers: 'drivers',
  'idle-rounds': 'idleRounds',
  rounds: 'rounds',
  round: 'roundMs',
  kills: 'kills',
  'take-overs': 'takeOvers',
  'emmett-events': 'emmettEvents',
  'max-load': 'maxLoadPercent',
  seed: 'seed',
} as const satisfies Readonly<Record<string, keyof ProjectionsOptions>>;

/**
 * Reads the command line.
 * @returns null when help was asked for
 * @throws Error with a message for a person
 */
export const readOptions = (args: readonly string[]): ProjectionsOptions | null => {
  const known: Readonly<Record<string, { type: 'string' | 'boolean'; short?: string }>> = {
    ...Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: 'string' as const }])),
    help: { type: 'boolean', short: 'h' },
  };
  const { values } = parseArgs({ args: [...args], options: known });
  if (values['help'] === true) return null;
  const given = Object.entries(flags).flatMap(([flag, name]) => {
    const value = values[flag];
    if (typeof value !== 'string') return [];
    if (!/^\d+$/.test(value)) throw new Error(`--${flag} must be a whole number`);
    return [[name, Number(value)] as const];
  });
  const options = { ...defaults, ...Object.fromEntries(given) };
  // The first one builds what servers then serve.
  if (options.idleRounds === 0) throw new Error('--idle-rounds must be at least 1');
  return options;
};

import { isPerfect } from '../audit.js';
import { hasLibrary } from '../driver/library-citizen.js';
import type { CitizenRecord } from '../driver/citizen.js';
import type { Options } from '../options.js';
import { print, shown, tallyCells, tallyHeads } from '../report.js';
import { quantile } from '../../support/figures.js';
import { runStorm, type StormOptions, type StormResult } from './storm.js';

const countBy = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

/** What happened to the connections, in words. */
export const connectionNotes = (records: readonly CitizenRecord[]): string[] => {
  const away = records.flatMap(({ absences }) => absences.map(({ lostAt, backAt }) => backAt - lostAt));
  const cuts = records.reduce((sum, record) => sum + record.cuts, 0);
  const errors = countBy(records.flatMap((record) => record.errors));
  const told = Object.entries(errors).map(([code, count]) => `${code} ${count}`);
  return [
    `cuts ${shown(cuts)}, returns ${shown(away.length)}; away p50 ${shown(quantile(away, 0.5) / 1000)} s, longest ${shown(Math.max(0, ...away) / 1000)} s`,
    `answers with an error: ${told.length === 0 ? 'none' : told.join(', ')}`,
  ];
};

const isFlawless = ({ audit }: StormResult, client: StormOptions['client']): boolean =>
  isPerfect(audit.toServer) &&
  isPerfect(audit.toCitizen) &&
  (client === 'library' || isPerfect(audit.frames)) &&
  audit.notAnsweredOnce === 0 &&
  audit.acknowledgedAndLost === 0 &&
  audit.chainIntact;

const report = (scenario: string, title: string, options: StormOptions, result: StormResult): boolean => {
  const { audit, records, health } = result;
  const flawless = isFlawless(result, options.client);
  print({
    ...{ scenario, title, health },
    heads: ['direction', ...tallyHeads],
    rows: [
      ['citizen → server', ...tallyCells(audit.toServer)],
      ['server → citizen (answers, officers)', ...tallyCells(audit.toCitizen)],
      ...(options.client === 'library' ? [] : [['all durable frames', ...tallyCells(audit.frames)]]),
    ],
    notes: [
      ...connectionNotes(records),
      `messages to the assistant without exactly one answer: ${audit.notAnsweredOnce}; acknowledged and lost: ${audit.acknowledgedAndLost}`,
      `${shown(audit.events)} events in the log, hash chain ${audit.chainIntact ? 'intact' : 'BROKEN'}`,
      flawless ? 'target met: everything once and in order' : 'TARGET MISSED',
    ],
    figures: { options, audit },
  });
  return flawless;
};

const storm = async (scenario: string, title: string, options: StormOptions): Promise<boolean> =>
  report(scenario, title, options, await runStorm(options));

const of = ({ citizens = 1_000, seconds = 300, drivers, seed }: Options) => ({ citizens, seconds, drivers, seed });

export const cuts = (options: Options): Promise<boolean> => {
  const scale = of(options);
  return storm('cuts', `${scale.citizens} citizens, ${scale.seconds} s, one server, sockets cut`, {
    ...{ ...scale, client: 'v1', servers: 1, kills: 0 },
  });
};

export const kills = (options: Options): Promise<boolean> => {
  const scale = of(options);
  return storm('kills', `${scale.citizens} citizens, ${scale.seconds} s, two servers, sockets cut, 5 × kill -9`, {
    ...{ ...scale, client: 'v1', servers: 2, kills: 5 },
  });
};

export const library = async (options: Options): Promise<boolean> => {
  if (!hasLibrary()) {
    console.log('\n## library: left out, client/dist is not there (npm run build --workspace client)');
    return true;
  }
  const scale = of({ ...options, citizens: options.citizens ?? 100, seconds: options.seconds ?? 100 });
  return storm('library', `${scale.citizens} published clients, ${scale.seconds} s, two servers, cuts, 5 × kill -9`, {
    ...{ ...scale, client: 'library', servers: 2, kills: 5 },
  });
};

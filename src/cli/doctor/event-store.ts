import { olderLogProblem } from '../../older-log.js';
import { readConnectionString } from '../../events/eventstoredb/connection-string.js';
import type { Config } from '../../platform/config.js';
import { bad, type Finding } from './check.js';
import type { DatabaseFindings } from './database.js';

const check = 'event store';
const quiet = { debug: () => undefined, warn: () => undefined, error: () => undefined };

/** Years and months of server versions compare as numbers. */
const OLDEST = [22, 10] as const;
const isTooOld = (version: string): boolean => {
  const [year = 0, month = 0] = version.split('.').map(Number);
  return Number.isFinite(year) && (year < OLDEST[0] || (year === OLDEST[0] && month < OLDEST[1]));
};

const ofAnotherLog = (logId: string | undefined, logIds: readonly string[]): Finding[] =>
  logIds.length === 0 || (logId !== undefined && logIds.includes(logId))
    ? []
    : [
        {
          check,
          state: 'bad',
          found: 'The read models in the database were made from another event log than the one that is connected.',
          todo: 'Check DATABASE_URL, EVENTSTORE_URL and EVENTSTORE_STREAM_PREFIX; if the log was replaced on purpose: citizen projections rebuild',
        },
      ];

/** A log that was restored from an older back-up than the read models, as the start would refuse it. */
const restored = (end: bigint, passed: bigint): Finding[] => {
  const found = olderLogProblem(end, passed);
  return found === undefined ? [] : [{ check, state: 'bad', found }];
};

/** EventStoreDB / KurrentDB: reachable, new enough, readable, and the log that the read models belong to. Writes nothing. */
export const checkEventStore = async (
  config: Config,
  { logIds, ownLogId, passed }: Omit<DatabaseFindings, 'findings'>,
): Promise<Finding[]> => {
  if (config.eventStoreUrl === undefined) {
    const found = 'PostgreSQL keeps the event log (EVENTSTORE_URL is not set).';
    return [{ check, state: 'ok', found }, ...ofAnotherLog(ownLogId, logIds)];
  }
  try {
    const address = readConnectionString(config.eventStoreUrl);
    const { probeEventStore } = await import('../../events/eventstoredb/probe.js');
    const { version, logId, position, end, mayWrite } = await probeEventStore({
      ...{ address, streamPrefix: config.eventStoreStreamPrefix, logger: quiet },
      timeoutMs: Math.min(config.appendTimeoutMs, 5_000),
    });
    const findings: Finding[] = [];
    if (isTooOld(version)) {
      const todo = 'Use EventStoreDB 22.10 or newer, or KurrentDB.';
      findings.push({
        check,
        state: 'bad',
        found: `The event store at ${address.hosts} has version ${version}.`,
        todo,
      });
    } else {
      const log = logId === undefined ? 'has no log of ours yet' : `has our log, up to position ${String(position)}`;
      findings.push({ check, state: 'ok', found: `The event store at ${address.hosts}, version ${version}, ${log}.` });
    }
    if (!mayWrite) {
      findings.push({
        check,
        state: 'bad',
        found: `The user in EVENTSTORE_URL may not write streams that begin with ${config.eventStoreStreamPrefix}`,
        todo: 'Give it the right to write them (docs/eventstoredb.md, "Versions, rights, settings").',
      });
    }
    if (!address.tls) {
      const dropped = address.hasCredentials ? ' The password in it is not sent at all then.' : '';
      const found = `EVENTSTORE_URL says tls=false: what goes to the event store can be read on the way.${dropped}`;
      findings.push({ check, state: 'note', found });
    }
    const seen = logId === undefined ? undefined : passed?.get(logId);
    return [...findings, ...ofAnotherLog(logId, logIds), ...restored(end, seen ?? 0n)];
  } catch (error) {
    return [bad(check, error, 'Check EVENTSTORE_URL and that the server is up.')];
  }
};

import { setTimeout as delay } from 'node:timers/promises';
import type { LookUp, OpenCase, TurnDependencies } from './agent/turn.js';
import type { AccessKeys } from './commands/access-key.js';
import { readOfficeWords } from './commands/complaint/open-question.js';
import { publicStatus } from './commands/complaint/public-status.js';
import type { Policies } from './commands/policies/policies.js';
import type { EventLog } from './events/event-log.js';
import type { Queries } from './projections/queries/index.js';
import { readOwnPart } from './projections/queries/own-part.js';
import type { SessionLookups } from './transport/session-lookups.js';

export interface CaseToolsDependencies {
  readonly log: Pick<EventLog, 'readStream'>;
  readonly queries: Pick<Queries, 'trackingByLookup' | 'transcript'>;
  readonly policy: Policies;
  readonly guard: Pick<SessionLookups, 'ask' | 'failed'>;
  readonly accessKeys: Pick<AccessKeys, 'verify'>;
}

export interface CaseTools {
  readonly lookUp: LookUp;
  readonly openCase: OpenCase;
  readonly officeWords: TurnDependencies['officeWords'];
}

/**
 * What the assistant may find out about filed complaints: by the number what anybody may see who has it, by number and access
 * key what the owner may see. Failures count against the same guard as over HTTP.
 */
export const createCaseTools = ({ log, queries, policy, guard, accessKeys }: CaseToolsDependencies): CaseTools => {
  /** Whether the guard lets the session's citizen ask now. */
  const admit = async (sessionId: string): Promise<boolean> => {
    const allowance = guard.ask(sessionId);
    if (allowance.ok && allowance.delayMs > 0) await delay(allowance.delayMs);
    return allowance.ok;
  };
  return {
    officeWords: (complaintId) => readOfficeWords(log, complaintId),
    lookUp: async ({ trackingLookup, language, sessionId }) => {
      if (!(await admit(sessionId))) return { outcome: 'busy' };
      const row = await queries.trackingByLookup(trackingLookup);
      const status = row === undefined ? undefined : publicStatus(row, policy, language);
      if (status !== undefined) return { outcome: 'found', status };
      guard.failed(sessionId);
      return { outcome: 'not_found' };
    },
    openCase: async ({ trackingLookup, accessKey, language, sessionId }) => {
      if (!(await admit(sessionId))) return { outcome: 'busy' };
      const row = await queries.trackingByLookup(trackingLookup);
      // An unknown number takes the same work as a wrong key.
      const isOwner = await accessKeys.verify(accessKey, row?.accessKeyHash ?? undefined);
      const status = row === undefined ? undefined : publicStatus(row, policy, language);
      if (row === undefined || status === undefined || !isOwner) {
        guard.failed(sessionId);
        return { outcome: status === undefined ? 'not_found' : 'wrong_key' };
      }
      const { transcript, answers, evidence } = await readOwnPart({ queries, log }, row);
      const { complaintId, filedAt } = row;
      return {
        outcome: 'opened',
        view: { complaintId, status, filedOn: filedAt.slice(0, 10), transcript, answers, evidence },
      };
    },
  };
};

import { setTimeout as delay } from 'node:timers/promises';
import type { LookUp, OpenCase } from './agent/turn.js';
import type { AccessKeys } from './commands/access-key.js';
import { publicStatus } from './commands/complaint/public-status.js';
import type { Policies } from './commands/policies/policies.js';
import { shortHash } from './platform/short-hash.js';
import type { Queries } from './projections/queries/index.js';
import { readOwnPart } from './projections/queries/own-part.js';
import type { LookupGuard } from './transport/lookup-guard.js';

export interface CaseToolsDependencies {
  readonly queries: Pick<Queries, 'trackingByLookup' | 'transcript'>;
  readonly policy: Policies;
  readonly guard: LookupGuard;
  readonly accessKeys: Pick<AccessKeys, 'verify'>;
}

export interface CaseTools {
  readonly lookUp: LookUp;
  readonly openCase: OpenCase;
}

/**
 * What the assistant may find out about filed complaints: by the number what anybody may see who has it, by number and access
 * key what the owner may see. Failures count against the same guard as over HTTP.
 */
export const createCaseTools = ({ queries, policy, guard, accessKeys }: CaseToolsDependencies): CaseTools => {
  /** Who asks, when the guard lets them; null: not now. */
  const admit = async (sessionId: string): Promise<string | null> => {
    const asker = `session ${shortHash(sessionId)}`;
    const allowance = guard.ask(asker);
    if (!allowance.ok) return null;
    if (allowance.delayMs > 0) await delay(allowance.delayMs);
    return asker;
  };
  return {
    lookUp: async ({ trackingLookup, language, sessionId }) => {
      const asker = await admit(sessionId);
      if (asker === null) return { outcome: 'busy' };
      const row = await queries.trackingByLookup(trackingLookup);
      const status = row === undefined ? undefined : publicStatus(row, policy, language);
      if (status !== undefined) return { outcome: 'found', status };
      guard.failed(asker);
      return { outcome: 'not_found' };
    },
    openCase: async ({ trackingLookup, accessKey, language, sessionId }) => {
      const asker = await admit(sessionId);
      if (asker === null) return { outcome: 'busy' };
      const row = await queries.trackingByLookup(trackingLookup);
      // An unknown number takes the same work as a wrong key.
      const isOwner = await accessKeys.verify(accessKey, row?.accessKeyHash ?? undefined);
      const status = row === undefined ? undefined : publicStatus(row, policy, language);
      if (row === undefined || status === undefined || !isOwner) {
        guard.failed(asker);
        return { outcome: status === undefined ? 'not_found' : 'wrong_key' };
      }
      const { transcript, evidence } = await readOwnPart(queries, row.sessionId);
      const { complaintId, filedAt } = row;
      return {
        outcome: 'opened',
        view: { complaintId, status, filedOn: filedAt.slice(0, 10), transcript, evidence },
      };
    },
  };
};

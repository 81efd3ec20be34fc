import { z } from 'zod';
import { readAsFiled } from '../../commands/session/as-filed.js';
import { createEvolveSession } from '../../commands/session/evolve.js';
import type { TransportDeps } from '../deps.js';
import { answersOf, answersSchema } from './answers-routes.js';

/** What was filed, as its owner sees it: of the identity only how it is kept, so that no name or telephone number is shown anew. */
export const filedSchema = answersSchema
  .omit({ ready: true, identity: true })
  .extend({ identity: z.enum(['named', 'confidential', 'anonymous']).nullable() });

/** Reads what was filed, and which lines of the conversation only list the answers. */
export const readFiledPart = async (
  { log, policy }: Pick<TransportDeps, 'log' | 'policy'>,
  { sessionId, complaintId }: { readonly sessionId: string; readonly complaintId: string },
) => {
  const evolve = createEvolveSession(policy.saysYes);
  const { state, lists } = await readAsFiled({ log, evolve }, sessionId, complaintId);
  if (state === null) return { filed: null, lists };
  const { ready: _ready, identity, ...filed } = answersOf(state, policy.taxonomy);
  return { filed: { ...filed, identity: identity?.mode ?? null }, lists };
};

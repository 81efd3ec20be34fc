import { z } from 'zod';
import type { SessionState } from '../../commands/session/state.js';
import type { Taxonomy } from '../../commands/taxonomy/taxonomy.js';
import { ERASED } from '../../events/personal.js';
import type { TransportDeps } from '../deps.js';
import { refusalToError } from '../protocol/codes.js';
import { fail, protocolError } from '../protocol/result.js';
import { answer, type Route, type RouteRequest } from './route.js';
import { accessOf, accessProblems, sessionParam, tokenHeader } from './session-access.js';

export type AnswersRouteDeps = Pick<TransportDeps, 'sessions' | 'tokens' | 'policy'>;

const labelSchema = z.strictObject({ en: z.string(), kri: z.string() });

/** The answers of a conversation. */
export const answersSchema = z.strictObject({
  ready: z.boolean().describe('They were shown and nothing has changed since: a yes files them.'),
  description: z.string().nullable(),
  happenedWhen: z.string().nullable(),
  happenedWhere: z.string().nullable(),
  triedBefore: z.string().nullable(),
  remedyWanted: z.string().nullable(),
  beforeCourt: z.enum(['yes', 'no', 'not_sure']).nullable(),
  files: z.array(z.strictObject({ evidenceId: z.uuid(), name: z.string(), sizeBytes: z.number().int() })),
  category: labelSchema.nullable(),
  institution: labelSchema.nullable(),
  institutionWords: z.string().nullable(),
  identity: z
    .strictObject({
      mode: z.enum(['named', 'confidential', 'anonymous']),
      contact: z.array(z.string()).describe('Name, phone, e-mail, a safe way to be reached; those that were given.'),
      shareNameWithInstitution: z.boolean(),
    })
    .nullable(),
});

/** What was erased is as if it had not been said. */
const kept = (text: string | null): string | null => (text === ERASED ? null : text);

const labelIn = (list: Taxonomy['categories'] | Taxonomy['institutions'], code: string | null | undefined) => {
  const label = list.find((entry) => entry.code === code)?.label;
  return label === undefined ? null : { en: label.en, kri: label.kri };
};

const identityOf = ({ identity }: SessionState['draft']) => {
  if (identity === null) return null;
  const { mode, name, phone, email, safeContact, shareNameWithInstitution } = identity;
  return {
    mode,
    contact: [name, phone, email, safeContact].flatMap((value) => kept(value) ?? []),
    shareNameWithInstitution,
  };
};

/** The answers as pages show them; what was erased is left out. */
export const answersOf = ({ draft, evidence, filed }: SessionState, { categories, institutions }: Taxonomy) => ({
  ready: draft.answersShown && filed === null,
  description: kept(draft.description),
  happenedWhen: kept(draft.happenedWhen),
  happenedWhere: kept(draft.happenedWhere),
  triedBefore: kept(draft.triedBefore),
  remedyWanted: kept(draft.remedyWanted),
  beforeCourt: draft.beforeCourt,
  files: evidence.map(({ evidenceId, name, sizeBytes }) => ({ evidenceId, name, sizeBytes })),
  category: labelIn(categories, draft.classification?.category),
  institution: labelIn(institutions, draft.classification?.institution),
  institutionWords: kept(draft.institutionWords),
  identity: identityOf(draft),
});

const takenBackSchema = z.strictObject({ evidenceId: z.uuid(), withdrawn: z.literal(true) });

const takeBack = async (deps: AnswersRouteDeps, request: RouteRequest<unknown>) => {
  const access = await accessOf(deps, request);
  if (!access.ok) return access;
  const evidenceId = request.params['evidenceId'] ?? '';
  const { sessionId } = access.value;
  const command = { type: 'WithdrawEvidence', evidenceId } as const;
  const outcome = await deps.sessions.handle(sessionId, command, { actor: { kind: 'citizen' } });
  return outcome.ok
    ? answer(200, { evidenceId, withdrawn: true })
    : fail(protocolError(refusalToError[outcome.refusal.code]));
};

/** The answers so far, for the page on which a citizen checks them. They are the citizen's own: the token opens them. */
export const answersRoutes = (deps: AnswersRouteDeps): readonly Route[] => [
  {
    method: 'get',
    path: '/api/agent/session/:id/answers',
    operationId: 'readAnswers',
    summary: 'The answers of a conversation so far, as they would be filed',
    params: sessionParam,
    headers: tokenHeader,
    responses: { 200: { description: 'The answers.', schema: answersSchema } },
    problems: accessProblems,
    answer: async (request) => {
      const access = await accessOf(deps, request);
      return access.ok ? answer(200, answersOf(access.value.state, deps.policy.taxonomy)) : access;
    },
  },
  {
    method: 'delete',
    path: '/api/agent/session/:id/evidence/:evidenceId',
    operationId: 'withdrawEvidence',
    summary: 'Takes a file out of a complaint that is not filed yet',
    params: { ...sessionParam, evidenceId: { schema: z.uuid(), description: 'As the answers name it.' } },
    headers: tokenHeader,
    responses: { 200: { description: 'It is no part of the complaint.', schema: takenBackSchema } },
    problems: [...accessProblems, 'origin_rejected', 'conflict'],
    answer: (request) => takeBack(deps, request),
  },
];

import { z } from 'zod';
import { languageSchema, sessionStateSchema } from '../../events/catalogue/session.js';
import { newSessionId } from '../../platform/ids.js';
import type { TransportDeps } from '../deps.js';
import { announcedLimits } from '../protocol/announced-limits.js';
import { refusalToError } from '../protocol/codes.js';
import { V1_PROTOCOL } from '../protocol/position.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import { readClaim } from '../session-claim.js';
import type { Limiter } from '../token-bucket.js';
import { afterParameter, readAfterProblems, waitForAfter } from './read-after.js';
import { answer, bearerOf, type Route, type RouteRequest } from './route.js';
import { optionalTokenHeader, stateOfClaim } from './session-access.js';

export type SessionRouteDeps = Pick<
  TransportDeps,
  'sessions' | 'queries' | 'log' | 'readModelReaches' | 'tokens' | 'logins' | 'config'
> & {
  /** Sessions per address. */
  readonly newSessions: Limiter;
  readonly isDraining: () => boolean;
};

const newSessionSchema = z.object({
  language: languageSchema
    .optional()
    .catch(undefined)
    .describe('Language to begin with. Absent, or one that is not spoken here: `en`; the answer says which it is.'),
});

const sessionSchema = z.strictObject({
  sessionId: z.string(),
  websocketUrl: z.url().describe('Without a query: add `?sessionId=<id>`.'),
  token: z.string().describe('Session token (JWT), for `Authorization: Bearer`.'),
  expiresAt: z.iso.datetime(),
  language: languageSchema.describe('Language in which the conversation begins.'),
  protocols: z
    .array(z.string())
    .describe('Subprotocols that the WebSocket speaks, besides none (the classic profile).'),
  limits: z
    .record(z.string(), z.number())
    .describe('What the server takes; refused anyway, so a client may ignore them.'),
});

const statusSchema = z.strictObject({
  sessionId: z.string(),
  state: sessionStateSchema,
  messageCount: z.number().int(),
  completeness: z.number().min(0).max(1).describe('How much of the intake is done.'),
  trackingNumber: z.string().nullable(),
  language: languageSchema,
  assistance: z.enum(['bot', 'waiting_human', 'human']),
  startedAt: z.string(),
  lastActivity: z.string(),
  liveness: z.enum(['active', 'idle', 'abandoned']),
  position: z
    .string()
    .nullable()
    .describe(
      'All fields hold everything up to this place in the log, the last event of the conversation. Null: they are of one earlier moment, for the read model is behind.',
    ),
});

/** Opens a session for this client. Gives its id, or why not. */
export const openSession = async (
  deps: SessionRouteDeps,
  address: string,
  options: {
    readonly language?: 'en' | 'kri' | undefined;
    readonly channel: 'web' | 'api';
    /** Whose conversation it will be; see `logins.ts`. */
    readonly holder?: string | null;
  },
): Promise<Result<string, ProtocolError>> => {
  const { holder = null } = options;
  if (deps.isDraining()) return fail(protocolError('draining'));
  if (deps.config.requireLogin && holder === null) return fail(protocolError('login_required'));
  const allowance = deps.newSessions.take(address);
  if (!allowance.ok) return fail(protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs }));
  const sessionId = newSessionId();
  const { channel, language = 'en' } = options;
  const outcome = await deps.sessions.handle(
    sessionId,
    { type: 'StartSession', language, channel },
    { actor: { kind: 'citizen' } },
  );
  if (!outcome.ok) return fail(protocolError(refusalToError[outcome.refusal.code]));
  // Nobody knows the id yet: a crash in between leaves a conversation that nobody can come into.
  if (holder === null) return ok(sessionId);
  const bound = await deps.sessions.handle(sessionId, { type: 'BindSession', holder }, { actor: { kind: 'system' } });
  return bound.ok ? ok(sessionId) : fail(protocolError(refusalToError[bound.refusal.code]));
};

/** What a client needs to come into a session; `websocketBase` is `ws(s)://host`. */
export const sessionAnswer = async (
  { tokens, config }: Pick<SessionRouteDeps, 'tokens' | 'config'>,
  sessionId: string,
  { websocketBase, language }: { readonly websocketBase: string; readonly language: 'en' | 'kri' },
): Promise<z.infer<typeof sessionSchema>> => ({
  sessionId,
  websocketUrl: `${websocketBase}/ws`,
  ...(await tokens.issue(sessionId)),
  language,
  protocols: [V1_PROTOCOL],
  limits: { ...announcedLimits(config), classicFrameBytes: config.maxClassicFrameBytes },
});

/** The user of the site who asks, where the site has an identity provider and the request a token of it. */
const holderOf = async (
  { logins }: SessionRouteDeps,
  request: RouteRequest<unknown>,
): Promise<Result<string | null, ProtocolError>> => {
  const token = bearerOf(request);
  if (logins === null || token === null) return ok(null);
  const holder = await logins.holderOf(token);
  return holder === null ? fail(protocolError('unauthorized')) : ok(holder);
};

const READ_MODEL_PATIENCE_MS = 2000;

const readStatus = async (deps: SessionRouteDeps, request: RouteRequest<unknown>) => {
  const claim = await readClaim(deps, bearerOf(request), request.params['id'] ?? '');
  if (!claim.ok) return claim;
  const access = await stateOfClaim(deps, claim.value);
  if (!access.ok) return access;
  const { sessionId, position } = access.value;
  const waited = await waitForAfter(deps, request, 'status');
  if (!waited.ok) return waited;
  // The read model may be a moment behind: all fields come from one row of it, which holds what the log held just now.
  const isReached = await deps.readModelReaches('status', position, READ_MODEL_PATIENCE_MS);
  const status = await deps.queries.sessionStatus(sessionId);
  if (status === undefined) return fail(protocolError('read_model_behind', { retryAfterMs: READ_MODEL_PATIENCE_MS }));
  const { messageCount, completeness, trackingNumber, language, assistance, startedAt, lastActivity, liveness } =
    status;
  return answer(200, {
    ...{ sessionId, state: status.state, messageCount, completeness, trackingNumber },
    ...{ language, assistance, startedAt, lastActivity, liveness },
    position: isReached ? position.toString() : null,
  });
};

/** Opening a session and asking for its status. */
export const sessionRoutes = (deps: SessionRouteDeps): readonly Route[] => [
  {
    method: 'post',
    path: '/api/agent/session',
    operationId: 'openSession',
    summary: 'Opens a conversation',
    headers: {
      Authorization: {
        schema: z.string().optional(),
        description: "`Bearer <token of the site's identity provider>`: the conversation belongs to that user.",
      },
    },
    body: { schema: newSessionSchema, required: false, carriesFiles: false },
    responses: { 201: { description: 'The conversation is open.', schema: sessionSchema } },
    problems: ['rate_limited', 'draining', 'origin_rejected', 'unauthorized', 'login_required'],
    answer: async (request) => {
      const wish = newSessionSchema.safeParse(request.body ?? {});
      if (request.websocketBase === null) return fail(protocolError('bad_request', { field: 'Host' }));
      const holder = await holderOf(deps, request);
      if (!holder.ok) return holder;
      const language = (wish.success ? wish.data.language : undefined) ?? 'en';
      const opened = await openSession(deps, request.address, {
        language,
        channel: 'web',
        holder: holder.value,
      });
      if (!opened.ok) return opened;
      return answer(201, await sessionAnswer(deps, opened.value, { websocketBase: request.websocketBase, language }));
    },
  },
  {
    method: 'get',
    path: '/api/agent/session/:id/status',
    operationId: 'readSessionStatus',
    summary: 'State of a conversation',
    params: { id: { schema: z.string(), description: 'Session id.' } },
    query: afterParameter,
    headers: optionalTokenHeader,
    responses: { 200: { description: 'The state.', schema: statusSchema } },
    problems: [
      'session_unknown',
      'unauthorized',
      'session_expired',
      'session_mismatch',
      'session_revoked',
      'login_required',
      ...readAfterProblems,
    ],
    answer: (request) => readStatus(deps, request),
  },
];

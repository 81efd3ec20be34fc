import { z } from 'zod';
import type { TransportDeps } from '../deps.js';
import { refusalToError } from '../protocol/codes.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import { answer, bearerOf, type Route, type RouteRequest } from './route.js';
import { accessOf, accessProblems, openStateOf, sessionParam, tokenHeader, type Access } from './session-access.js';

export type TokenRouteDeps = Pick<TransportDeps, 'sessions' | 'queries' | 'tokens' | 'logins' | 'config' | 'clock'>;

const tokenSchema = z.strictObject({ token: z.string(), expiresAt: z.iso.datetime() });
const revokedSchema = z.strictObject({ sessionId: z.string(), revoked: z.literal(true) });
const HOUR_MS = 3_600_000;

/** A token of the site's identity provider opens the conversations of its user; null: it is no such token. */
const accessByLogin = async (
  deps: TokenRouteDeps,
  request: RouteRequest<unknown>,
): Promise<Result<Access, ProtocolError> | null> => {
  const token = bearerOf(request);
  const holder = token === null || deps.logins === null ? null : await deps.logins.holderOf(token);
  if (holder === null) return null;
  const access = await openStateOf(deps, request.params['id'] ?? '');
  if (!access.ok) return access;
  return access.value.state.holder === holder ? access : fail(protocolError('session_mismatch'));
};

/** Who may have a new token: the holder of the last one, unless the conversation belongs to a logged-in user. */
const mayRefresh = async (
  deps: TokenRouteDeps,
  request: RouteRequest<unknown>,
): Promise<Result<Access, ProtocolError>> => {
  const byLogin = await accessByLogin(deps, request);
  if (byLogin !== null) return byLogin;
  const access = await accessOf(deps, request, deps.config.sessionTokenGraceS);
  if (!access.ok) return access;
  return access.value.state.holder === null ? access : fail(protocolError('login_required'));
};

/** Idle and absolute lifetime (security.md row 7), by the read model: a moment old is early enough. */
const withinLifetime = async (
  { queries, config, clock }: TokenRouteDeps,
  { sessionId }: Access,
): Promise<Result<string, ProtocolError>> => {
  const status = await queries.sessionStatus(sessionId);
  const now = clock.now().getTime();
  const isOver =
    status !== undefined &&
    (now - Date.parse(status.startedAt) > config.sessionMaxAgeHours * HOUR_MS ||
      now - Date.parse(status.lastActivity) > config.sessionIdleHours * HOUR_MS);
  return isOver ? fail(protocolError('session_expired')) : ok(sessionId);
};

const refresh = async (deps: TokenRouteDeps, request: RouteRequest<unknown>) => {
  const access = await mayRefresh(deps, request);
  if (!access.ok) return access;
  const alive = await withinLifetime(deps, access.value);
  return alive.ok ? answer(200, await deps.tokens.issue(alive.value)) : alive;
};

const revoke = async (deps: TokenRouteDeps, request: RouteRequest<unknown>) => {
  const access = (await accessByLogin(deps, request)) ?? (await accessOf(deps, request));
  if (!access.ok) return access;
  const { sessionId } = access.value;
  const outcome = await deps.sessions.handle(
    sessionId,
    { type: 'RevokeSession', reason: 'holder' },
    { actor: { kind: 'citizen' } },
  );
  return outcome.ok
    ? answer(200, { sessionId, revoked: true })
    : fail(protocolError(refusalToError[outcome.refusal.code]));
};

/** New tokens, and the end of a conversation for whoever holds it. */
export const tokenRoutes = (deps: TokenRouteDeps): readonly Route[] => [
  {
    method: 'post',
    path: '/api/agent/session/:id/token',
    operationId: 'refreshToken',
    summary: 'Changes a session token, also one that ended not long ago, for a new one',
    params: sessionParam,
    headers: {
      Authorization: {
        schema: z.string(),
        description:
          "`Bearer <session token>`; for a conversation of a logged-in user `Bearer <token of the site's identity provider>`.",
      },
    },
    responses: { 200: { description: 'The new token.', schema: tokenSchema } },
    problems: [...accessProblems, 'login_required', 'origin_rejected'],
    answer: (request) => refresh(deps, request),
  },
  {
    method: 'delete',
    path: '/api/agent/session/:id',
    operationId: 'revokeSession',
    summary: 'Closes the conversation to everybody who has its id or a token: what was said stays on record',
    params: sessionParam,
    headers: tokenHeader,
    responses: { 200: { description: 'It is closed, on every process.', schema: revokedSchema } },
    problems: [...accessProblems, 'origin_rejected', 'conflict'],
    answer: (request) => revoke(deps, request),
  },
];

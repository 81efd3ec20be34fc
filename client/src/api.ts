import type { FrameData } from './frames.js';
import type { Environment } from './environment.js';
import { toError, type ClientError } from './errors.js';
import { ACK_TIMEOUT_MS } from './machine/basics.js';
import type { Session } from './machine/types.js';

// The HTTP side: discovery, tokens, and where the rest of the API lies.

export interface Endpoints {
  /** POST makes a session. */
  readonly session: string;
  /** Token, events and frames of one session lie below it. */
  readonly of: (sessionId: string) => string;
  /** POST changes the token of a session. */
  readonly token: (sessionId: string) => string;
  readonly uploads: string;
}

/**
 * Where things are.
 * @param sessionUrl answers POST with a session; the rest lies beside it, unless `apiUrl` says where.
 * @param apiUrl origin (and path) before `/api/…`, when the session is made somewhere else, as in a Next.js route.
 * @param tokenUrl where tokens are changed, when your site does that; `:id` in it stands for the session.
 */
export const endpoints = (sessionUrl: string, apiUrl?: string, tokenUrl?: string): Endpoints => {
  const base = apiUrl?.replace(/\/$/, '') ?? sessionUrl.replace(/\/api\/agent\/session\/?$/, '');
  const of = (id: string): string => `${base}/api/agent/session/${encodeURIComponent(id)}`;
  return {
    session: sessionUrl,
    of,
    token: (id) => tokenUrl?.replace(':id', encodeURIComponent(id)) ?? `${of(id)}/token`,
    uploads: `${base}/api/uploads`,
  };
};

export interface Failed {
  readonly ok: false;
  readonly status: number;
  readonly error: ClientError;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | Failed;

/** What a failed HTTP answer says. */
export const failed = (status: number, body: unknown, retryAfter?: string | null): Failed => {
  const seconds = Number(retryAfter);
  return {
    ok: false,
    status,
    error: toError({
      retryable: status === 429 || status >= 500,
      retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
      ...(body as FrameData | null),
    }),
  };
};

/** No answer at all: no network, or refused by the browser. */
export const unanswered = failed(0, { code: 'network', error: 'No answer.', retryable: true });

/** One POST that answers JSON. Never throws; without an answer it is given up, so that the next try can begin. */
export const request = async (env: Environment, url: string, init: RequestInit): Promise<Answer<unknown>> => {
  try {
    const response = await env.fetch(url, { method: 'POST', signal: AbortSignal.timeout(ACK_TIMEOUT_MS), ...init });
    const body: unknown = await response.json().catch(() => null);
    return response.ok ? { ok: true, value: body } : failed(response.status, body, response.headers.get('retry-after'));
  } catch {
    return unanswered;
  }
};

type Wire = Partial<Omit<Session, 'expiresAt'> & { readonly expiresAt: unknown }>;

/** `expiresAt` as ISO 8601 or as a number of milliseconds; without one the token is taken to last a day. */
const expiry = (value: unknown, now: number): number => new Date(value as string).getTime() || now + 86_400_000;

/** Asks for a session. `websocketUrl` overrides what the server says about itself. */
export const createSession = async (
  env: Environment,
  { session: url }: Endpoints,
  body: unknown,
  websocketUrl: string | undefined,
): Promise<Answer<Session>> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await request(env, url, { headers, body: JSON.stringify(body ?? {}) });
  if (!answer.ok) return answer;
  const { sessionId, protocols = [], token = '', limits = {}, ...wire } = (answer.value ?? {}) as Wire;
  const address = websocketUrl ?? wire.websocketUrl;
  if (!sessionId || !address) return failed(200, { code: 'bad_json', error: 'No session.' });
  const expiresAt = expiry(wire.expiresAt, env.now());
  return { ok: true, value: { sessionId, websocketUrl: address, protocols, token, expiresAt, limits } };
};

/** Changes a token, also one that has just run out, for a new one. */
export const refreshToken = async (
  env: Environment,
  at: Endpoints,
  { sessionId, token }: Session,
): Promise<Answer<{ readonly token: string; readonly expiresAt: number }>> => {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await request(env, at.token(sessionId), { headers });
  if (!answer.ok) return answer;
  const wire = (answer.value ?? {}) as Wire;
  return { ok: true, value: { token: wire.token ?? token, expiresAt: expiry(wire.expiresAt, env.now()) } };
};

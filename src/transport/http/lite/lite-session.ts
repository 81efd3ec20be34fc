import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import type { SessionState } from '../../../commands/session/state.js';
import type { TransportDeps } from '../../deps.js';
import { openStateOf } from '../session-access.js';

// The light pages keep the session's token in a cookie that no script can read and no other site can make a browser send.

const COOKIE = 'lite';
/** Says nothing; comes with the form, so that the post of the first message shows whether cookies are kept. */
const TRIAL = 'lite-kept';

type Deps = Pick<TransportDeps, 'tokens' | 'sessions' | 'config'>;

export interface LiteSession {
  readonly sessionId: string;
  readonly state: SessionState;
  /** As it stands in the cookie. */
  readonly token: string;
}

const digest = (purpose: string, token: string): Buffer => createHash('sha256').update(`${purpose}\n${token}`).digest();

/** Hidden field of the forms: only who can read the page knows it. It follows from the cookie, so nothing need be stored. */
export const formTokenOf = (token: string): string => digest('lite form', token).toString('base64url');

/** Tells the script one chat of this phone from another; nothing can be done with it. */
export const chatNameOf = (sessionId: string): string => digest('lite chat', sessionId).toString('hex').slice(0, 8);

export const isFormToken = (given: string, token: string): boolean => {
  const expected = Buffer.from(formTokenOf(token));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
};

const cookieOf = (request: Request, name: string): string | null =>
  (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;

/** Whether there is a session's cookie, whatever it opens. */
export const hasSessionCookie = (request: Request): boolean => (cookieOf(request, COOKIE) ?? '') !== '';

/** Whether the browser brings cookies back: without that each message would begin a conversation of its own. */
export const keepsCookies = (request: Request): boolean =>
  hasSessionCookie(request) || cookieOf(request, TRIAL) !== null;

const attributes = (isSecure: boolean): string => `Path=/lite; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

/** Until the browser is closed. */
export const setCookie = (response: Response, token: string, isSecure: boolean): void => {
  response.append('Set-Cookie', `${COOKIE}=${token}; ${attributes(isSecure)}`);
};

export const clearCookie = (response: Response, isSecure: boolean): void => {
  response.append('Set-Cookie', `${COOKIE}=; Max-Age=0; ${attributes(isSecure)}`);
};

/** Finds out with the next post whether the browser keeps cookies. */
export const tryCookie = (response: Response, isSecure: boolean): void => {
  response.append('Set-Cookie', `${TRIAL}=1; ${attributes(isSecure)}`);
};

/**
 * The conversation that the cookie names; null when there is none or it may not be used any more. A token that ended not long
 * ago is good enough, as for changing it over the API; a conversation of a logged-in user is not for these pages.
 */
export const sessionOfCookie = async (deps: Deps, request: Request): Promise<LiteSession | null> => {
  const token = cookieOf(request, COOKIE);
  if (token === null) return null;
  const verdict = await deps.tokens.verify(token, deps.config.sessionTokenGraceS);
  if (!verdict.ok) return null;
  const access = await openStateOf(deps, verdict.sessionId);
  return access.ok && access.value.state.holder === null ? { ...access.value, token } : null;
};

import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { isSessionId } from '../../platform/ids.js';
import type { ClientAddresses } from '../client-address.js';
import type { OriginPolicy } from '../origin-policy.js';
import { problemOf } from '../problem.js';
import { bearerIn } from '../bearer.js';
import { V1_PROTOCOL } from '../protocol/position.js';
import { protocolError, type ProtocolError } from '../protocol/result.js';
import type { Slots } from './slots.js';

// Everything that is decided about a socket before it is one. Refusals are plain HTTP answers.

/** Profiles by the subprotocol that selects them. */
export type Profile = 'classic' | 'v1';

export type Admission =
  | { readonly ok: true; readonly profile: 'classic'; readonly sessionId: string; readonly giveBack: () => void }
  | {
      readonly ok: true;
      readonly profile: 'v1';
      /** Token from the subprotocols, unchecked. */
      readonly token: string | null;
      readonly giveBack: () => void;
    }
  | { readonly ok: false; readonly error: ProtocolError };

export interface AdmissionDeps {
  readonly addresses: ClientAddresses;
  readonly isOriginAllowed: OriginPolicy;
  readonly slots: Slots;
  /** Why the classic profile does not open this session, or null. `bearer`: token of `Authorization`, if any. */
  readonly refusalById: (sessionId: string, bearer: string | null) => Promise<ProtocolError | null>;
  readonly isDraining: () => boolean;
}

const paths: ReadonlySet<string> = new Set(['/', '/ws']);
/** Wait this long, in seconds, before trying a full node again. */
const FULL_RETRY_S = 5;

/** No subprotocol is the classic profile. Null: only protocols that are not spoken here were offered. */
export const selectProfile = (offered: readonly string[]): Profile | null => {
  if (offered.length === 0) return 'classic';
  return offered.includes(V1_PROTOCOL) ? 'v1' : null;
};

const TOKEN_PREFIX = 'leoma.token.';

/** The token that a client put beside the protocol, as `leoma.token.<base64url>`: protocol names allow nothing else. */
const tokenIn = (offered: readonly string[]): string | null => {
  const entry = offered.find((name) => name.startsWith(TOKEN_PREFIX));
  return entry === undefined ? null : Buffer.from(entry.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8');
};

const offeredProtocols = (request: IncomingMessage): readonly string[] =>
  (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const parseTarget = (request: IncomingMessage): URL | null => {
  try {
    return new URL(request.url ?? '', 'http://server.invalid');
  } catch {
    return null;
  }
};

const refuse = (error: ProtocolError): Admission => ({ ok: false, error });

/** Decides about one upgrade request. When it is let in it holds a place until `giveBack`. */
export const admit = async (deps: AdmissionDeps, request: IncomingMessage): Promise<Admission> => {
  if (deps.isDraining()) return refuse(protocolError('draining', { retryAfterMs: FULL_RETRY_S * 1000 }));
  const target = parseTarget(request);
  if (target === null || !paths.has(target.pathname)) return refuse(protocolError('not_found'));
  if (!deps.isOriginAllowed(request)) return refuse(protocolError('origin_rejected'));
  const offered = offeredProtocols(request);
  const profile = selectProfile(offered);
  if (profile === null) return refuse(protocolError('protocol_unsupported'));
  const slot = deps.slots.take(deps.addresses.keyOf(request));
  if (!slot.ok) {
    const code = slot.why === 'node' ? 'overloaded' : 'too_many_sockets';
    return refuse(protocolError(code, { retryAfterMs: FULL_RETRY_S * 1000 }));
  }
  if (profile === 'v1') return { ok: true, profile, token: tokenIn(offered), giveBack: slot.giveBack };
  const sessionId = target.searchParams.get('sessionId') ?? '';
  let refusal: ProtocolError | null;
  try {
    const bearer = bearerIn(request.headers.authorization);
    refusal = isSessionId(sessionId) ? await deps.refusalById(sessionId, bearer) : protocolError('session_unknown');
  } catch (error) {
    slot.giveBack();
    throw error;
  }
  if (refusal === null) return { ok: true, profile, sessionId, giveBack: slot.giveBack };
  slot.giveBack();
  return refuse(refusal);
};

/** The HTTP answer to a refused upgrade, as text for the raw socket. */
export const refusalResponse = (error: ProtocolError): string => {
  const problem = problemOf(error);
  const body = JSON.stringify(problem);
  const headers = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Error'}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...(error.retryAfterMs === undefined ? [] : [`Retry-After: ${Math.ceil(error.retryAfterMs / 1000)}`]),
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
};

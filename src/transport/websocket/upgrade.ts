import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { isSessionId } from '../../platform/ids.js';
import type { ClientAddresses } from '../client-address.js';
import type { OriginPolicy } from '../origin-policy.js';
import { problemOf } from '../problem.js';
import { protocolError, type ProtocolError } from '../protocol/result.js';
import type { Slots } from './slots.js';

// Everything that is decided about a socket before it is one. Refusals are plain HTTP answers.

/** Profiles by the subprotocol that selects them; `leoma.chat.v1` joins this list when it is built. */
export type Profile = 'classic';

export type Admission =
  | { readonly ok: true; readonly profile: Profile; readonly sessionId: string; readonly giveBack: () => void }
  | { readonly ok: false; readonly error: ProtocolError };

export interface AdmissionDeps {
  readonly addresses: ClientAddresses;
  readonly isOriginAllowed: OriginPolicy;
  readonly slots: Slots;
  readonly sessionExists: (sessionId: string) => Promise<boolean>;
  readonly isDraining: () => boolean;
}

const paths: ReadonlySet<string> = new Set(['/', '/ws']);
/** Wait this long, in seconds, before trying a full node again. */
const FULL_RETRY_S = 5;

/** No subprotocol is the classic profile. Null: only protocols that are not spoken here were offered. */
export const selectProfile = (offered: readonly string[]): Profile | null => (offered.length === 0 ? 'classic' : null);

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
  const profile = selectProfile(offeredProtocols(request));
  if (profile === null) return refuse(protocolError('protocol_unsupported'));
  const slot = deps.slots.take(deps.addresses.keyOf(request));
  if (!slot.ok) {
    const code = slot.why === 'node' ? 'overloaded' : 'too_many_sockets';
    return refuse(protocolError(code, { retryAfterMs: FULL_RETRY_S * 1000 }));
  }
  const sessionId = target.searchParams.get('sessionId') ?? '';
  try {
    if (isSessionId(sessionId) && (await deps.sessionExists(sessionId)))
      return { ok: true, profile, sessionId, giveBack: slot.giveBack };
  } catch (error) {
    slot.giveBack();
    throw error;
  }
  slot.giveBack();
  return refuse(protocolError('session_unknown'));
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

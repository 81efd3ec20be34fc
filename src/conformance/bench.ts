import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, SessionInfo } from './case.js';
import { failed } from './outcome.js';
import { connectPeer, type ConnectOptions, type Peer } from './peer.js';

export interface Target {
  /** WebSocket address without query, such as `ws://localhost:3000/`. */
  readonly ws: string;
  /** Origin of the HTTP API. */
  readonly http: string;
  readonly replyMs: number;
}

/** Time that a case has left; waiting for a rate limit does not count. */
export interface Budget {
  readonly signal: AbortSignal;
  /** Gives the case so much more time, in ms. */
  extend(ms: number): void;
}

const CONNECT_MS = 5000;
/** A server that limits new sessions is waited for so long in all. */
const MAX_LIMIT_WAIT_MS = 120_000;

const retryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 1000;
};

/** What a case works with. `closeAll` ends every connection that it opened. */
export const createBench = (target: Target, budget: Budget): { readonly bench: Bench; closeAll(): void } => {
  const peers: Peer[] = [];
  const pause = async (ms: number): Promise<void> => {
    await delay(ms, undefined, { signal: budget.signal });
  };
  const request: Bench['request'] = (path, init = {}) =>
    fetch(`${target.http}${path}`, { signal: budget.signal, ...init });

  const openSession = async (): Promise<SessionInfo> => {
    for (let waited = 0; ;) {
      const response = await request('/api/agent/session', { method: 'POST' });
      if (response.status === 429 && waited < MAX_LIMIT_WAIT_MS) {
        await response.body?.cancel();
        const wait = retryAfterMs(response);
        waited += wait;
        budget.extend(wait);
        await pause(wait);
        continue;
      }
      const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
      const sessionId = body?.['sessionId'];
      if (response.status < 200 || response.status > 299 || typeof sessionId !== 'string')
        throw failed(`POST /api/agent/session was answered with ${response.status} and no sessionId`);
      return { sessionId, body: body ?? {} };
    }
  };

  const tryConnect = async (sessionId: string | null, options: ConnectOptions = {}) => {
    const url = new URL(target.ws);
    if (sessionId !== null) url.searchParams.set('sessionId', sessionId);
    const connected = await connectPeer(url.href, options, CONNECT_MS);
    if (connected.ok) peers.push(connected.peer);
    return connected;
  };

  const connect: Bench['connect'] = async (session, options) => {
    const connected = await tryConnect(session?.sessionId ?? null, options);
    if (!connected.ok) throw failed(`The connection was refused with HTTP ${connected.status}: ${connected.body}`);
    return connected.peer;
  };

  return {
    bench: { http: target.http, replyMs: target.replyMs, openSession, connect, tryConnect, request, pause },
    closeAll: () => {
      for (const peer of peers) peer.terminate();
    },
  };
};

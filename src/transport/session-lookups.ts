import { createLru } from '../commands/lru.js';
import { shortHash } from '../platform/short-hash.js';
import type { LookupGuard } from './lookup-guard.js';

/**
 * The guard of look-ups for the assistant, which knows sessions only. A session is nobody: anybody opens thirty a minute. So
 * failures count against the address that the session's last message came from, the same as over HTTP, and against the session
 * besides, should it move from address to address.
 */
export interface SessionLookups {
  ask(sessionId: string): ReturnType<LookupGuard['ask']>;
  failed(sessionId: string): void;
  /** Told of every message. Addresses stay in this process's memory: they are in no event and in no log. */
  cameFrom(sessionId: string, address: string): void;
}

/** Sessions whose address is remembered; the one that was silent for the longest time is forgotten first. */
const REMEMBERED = 50_000;

export const createSessionLookups = (guard: LookupGuard, remembered = REMEMBERED): SessionLookups => {
  const addresses = createLru<string>(remembered);
  // A session that wrote through another process, or before a restart, counts for itself.
  const keysOf = (sessionId: string): readonly string[] => {
    const address = addresses.get(sessionId);
    const own = `session ${shortHash(sessionId)}`;
    return address === undefined ? [own] : [own, address];
  };
  return {
    ask: (sessionId) => guard.ask(...keysOf(sessionId)),
    failed: (sessionId) => guard.failed(...keysOf(sessionId)),
    cameFrom: (sessionId, address) => addresses.set(sessionId, address),
  };
};

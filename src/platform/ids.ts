import { randomBytes } from 'node:crypto';
import { v5, v7 } from 'uuid';

/** A new UUID, version 7: unique, and ids made later sort later, which keeps indexes small. */
export const newId = (): string => v7();

/**
 * The same UUID (version 5) for the same name every time, in every process; so a step that is repeated makes the same id.
 * @param namespace a UUID, usually of the thing that the name belongs to
 */
export const deterministicId = (name: string, namespace: string): string => v5(name, namespace);

/** Namespace of ids that belong to a session: itself made from the session id, which is not a UUID. */
export const sessionNamespace = (sessionId: string): string => v5(`session/${sessionId}`, v5.URL);

/**
 * A new session id: 128 bits of chance as 22 base64url characters. It is a capability: whoever knows it may read the
 * conversation, so it is never logged (security checklist, rows 1 and 2).
 */
export const newSessionId = (): string => randomBytes(16).toString('base64url');

/** Whether a text has the form of a session id that this program makes. */
export const isSessionId = (text: string): boolean => /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text);

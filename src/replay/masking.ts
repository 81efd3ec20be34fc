import type { Codec } from '../events/event-log.js';
import { parseSealed } from '../events/seal.js';
import { shortHash } from '../platform/short-hash.js';

/** How what is sealed is shown: by its class alone, or in the clear. */
export interface Reader {
  readonly masked: boolean;
  openText(sealed: string): Promise<string>;
}

/** Shows of what class a text is, and not even how long. */
const maskOf = (sealed: string): string => `[masked: ${parseSealed(sealed)?.personalClass ?? 'personal'}]`;

/** A reader that opens nothing. It holds no key, so it cannot. */
export const maskedReader: Reader = { masked: true, openText: (sealed) => Promise.resolve(maskOf(sealed)) };

/** A reader that opens what can be opened; but never what only the citizen may see (the access key). */
export const openReader = (codec: Pick<Codec, 'openText'>): Reader => ({
  masked: false,
  openText: (sealed) =>
    parseSealed(sealed)?.personalClass === 'handover'
      ? Promise.resolve(maskOf(sealed))
      : codec.openText(sealed).catch(() => '[cannot be opened]'),
});

/** Secrets that are no personal data and are shown to nobody. */
const secretFields: ReadonlySet<string> = new Set(['accessKeyHash', 'access_key_hash']);

/** What a person or a pipe is shown of data: plain JSON. */
export type Shown = string | number | boolean | null | readonly Shown[] | { readonly [name: string]: Shown };

/**
 * Makes data of an event or a row showable: sealed texts go through the reader, positions become decimal strings, a session id
 * becomes its short reference (whoever has the id may read the conversation), hashes of secrets are left out.
 */
export async function show(value: unknown, reader: Reader, sessionIds: readonly string[]): Promise<Shown> {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (parseSealed(value) !== undefined) return reader.openText(value);
    return sessionIds.reduce((text, id) => text.replaceAll(id, shortHash(id)), value);
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => show(item, reader, sessionIds)));
  if (value instanceof Date) return value.toISOString();
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    await Promise.all(
      entries.map(async ([name, item]): Promise<[string, Shown]> => [
        name,
        secretFields.has(name) && item !== null ? '[secret]' : await show(item, reader, sessionIds),
      ]),
    ),
  );
}

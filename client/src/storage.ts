import type { StorageLike } from './environment.js';
import type { MachineState, Restored } from './machine/types.js';

// sessionStorage: per tab, gone when the tab closes, never sent anywhere. It holds the session with its token and the text of
// messages that the office has not confirmed yet; the transcript is never stored (security.md, row 30).

/** What may be stored of a state; null when nothing may. */
export const toStored = ({ session, position, outbox, ended }: MachineState): Restored | null => {
  const unsure = outbox.filter(({ state }) => state !== 'received');
  return ended || (session === null && unsure.length === 0) ? null : { session, position, outbox: unsure };
};

/** Reads what a reload left. Something unreadable counts as nothing. */
export const load = (storage: StorageLike | null, key: string): Restored | null => {
  try {
    const value = JSON.parse(storage?.getItem(key) as string) as Restored | null;
    return Array.isArray(value?.outbox) ? value : null;
  } catch {
    return null;
  }
};

/** Stores or removes; false when the storage is full or forbidden. */
export const save = (storage: StorageLike | null, key: string, value: Restored | null): boolean => {
  try {
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(value));
    return storage !== null;
  } catch {
    return false;
  }
};

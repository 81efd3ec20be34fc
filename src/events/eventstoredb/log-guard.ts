import { isStartupError } from '../../platform/startup-error.js';
import { storeUnavailable } from '../store.js';
import type { StoreLogger } from '../store-logger.js';
import { lastIdentity } from './identity.js';
import type { Reading } from './reader.js';

/**
 * Sees to it that the log behind the address stays the one that was opened. A node that comes back without its disk, or from
 * another back-up, takes appends like the one before; what citizens say would be recorded there, and nobody would ever see it.
 */
export interface LogGuard {
  /** From now on it must be this one. */
  begin(reading: Reading, logId: string): void;
  /**
   * Looks who is there. Before the first append over a connection, and whenever there is reason to doubt.
   * @throws StoreUnavailableError when it is another log, or cannot be read
   */
  check(): Promise<void>;
  /** It was another log at the last look. */
  readonly isReplaced: boolean;
  /** Looks again only then. @throws like `check` */
  ensure(): Promise<void>;
}

const anotherLog = (): Error =>
  storeUnavailable('The event store holds another log than the one that was opened, or none', 'none');

export const createLogGuard = (logger: StoreLogger): LogGuard => {
  let opened: { readonly reading: Reading; readonly logId: string } | undefined;
  let replaced = false;
  const note = (now: boolean): void => {
    if (now && !replaced) {
      logger.error(
        {},
        'The event store holds another log than the one that was opened, or none. Nothing is read or recorded until the right one is back or the server is started anew',
      );
    }
    if (!now && replaced) logger.warn({}, 'The event store holds the log again that was opened');
    replaced = now;
  };
  const check = async (): Promise<void> => {
    if (opened === undefined) return;
    const { reading, logId } = opened;
    const found = await lastIdentity(reading).catch((error: unknown) => {
      // Its stream holds something else: not our log either.
      if (isStartupError(error)) return undefined;
      throw error;
    });
    note(found !== logId);
    if (replaced) throw anotherLog();
  };
  return {
    begin: (reading, logId) => void (opened = { reading, logId }),
    check,
    get isReplaced() {
      return replaced;
    },
    ensure: () => (replaced ? check() : Promise.resolve()),
  };
};

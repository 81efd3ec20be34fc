import { startupError } from '../../platform/startup-error.js';
import { isStoreUnavailable } from '../store.js';
import type { EventStoreAddress } from './connection-string.js';
import { classify } from './failures.js';

/** The same failure as a StartupError that says what a person can do, without a secret; other errors as they are. */
export const explainUnavailable = ({ hosts, tls, hasCredentials }: EventStoreAddress, error: unknown): unknown => {
  if (!isStoreUnavailable(error)) return error;
  if (error.message.includes('22.10')) return startupError('event_store_too_old', error.message, error);
  if (error.cause !== undefined && classify(error.cause) === 'denied') {
    const dropped = !tls && hasCredentials ? ' With tls=false the client sends no credentials at all.' : '';
    return startupError(
      'event_store_refused',
      `The event store at ${hosts} refuses this program. Check the user, the password, the rights and the certificate in EVENTSTORE_URL.${dropped}`,
      error,
    );
  }
  return startupError(
    'event_store_unreachable',
    `The event store at ${hosts} cannot be reached. Check EVENTSTORE_URL (tls=true or false as the server has it) and that the server is up.`,
    error,
  );
};

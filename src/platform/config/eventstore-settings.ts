import { secretText, text, wholeNumber } from './setting.js';

/** The event log on EventStoreDB / KurrentDB instead of PostgreSQL. */
export const eventStoreSettings = {
  eventStoreUrl: secretText({
    env: 'EVENTSTORE_URL',
    unit: 'esdb:// address',
    pattern: /^(esdb|kurrentdb|kdb)(\+discover)?:\/\//,
    message: 'must begin with esdb:// or kurrentdb:// (or the same with +discover)',
    description:
      'EventStoreDB or KurrentDB that keeps the event log. Unset: PostgreSQL keeps it. Read models, keys and checkpoints stay in PostgreSQL.',
  }),
  eventStoreStreamPrefix: text({
    env: 'EVENTSTORE_STREAM_PREFIX',
    default: 'citizen.',
    unit: 'text',
    // One full stop, so that no log's name begins with that of another: `citizen.` would read all of `citizen.test.` as its own.
    pattern: /^[A-Za-z0-9][A-Za-z0-9_]{0,38}\.$/,
    message: 'must be letters, digits and _ with one full stop, at the end, at most 40',
    description:
      'Begins the name of every stream of this log there, so that other programs can use the same cluster. Never change it for a log that exists.',
  }),
  eventStoreAppendsInFlight: wholeNumber({
    env: 'EVENTSTORE_APPENDS_IN_FLIGHT',
    default: 256,
    max: 10_000,
    unit: 'appends',
    description: 'Most appends of one process on their way to EventStoreDB at the same time.',
  }),
};

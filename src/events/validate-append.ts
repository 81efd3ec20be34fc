import { eventIdConflict, invalidAppend, type ExpectedRevision, type NewEvent } from './store.js';

/** Longest name of a stream, in characters. */
export const MAX_STREAM_NAME_CHARS = 200;
/** Longest type, causation id, correlation id and actor id, in characters. */
const MAX_LABEL_CHARS = 200;

const streamName = /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// What no adapter could give back unchanged: NUL, and halves of surrogate pairs (with the flag `u` a whole pair is no match).
const unstorable = /[\u0000\uD800-\uDFFF]/u;
const actorKinds: ReadonlySet<string> = new Set(['citizen', 'agent', 'officer', 'system']);

const isLabel = (text: string | undefined): boolean =>
  text === undefined || (text.length > 0 && text.length <= MAX_LABEL_CHARS && !unstorable.test(text));

const isIsoTime = (text: string): boolean => {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
};

/** Why this event can never be stored, or undefined. Never quotes the payload. */
function whyNot(event: NewEvent): string | undefined {
  if (!uuid.test(event.id)) return 'an event id is not a lower-case UUID';
  if (event.type === '' || !isLabel(event.type)) return 'an event type is empty, too long or has unstorable characters';
  if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1 || event.schemaVersion > 32_767) {
    return 'a schema version is not a whole number from 1 to 32767';
  }
  if (!isIsoTime(event.occurredAt)) return 'occurredAt is not an ISO 8601 time in UTC with milliseconds';
  if (!isLabel(event.causationId)) return 'a causation id is empty, too long or has unstorable characters';
  if (!isLabel(event.correlationId)) return 'a correlation id is empty, too long or has unstorable characters';
  if (!actorKinds.has(event.actor.kind)) return 'a kind of actor is unknown';
  if (!isLabel(event.actor.id)) return 'an actor id is empty, too long or has unstorable characters';
  if (unstorable.test(event.payload)) return 'a payload holds NUL or half a surrogate pair (use JSON.stringify)';
  return undefined;
}

/**
 * What every adapter checks before it touches the store, so that one caller's mistake never reaches a shared transaction.
 * @throws InvalidAppendError
 * @throws EventIdConflictError when an id occurs twice in `events`
 */
export function validateAppend(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): void {
  if (stream.length > MAX_STREAM_NAME_CHARS || !streamName.test(stream)) {
    throw invalidAppend(`a stream name has 1 to ${MAX_STREAM_NAME_CHARS} letters, digits and any of _ . : -`);
  }
  if (events.length === 0) throw invalidAppend('there are no events');
  if (typeof expected === 'number' && (!Number.isSafeInteger(expected) || expected < 0)) {
    throw invalidAppend('an expected revision is a whole number from 0');
  }
  for (const event of events) {
    const why = whyNot(event);
    if (why !== undefined) throw invalidAppend(why);
  }
  if (events.length > 1 && new Set(events.map((event) => event.id)).size < events.length) throw eventIdConflict(stream);
}

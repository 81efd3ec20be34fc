import { complaintStream, sessionIdOf, sessionStream, trackingStream } from '../events/catalogue/index.js';
import type { AnyRecorded } from '../events/catalogue/index.js';
import type { Codec } from '../events/event-log.js';
import type { EventStore, RecordedEvent } from '../events/store.js';
import { shortHash } from '../platform/short-hash.js';

/** Where an event of the story stands: the conversation, the case, the number, or a conversation of somebody else. */
export type Place = 'session' | 'case' | 'tracking' | 'elsewhere';

/** One event of the story, sealed as it stands in the log. */
export interface StoryEvent {
  readonly place: Place;
  readonly event: AnyRecorded;
  readonly recorded: RecordedEvent;
}

/** The story of a complaint: every event about it, in the order of the log. */
export interface Story {
  readonly sessionId: string;
  readonly complaintIds: readonly string[];
  readonly events: readonly StoryEvent[];
}

export interface CollectDependencies {
  readonly store: Pick<EventStore, 'readStream' | 'readAll'>;
  readonly codec: Pick<Codec, 'decode'>;
}

/** Which story is asked for; `complaintId` limits it to one of the complaints of a conversation. */
export interface Subject {
  readonly sessionId: string;
  readonly complaintId?: string | undefined;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function firstOf({ store, codec }: CollectDependencies, stream: string): Promise<AnyRecorded | undefined> {
  for await (const recorded of store.readStream(stream, { limit: 1 })) return codec.decode(recorded);
  return undefined;
}

/** The conversation from which a complaint came, also before the office has opened the case. */
async function subjectOf(deps: CollectDependencies, complaintId: string): Promise<Subject | undefined> {
  const opened = await firstOf(deps, complaintStream(complaintId));
  if (opened?.type === 'CaseOpened') return { sessionId: opened.data.sessionId, complaintId };
  for await (const recorded of deps.store.readAll({ types: ['ComplaintSubmitted'] })) {
    const event = deps.codec.decode(recorded);
    const sessionId = sessionIdOf(event.meta.stream);
    if (event.type === 'ComplaintSubmitted' && event.data.complaintId === complaintId && sessionId !== undefined) {
      return { sessionId, complaintId };
    }
  }
  return undefined;
}

async function byReference(
  { store }: CollectDependencies,
  reference: string,
): Promise<Subject | 'ambiguous' | undefined> {
  const found = new Set<string>();
  for await (const { stream } of store.readAll({ types: ['SessionStarted'] })) {
    const sessionId = sessionIdOf(stream);
    if (sessionId !== undefined && shortHash(sessionId) === reference) found.add(sessionId);
  }
  const [sessionId] = found;
  if (sessionId === undefined) return undefined;
  return found.size === 1 ? { sessionId } : 'ambiguous';
}

/**
 * Finds whose story a person means: by a session id, by the short reference of a session that lists and logs show (8 hex
 * digits), or by a complaint id.
 * @returns undefined when there is nothing of that name; `ambiguous` when two sessions have this reference
 */
export async function findSubject(deps: CollectDependencies, name: string): Promise<Subject | 'ambiguous' | undefined> {
  if (uuid.test(name)) return subjectOf(deps, name.toLowerCase());
  if (/^[0-9a-f]{8}$/.test(name)) return byReference(deps, name);
  // Also ids of imported conversations, which others made.
  if (!/^[\w-]{1,128}$/.test(name)) return undefined;
  return (await firstOf(deps, sessionStream(name))) === undefined ? undefined : { sessionId: name };
}

/** The same by the lookup key of a tracking number. */
export async function findByLookup(deps: CollectDependencies, lookup: string): Promise<Subject | undefined> {
  const reserved = await firstOf(deps, trackingStream(lookup));
  return reserved?.type === 'TrackingNumberReserved' ? subjectOf(deps, reserved.data.complaintId) : undefined;
}

/** Events by which conversations of others touch a complaint; nothing else that was said there belongs to this story. */
const touching = [
  'CaseAccessGranted',
  'CaseUpdateReceived',
  'CaseRequestPrepared',
  'CaseRequestMade',
  'TrackingLookedUp',
] as const;

const isAbout = (event: AnyRecorded, complaintIds: ReadonlySet<string>, lookups: ReadonlySet<string>): boolean => {
  switch (event.type) {
    case 'CaseAccessGranted':
    case 'CaseUpdateReceived':
    case 'CaseRequestPrepared':
    case 'CaseRequestMade':
      return complaintIds.has(event.data.complaintId);
    case 'TrackingLookedUp':
      return event.data.found && lookups.has(event.data.trackingLookup);
    default:
      return false;
  }
};

/** Collects the story of a complaint or of a conversation that has none (yet). Nothing is opened: personal fields stay sealed. */
export async function collectStory(deps: CollectDependencies, { sessionId, complaintId }: Subject): Promise<Story> {
  const { store, codec } = deps;
  const events: StoryEvent[] = [];
  const take = async (stream: string, place: Place): Promise<void> => {
    for await (const recorded of store.readStream(stream))
      events.push({ place, event: codec.decode(recorded), recorded });
  };
  await take(sessionStream(sessionId), 'session');
  const filed = events.flatMap(({ event }) => (event.type === 'ComplaintSubmitted' ? [event.data] : []));
  const wanted = filed.filter((data) => complaintId === undefined || data.complaintId === complaintId);
  const complaintIds = [
    ...new Set([...wanted.map((data) => data.complaintId), ...(complaintId === undefined ? [] : [complaintId])]),
  ];
  for (const id of complaintIds) await take(complaintStream(id), 'case');
  for (const { trackingLookup } of wanted) await take(trackingStream(trackingLookup), 'tracking');
  if (complaintIds.length > 0) {
    const ids = new Set(complaintIds);
    const lookups = new Set(wanted.map(({ trackingLookup }) => trackingLookup));
    const own = sessionStream(sessionId);
    for await (const recorded of store.readAll({ types: touching })) {
      if (recorded.stream === own) continue;
      const event = codec.decode(recorded);
      if (isAbout(event, ids, lookups)) events.push({ place: 'elsewhere', event, recorded });
    }
  }
  events.sort((a, b) => (a.event.meta.position < b.event.meta.position ? -1 : 1));
  return { sessionId, complaintIds, events };
}

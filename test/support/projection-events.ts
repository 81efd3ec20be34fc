import fc from 'fast-check';
import { complaintEventDefinitions, trackingEventDefinitions } from '../../src/events/catalogue/complaint.js';
import {
  eventDefinitions,
  type AnyRecorded,
  type DomainEvent,
  type DomainEventType,
} from '../../src/events/catalogue/index.js';
import { eventData, sealed, uuid } from './smallest-event.js';

export { sealed, uuid };

/** A story of events with positions and revisions, for tests of projections. Personal texts stand for sealed ones. */
export interface Story {
  readonly events: AnyRecorded[];
  /** Appends one event; gives it back. Where no id and no time are given they follow from its place. */
  add<T extends DomainEvent['type']>(
    stream: string,
    type: T,
    data: Extract<DomainEvent, { type: T }>['data'],
    id?: string,
    at?: string,
  ): AnyRecorded;
}

/** When the n-th event happens: one minute after the other, from the start of 2026. */
export const timeOf = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();

export function createStory(): Story {
  const events: AnyRecorded[] = [];
  const revisions = new Map<string, number>();
  return {
    events,
    add(stream, type, data, id, givenAt) {
      const revision = (revisions.get(stream) ?? -1) + 1;
      revisions.set(stream, revision);
      const n = events.length + 1;
      const at = givenAt ?? timeOf(n);
      const actor = { kind: 'citizen' as const };
      const meta = { id: id ?? uuid(n), stream, revision, position: BigInt(n), recordedAt: at, occurredAt: at, actor };
      const event = { type, data, meta: { ...meta, hash: '' } } as unknown as AnyRecorded;
      events.push(event);
      return event;
    },
  };
}

const types = eventDefinitions.map(({ type }) => type as DomainEventType);
const typesOf = (definitions: readonly { readonly type: string }[]) => new Set(definitions.map(({ type }) => type));
const [caseTypes, trackingTypes] = [typesOf(complaintEventDefinitions), typesOf(trackingEventDefinitions)];

/** Any order of any events of the catalogue over a few sessions and complaints, sensible or not: a projection must bear all of them. */
export const histories: fc.Arbitrary<readonly AnyRecorded[]> = fc
  .array(fc.tuple(fc.nat(2), fc.constantFrom(...types), fc.nat(3)), { maxLength: 60 })
  .map((steps) => {
    const story = createStory();
    const told = new Set<string>();
    for (const [who, type, variant] of steps) addStep(story, told, who, type, variant);
    return story.events;
  });

function addStep(story: Story, told: Set<string>, who: number, type: DomainEventType, variant: number): void {
  const session = `session-s${who}`;
  const complaintId = uuid(900 + who * 10 + (variant % 2));
  const complaint = `complaint-${complaintId}`;
  const messages = story.events.filter((e) => e.type === 'UserMessageReceived' && e.meta.stream === session);
  const answers = messages[variant % Math.max(1, messages.length)]?.meta.id ?? uuid(0);
  const once = (what: string): boolean => !told.has(what) && Boolean(told.add(what));
  const pick = <T>(...values: readonly T[]): T => values[variant % values.length]!;
  // The first two citizens begin in order; the third one does as chance has it.
  if (who < 2 && type !== 'SessionStarted' && !told.has(session)) addStep(story, told, who, 'SessionStarted', 0);
  if (who < 2 && type !== 'CaseOpened' && caseTypes.has(type)) addStep(story, told, who, 'CaseOpened', variant);
  switch (type) {
    case 'SessionStarted':
      if (!once(session)) return;
      return void story.add(session, type, {
        language: 'en',
        channel: 'web',
        policyVersion: '1',
        taxonomyVersion: '1',
      });
    case 'UserMessageReceived':
      return void story.add(session, type, { text: sealed('m'), evidenceIds: [] });
    case 'AgentReplied':
      return void story.add(session, type, {
        answers,
        text: sealed('r'),
        quickReplies: [],
        agent: { name: 'guided', version: '1', latencyMs: 1 },
      });
    case 'EvidenceUploaded':
      return void story.add(session, type, {
        evidenceId: uuid(700 + variant),
        name: sealed('f'),
        mimeType: pick('image/png', 'audio/ogg'),
        sizeBytes: 10,
        sha256: 'a'.repeat(64),
      });
    case 'EvidenceWithdrawn':
      return void story.add(session, type, { evidenceId: uuid(700 + variant) });
    case 'SessionStateChanged':
      return void story.add(session, type, { from: 'greeting', to: pick('completed', 'tracking', 'submission') });
    case 'DetailsRecorded':
      return void story.add(session, type, {
        details: variant === 0 ? { happenedWhen: sealed('w') } : { description: sealed('d') },
        descriptionMode: 'replace',
      });
    case 'EvidenceStepFinished':
      return void story.add(session, type, { outcome: 'skipped' });
    case 'ComplaintClassified':
      return void story.add(session, type, {
        by: 'agent',
        outcome: pick('proposed', 'accepted'),
        category: null,
        institution: null,
        confidence: null,
        taxonomyVersion: '1',
      });
    case 'IdentityProvided':
      return void story.add(session, type, {
        mode: 'anonymous',
        standing: 'informant',
        shareNameWithInstitution: false,
      });
    case 'ComplaintSubmitted':
      if (!once(complaintId)) return;
      return void story.add(session, type, {
        complaintId,
        trackingNumber: sealed('n'),
        trackingLookup: `lookup-${complaintId}`,
        accessKeyHash: 'hash',
        confirmedBy: answers,
        standing: 'informant',
        identityMode: 'anonymous',
        category: null,
        institution: pick(null, 'police'),
        evidenceIds: [],
      });
    case 'OfficerReplied':
      return void story.add(session, type, { text: sealed('o') });
    case 'LanguageChanged':
      return void story.add(session, type, { language: pick('en', 'kri') });
    case 'TurnFailed':
      return void story.add(session, type, { answers, code: 'agent_failed' });
    case 'PersonalDataErased':
      return void story.add(session, type, {
        classes: [pick('content', 'handover', 'identity', 'evidence')],
        reason: 'asked',
      });
    case 'CaseOpened':
      if (!once(`opened ${complaintId}`)) return;
      return void story.add(complaint, type, {
        complaintId,
        sessionId: `s${who}`,
        trackingLookup: `lookup-${complaintId}`,
        standing: 'informant',
        category: null,
        institution: null,
        filedAt: timeOf(0),
      });
    case 'CaseMoved':
      return void story.add(complaint, type, {
        from: 'received',
        to: pick('info_requested', 'institution_asked', 'closed', 'screening'),
        ...(variant === 2 ? { reason: 'mediated' as const } : { dueAt: timeOf(5000) }),
      });
    case 'InstitutionReminded':
      return void story.add(complaint, type, { reminder: 1 + variant });
    // As the decider does it: both at the same moment.
    case 'CitizenAsked': {
      const { meta } = story.add(complaint, 'CaseMoved', { from: 'screening', to: 'info_requested' });
      return void story.add(complaint, type, { question: sealed('q') }, undefined, meta.occurredAt);
    }
    case 'CitizenAnswered':
      return void story.add(complaint, type, { text: sealed('a'), evidenceIds: [] });
    default:
      return void story.add(streamOf(type, session, complaint), type, eventData(type, {}));
  }
}

/** Where events of this type live. */
const streamOf = (type: DomainEventType, session: string, complaint: string): string => {
  if (trackingTypes.has(type)) return `tracking-lookup-${complaint}`;
  return caseTypes.has(type) ? complaint : session;
};

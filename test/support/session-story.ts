import fc from 'fast-check';
import type { AnyRecorded, DomainEvent } from '../../src/events/catalogue/index.js';
import type { sessionEventDefinitions } from '../../src/events/catalogue/session.js';
import { sessionStates } from '../../src/events/catalogue/session.js';
import { deterministicId } from '../../src/platform/ids.js';

// Random conversations for tests of what clients see: any event of a session in any order, as a log would give it. They need
// not make sense; whoever shows them must show the same thing twice.

const NAMESPACE = '7d7c1b5e-6a0b-4c1e-9d53-6f6f3e9d3b10';
export const storyId = (name: string): string => deterministicId(name, NAMESPACE);

const words = fc.constantFrom('Hello', 'The clinic has no medicine', 'yes', '😀 ok', '[erased]', '');
const message = fc.integer({ min: 0, max: 5 }).map((n) => storyId(`message/${n}`));
const file = fc.integer({ min: 0, max: 3 }).map((n) => storyId(`file/${n}`));
const state = fc.constantFrom(...sessionStates);
const agent = { name: 'guided', version: '1', latencyMs: 1 };
const nothing = fc.constant({});

type EventType = (typeof sessionEventDefinitions)[number]['type'];

const dataOf: Readonly<Record<EventType, fc.Arbitrary<unknown>>> = {
  SessionStarted: fc.constant({ language: 'kri', channel: 'web', policyVersion: '1', taxonomyVersion: '1' }),
  UserMessageReceived: fc.record(
    {
      text: words,
      evidenceIds: fc.uniqueArray(file, { maxLength: 2 }),
      clientMessageId: fc.constantFrom('c-1', 'c-2'),
      accessKey: fc.constantFrom('KEY-1', '[erased]'),
    },
    { requiredKeys: ['text', 'evidenceIds'] },
  ),
  EvidenceUploaded: fc.record({
    evidenceId: file,
    name: fc.constantFrom('a.jpg', 'b.pdf'),
    mimeType: fc.constant('image/jpeg'),
    sizeBytes: fc.nat(1000),
    sha256: fc.constant('ab'.repeat(32)),
  }),
  EvidenceWithdrawn: fc.record({ evidenceId: file }),
  AgentReplied: fc.record(
    {
      answers: message,
      text: words,
      onceText: fc.constantFrom('KEY-1', '[erased]'),
      quickReplies: fc.constantFrom([], [{ label: 'Yes', send: 'yes' }]),
      agent: fc.constant(agent),
    },
    { requiredKeys: ['answers', 'text', 'quickReplies', 'agent'] },
  ),
  SessionStateChanged: fc.record({ from: state, to: state }),
  FilingStarted: nothing,
  DetailsRecorded: fc.constant({ details: { description: 'x' }, descriptionMode: 'replace' }),
  EvidenceStepFinished: fc.constant({ outcome: 'done' }),
  ComplaintClassified: fc.constant({
    ...{ by: 'agent', outcome: 'proposed', category: null, institution: null, confidence: null, taxonomyVersion: '1' },
  }),
  SessionSignposted: fc.constant({ referralTarget: null }),
  IdentityProvided: fc.constant({ mode: 'anonymous', standing: 'informant', shareNameWithInstitution: false }),
  AnswersShown: nothing,
  AnswerReopened: fc.constant({ part: 'evidence' }),
  ComplaintSubmitted: fc.constantFrom('OMB-1', 'OMB-2').map((trackingNumber) => ({
    ...{ complaintId: storyId('complaint'), trackingNumber, trackingLookup: 'x', accessKeyHash: 'x' },
    ...{ confirmedBy: storyId('message/0'), standing: 'informant', identityMode: 'anonymous' },
    ...{ category: null, institution: null, evidenceIds: [] },
  })),
  DraftWithdrawn: nothing,
  SessionRestarted: nothing,
  TrackingOpened: nothing,
  TrackingLookedUp: fc.constant({ trackingLookup: 'x', found: true }),
  TrackingClosed: nothing,
  CaseAccessGranted: fc.constant({ complaintId: storyId('complaint') }),
  CaseUpdateReceived: fc.record({
    complaintId: fc.constant(storyId('complaint')),
    kind: fc.constantFrom('question', 'message', 'status', 'refused'),
    state: fc.constant('info_requested'),
    text: words,
  }),
  CaseRequestPrepared: fc.constant({ complaintId: storyId('complaint'), request: 'answer', messageIds: [] }),
  CaseRequestDropped: nothing,
  CaseRequestMade: fc.constant({ complaintId: storyId('complaint'), request: 'withdraw', messageIds: [] }),
  ErasureRequested: nothing,
  HumanRequested: fc.constant({ reason: 'asked' }),
  HumanJoined: nothing,
  OfficerReplied: fc.record({ text: words }),
  HumanLeft: nothing,
  LanguageChanged: fc.record({ language: fc.constantFrom('en', 'kri') }),
  TurnFailed: fc.record({ answers: message, code: fc.constantFrom('agent_failed', 'cancelled') }),
  PersonalDataErased: fc.constantFrom(['content'], ['evidence'], ['handover', 'identity']).map((classes) => ({
    classes,
    reason: 'asked',
  })),
  PersonalDataUnmasked: fc.constant({ tool: 'replay', reason: 'The citizen rang about it' }),
  SessionBound: fc.constant({ holder: 'ab'.repeat(32) }),
  SessionRevoked: fc.constant({ reason: 'office' }),
};

/** Every type of event that a session's stream can hold. */
export const storyTypes = Object.keys(dataOf) as readonly EventType[];

/** One event of a type, with random data. */
export const eventOfType = (type: EventType): fc.Arbitrary<DomainEvent> =>
  dataOf[type].map((data) => ({ type, data }) as DomainEvent);

/** A recorded event at its place. */
export const recordedAt = (event: DomainEvent, revision: number, id?: string): AnyRecorded => ({
  ...event,
  meta: {
    id: id ?? storyId(`event/${revision}`),
    stream: 'session-S',
    revision,
    position: BigInt(revision + 1),
    recordedAt: new Date(1_700_000_000_000 + revision * 1000).toISOString(),
    occurredAt: new Date(1_700_000_000_000 + revision * 1000).toISOString(),
    actor: { kind: 'system' },
    hash: '',
  },
});

export const started: DomainEvent = {
  type: 'SessionStarted',
  data: { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: '1' },
};

/** A conversation that begins with SessionStarted; nothing in it ends it (no revocation) unless asked for. */
export const story = (options: { readonly maxLength?: number } = {}): fc.Arbitrary<readonly AnyRecorded[]> =>
  fc
    .array(
      fc
        .constantFrom(...storyTypes.filter((type) => type !== 'SessionStarted' && type !== 'SessionRevoked'))
        .chain((type) => eventOfType(type)),
      { maxLength: options.maxLength ?? 60 },
    )
    .map((events) => {
      let messages = 0;
      return [started, ...events].map((event, revision) =>
        // Messages get the ids that replies answer, so that some replies find theirs.
        recordedAt(
          event,
          revision,
          event.type === 'UserMessageReceived' ? storyId(`message/${messages++}`) : undefined,
        ),
      );
    });

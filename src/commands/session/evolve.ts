import type { SessionEvent } from '../../events/catalogue/session.js';
import { ERASED } from '../../events/personal.js';
import { withEntry } from '../persistent-map.js';
import { createSaysYes, type SaysYes } from '../policies/consent-words.js';
import { eraseFromState } from './evolve-erasure.js';
import { emptyDraft } from './initial.js';
import {
  wasFiledHere,
  type CaseRequest,
  type CitizenMessage,
  type Draft,
  type MessageRecord,
  type SessionState,
} from './state.js';

/** What an evolver may use besides the state: the event's own id, and the test for a yes. */
interface Extra {
  readonly id: string;
  readonly saysYes: SaysYes;
}
type DataOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>['data'];
type Evolver<T extends SessionEvent['type']> = (
  state: SessionState,
  data: DataOf<T>,
  extra: Extra,
) => Partial<SessionState>;

/** A change of the draft: what was shown before is no longer what would be filed. */
const changed = (state: SessionState, change: Partial<Draft>): Partial<SessionState> => ({
  draft: { ...state.draft, answersShown: false, ...change },
  confirmedBy: null,
});

const settled = ({ draft }: SessionState, part: Draft['reopened']): Pick<Draft, 'reopened'> => ({
  reopened: draft.reopened === part ? null : draft.reopened,
});

const closeMessage = (state: SessionState, id: string, status: MessageRecord['status']): Partial<SessionState> => ({
  pending: state.pending.filter((message) => message.messageId !== id),
  messages: withEntry(state.messages, id, {
    revision: state.pending.find((message) => message.messageId === id)?.revision ?? -1,
    status,
  }),
});

const emptied: Partial<SessionState> = {
  filing: false,
  draft: emptyDraft,
  evidence: [],
  addingEvidence: false,
  caseRequest: null,
  confirmedBy: null,
};

const receiveMessage: Evolver<'UserMessageReceived'> = (state, data, { id, saysYes }) => {
  const forOfficer = state.assistance === 'human';
  const handedKey = data.accessKey === undefined || data.accessKey === ERASED ? null : data.accessKey;
  const message: CitizenMessage = {
    messageId: id,
    revision: state.revision + 1,
    text: data.text,
    evidenceIds: data.evidenceIds,
    handedKey,
  };
  // Said to an officer, or about another complaint, a yes does not file this one.
  const confirms = state.draft.answersShown && !forOfficer && !state.tracking && saysYes(data.text, state.language);
  const stillWaits = state.pending.some((other) => other.messageId === state.confirmedBy);
  return {
    pending: forOfficer ? state.pending : [...state.pending, message],
    messages: withEntry(state.messages, id, {
      revision: message.revision,
      status: forOfficer ? 'officer' : 'pending',
    }),
    caseRequest: state.caseRequest === null ? null : { ...state.caseRequest, fresh: false },
    messageCount: state.messageCount + 1,
    handedKey: handedKey ?? state.handedKey,
    failed: false,
    // An impatient "yes", "yes": the first one is the confirmation as long as it has no answer.
    confirmedBy: !confirms ? null : stillWaits ? state.confirmedBy : id,
  };
};

/** The words of the messages of a request: of those just written, and of those that were in it before. */
const wordsOf = ({ caseRequest, pending }: SessionState, messageIds: readonly string[]): CaseRequest['words'] => {
  const known = [...(caseRequest?.words ?? []), ...pending];
  return messageIds.flatMap((id) => {
    const text = known.find(({ messageId }) => messageId === id)?.text ?? '';
    return text === '' ? [] : [{ messageId: id, text }];
  });
};

const recordDetails: Evolver<'DetailsRecorded'> = (state, { details, descriptionMode }) => {
  const { description, ...others } = details;
  const old = state.draft.description;
  if (description === undefined) return changed(state, others);
  return changed(state, {
    ...others,
    description: descriptionMode === 'append' && old !== null ? `${old}\n\n${description}` : description,
    ...settled(state, 'description'),
  });
};

const takeEvidence: Evolver<'EvidenceUploaded'> = (state, data) => {
  const evidence = [...state.evidence, data];
  if (state.ended === 'filed') return { evidence };
  const voiceNote = data.mimeType.startsWith('audio/') ? settled(state, 'description') : {};
  return { evidence, ...changed(state, voiceNote) };
};

const takeIdentity: Evolver<'IdentityProvided'> = (state, data) => {
  const identity = {
    mode: data.mode,
    standing: data.standing,
    name: data.name ?? null,
    phone: data.phone ?? null,
    email: data.email ?? null,
    safeContact: data.safeContact ?? null,
    shareNameWithInstitution: data.shareNameWithInstitution,
  };
  return {
    ...changed(state, { identity, ...settled(state, 'identity') }),
    filed: state.filed === null ? null : { ...state.filed, standing: data.standing },
  };
};

const withoutCase = ({ cases }: SessionState, complaintId: string): SessionState['cases'] =>
  Object.fromEntries(Object.entries(cases).filter(([id]) => id !== complaintId));

const evolvers: { readonly [T in SessionEvent['type']]: Evolver<T> } = {
  SessionStarted: (_state, { language, taxonomyVersion }) => ({ started: true, language, taxonomyVersion }),
  UserMessageReceived: receiveMessage,
  EvidenceUploaded: takeEvidence,
  EvidenceWithdrawn: (state, { evidenceId }) => ({
    evidence: state.evidence.filter((item) => item.evidenceId !== evidenceId),
    ...changed(state, {}),
  }),
  AgentReplied: (state, { answers, asked }) => ({
    ...closeMessage(state, answers, 'answered'),
    failed: false,
    lastAsked: asked ?? null,
  }),
  SessionStateChanged: (_state, { to }) => ({ announced: to }),
  FilingStarted: () => ({ filing: true, ended: null, caseRequest: null }),
  DetailsRecorded: recordDetails,
  EvidenceStepFinished: (state, { outcome }) =>
    state.addingEvidence
      ? { addingEvidence: false }
      : changed(state, { evidenceStep: outcome, ...settled(state, 'evidence') }),
  ComplaintClassified: (state, { category, institution, confidence, outcome }) =>
    changed(state, {
      classification: { category, institution, confidence, outcome },
      ...(outcome === 'proposed' ? {} : settled(state, 'classification')),
    }),
  SessionSignposted: (state) => ({ ...changed(state, {}), ended: 'signposted' }),
  IdentityProvided: takeIdentity,
  AnswersShown: (state) => ({ draft: { ...state.draft, answersShown: true, reopened: null }, confirmedBy: null }),
  AnswerReopened: (state, { part }) =>
    state.ended === 'filed' ? { addingEvidence: part === 'evidence' } : changed(state, { reopened: part }),
  ComplaintSubmitted: (state, { complaintId, trackingNumber, trackingLookup, accessKeyHash, standing }) => ({
    ...changed(state, { reopened: null }),
    filed: { complaintId, trackingNumber, trackingLookup, accessKeyHash, standing },
    ended: 'filed',
    filing: false,
  }),
  DraftWithdrawn: () => ({ ...emptied, ended: 'withdrawn' }),
  SessionRestarted: (state) => ({
    ...emptied,
    ended: null,
    tracking: false,
    lookedUp: null,
    handedKey: null,
    failed: false,
    filed: null,
    earlierComplaintIds:
      state.filed === null ? state.earlierComplaintIds : [...state.earlierComplaintIds, state.filed.complaintId],
    earlierNumbers: state.filed === null ? state.earlierNumbers : [...state.earlierNumbers, state.filed.trackingNumber],
  }),
  TrackingOpened: () => ({ tracking: true }),
  TrackingLookedUp: (state, { trackingLookup, found }) => ({
    lookedUp: found ? trackingLookup : state.lookedUp,
    // A key is tried on one number: were it wrong, it would be wrong for the next one too.
    handedKey: null,
  }),
  TrackingClosed: () => ({ tracking: false, handedKey: null }),
  CaseAccessGranted: (state, { complaintId }) => ({
    handedKey: null,
    openedCases: [...state.openedCases.filter((id) => id !== complaintId), complaintId],
  }),
  ErasureRequested: () => ({ erasureRequested: true }),
  HumanRequested: () => ({ assistance: 'waiting_human' }),
  // The latest one stands last: it is what the citizen is asked about first. Of a complaint that was opened with its key the
  // conversation is told once, not of every step: its state is not remembered.
  CaseUpdateReceived: (state, { complaintId, state: caseState }) =>
    wasFiledHere(state, complaintId) ? { cases: { ...withoutCase(state, complaintId), [complaintId]: caseState } } : {},
  CaseRequestPrepared: (state, { complaintId, request, messageIds }) => ({
    caseRequest: { complaintId, request, messageIds, words: wordsOf(state, messageIds), fresh: true },
  }),
  CaseRequestDropped: () => ({ caseRequest: null }),
  // What became of it is told by the next update.
  CaseRequestMade: (state, { complaintId }) => ({ caseRequest: null, cases: withoutCase(state, complaintId) }),
  HumanJoined: (state) => ({
    assistance: 'human',
    failed: false,
    lastAsked: null,
    confirmedBy: null,
    pending: [],
    messages: state.pending.reduce(
      (messages, { messageId, revision }) => withEntry(messages, messageId, { revision, status: 'officer' as const }),
      state.messages,
    ),
  }),
  OfficerReplied: () => ({}),
  HumanLeft: () => ({ assistance: 'bot' }),
  LanguageChanged: (_state, { language, noticed }) => ({
    language,
    languageFrom: noticed === true ? 'noticed' : 'asked',
  }),
  TurnFailed: (state, { answers, code }) => ({
    ...closeMessage(state, answers, 'failed'),
    // An answer that the citizen stopped is no fault.
    failed: code !== 'cancelled',
  }),
  PersonalDataErased: (state, { classes }) => eraseFromState(state, classes),
  // About the office, not about the conversation.
  PersonalDataUnmasked: () => ({}),
  SessionBound: (_state, { holder }) => ({ holder }),
  SessionRevoked: () => ({ revoked: true }),
};

/** An event to fold: its id matters, because the id of UserMessageReceived is the message id. */
export interface SessionFact {
  readonly event: { readonly type: string; readonly data: unknown };
  readonly id: string;
}

export type EvolveSession = (state: SessionState, fact: SessionFact) => SessionState;

/**
 * Makes the fold of session events into state. Deterministic; an event that this version does not know moves only the revision.
 * @param saysYes the policy's test for a citizen's yes, which decides `confirmedBy`
 */
export const createEvolveSession =
  (saysYes: SaysYes): EvolveSession =>
  (state, { event, id }) => {
    const known = Object.hasOwn(evolvers, event.type) ? evolvers[event.type as SessionEvent['type']] : undefined;
    // The codec has checked the data against the schema of this very type.
    const evolver = known as Evolver<SessionEvent['type']> | undefined;
    const change = evolver?.(state, event.data as never, { id, saysYes });
    return { ...state, ...change, revision: state.revision + 1 };
  };

/** The fold with the default words. @see createEvolveSession */
export const evolveSession: EvolveSession = createEvolveSession(createSaysYes());

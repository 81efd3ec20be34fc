import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { personal } from '../personal.js';
import { caseStateSchema } from './complaint.js';

// The conversation and the intake: stream `session-<id>`. These names and shapes are the storage format: change one only by
// a new version with an upcaster and a stored sample (CONTRIBUTING.md, "Add an event").

/** The nine wire names (domain.md section 2). Clients in the field depend on them. */
export const sessionStates = [
  'greeting',
  'complaint_collection',
  'evidence_upload',
  'classification',
  'identity_collection',
  'submission',
  'completed',
  'tracking',
  'error',
] as const;
export const sessionStateSchema = z.enum(sessionStates);
export type SessionStateName = z.infer<typeof sessionStateSchema>;

export const languageSchema = z.enum(['en', 'kri']);
export type Language = z.infer<typeof languageSchema>;

const uuid = z.uuid();

export const SessionStarted = defineEvent(
  'SessionStarted',
  'A citizen opened a conversation.',
  z.object({
    language: languageSchema,
    channel: z.enum(['web', 'api', 'sms', 'clinic', 'import']),
    policyVersion: z.string(),
    taxonomyVersion: z.string(),
  }),
);

export const UserMessageReceived = defineEvent(
  'UserMessageReceived',
  'The citizen said something. Kept verbatim, but for an access key, which is masked; the event id is the message id that replies answer.',
  z.object({
    text: personal('content'),
    /** Evidence sent with this very message (each has its own EvidenceUploaded before this event). */
    evidenceIds: z.array(uuid),
    /** The client's own id of the message, when it sent one; a retry carries the same. */
    clientMessageId: z.string().max(64).optional(),
    /** An access key that the citizen typed: taken out of the text, under a key that is destroyed after a day. */
    accessKey: personal('handover').optional(),
  }),
  { version: 2, upcasts: { 1: (data) => data } },
);

export const EvidenceUploaded = defineEvent(
  'EvidenceUploaded',
  'A file was checked and stored. The bytes lie outside the log, sealed, under a name that only the evidence key gives.',
  z.object({
    evidenceId: uuid,
    name: personal('evidence'),
    mimeType: z.string(),
    sizeBytes: z.number().int().nonnegative(),
    /** Sealed like the name: in the clear it would tell whoever has a file that this citizen sent it, even after an erasure. */
    sha256: personal('evidence', z.string().regex(/^[0-9a-f]{64}$/)),
  }),
);

export const EvidenceWithdrawn = defineEvent(
  'EvidenceWithdrawn',
  'The citizen took a file back before filing: it is no part of the complaint, and its bytes are removed by the next sweep.',
  z.object({ evidenceId: uuid }),
);

export const quickReplySchema = z.object({ label: z.string(), send: z.string() });

/** Who wrote a reply, and how: enough to compare models and prompts later, and to see what a reply cost. */
export const replyProvenanceSchema = z.object({
  name: z.string(),
  version: z.string(),
  model: z.string().optional(),
  promptVersion: z.string().optional(),
  /** SHA-256 of the prompt's text. */
  promptHash: z.string().optional(),
  /** SHA-256 of the first request of the turn, as `requestHashOf` makes it. */
  requestHash: z.string().optional(),
  /** Tools that the model called, in order, each with `ok` or why it was refused. */
  tools: z.array(z.object({ name: z.string().max(64), outcome: z.string().max(64) })).optional(),
  /** Tool calls of the model and what they gave, as JSON: with the log before it, the last request can be made again. */
  exchange: personal('content').optional(),
  /** Of all calls of the turn, those that failed included. */
  tokensIn: z.number().int().optional(),
  tokensOut: z.number().int().optional(),
  /** The server did not say how many tokens; they are estimated from the text. */
  tokensEstimated: z.boolean().optional(),
  /** From the start of the turn to the first text that was shown, in milliseconds. */
  firstTokenMs: z.number().int().nonnegative().optional(),
  /** Calls that were made again after a failure. */
  retries: z.number().int().nonnegative().optional(),
  /** Why another assistant than the language model answered, or the program alone: a code of docs/language-model.md. */
  fallback: z.string().max(40).optional(),
  /** What the output guard corrected in the model's words: codes. */
  corrected: z.array(z.string().max(40)).optional(),
  /** The citizen stopped the reply; the text is what had been said. */
  cancelled: z.boolean().optional(),
  /** From the start of the turn to the append, in milliseconds. */
  latencyMs: z.number().int().nonnegative(),
});
export type ReplyProvenance = Readonly<z.infer<typeof replyProvenanceSchema>>;

export const AgentReplied = defineEvent(
  'AgentReplied',
  'The assistant answered one message of the citizen, once.',
  z.object({
    /** Event id of the UserMessageReceived that this answers. */
    answers: uuid,
    text: personal('content'),
    /** A secret for the citizen alone (the access key), under a key that is destroyed after a day. */
    onceText: personal('handover').optional(),
    quickReplies: z.array(quickReplySchema),
    /** Code of the question that the reply ends with: a short answer ("yes", a name) is understood by it. */
    asked: z.string().max(40).optional(),
    agent: replyProvenanceSchema,
  }),
  // Version 1 knew only some of the provenance; what it did not know stays unknown.
  { version: 2, upcasts: { 1: (data) => data } },
);

export const SessionStateChanged = defineEvent(
  'SessionStateChanged',
  'The state that follows from what is still missing is another one now.',
  z.object({ from: sessionStateSchema, to: sessionStateSchema }),
);

export const FilingStarted = defineEvent('FilingStarted', 'The citizen wants to file a complaint.', z.object({}));

export const detailsSchema = z.object({
  description: personal('content').optional(),
  happenedWhen: personal('content').optional(),
  happenedWhere: personal('content').optional(),
  institutionWords: personal('content').optional(),
  triedBefore: personal('content').optional(),
  remedyWanted: personal('content').optional(),
  beforeCourt: z.enum(['yes', 'no', 'not_sure']).optional(),
});

export const DetailsRecorded = defineEvent(
  'DetailsRecorded',
  'Details of the complaint were recorded; a later value of the same field replaces the earlier one.',
  z.object({
    details: detailsSchema,
    /** How description relates to what was there. */ descriptionMode: z.enum(['replace', 'append']),
  }),
);

export const EvidenceStepFinished = defineEvent(
  'EvidenceStepFinished',
  'The citizen has no (more) evidence to add for now.',
  z.object({ outcome: z.enum(['skipped', 'done']) }),
);

export const ComplaintClassified = defineEvent(
  'ComplaintClassified',
  'A category and an institution were proposed by the assistant, or settled by the citizen.',
  z.object({
    by: z.enum(['agent', 'citizen']),
    /** `proposed` waits for the citizen; the other three settle the step. */
    outcome: z.enum(['proposed', 'accepted', 'changed', 'not_sure']),
    /** Codes of the taxonomy; null: not known. */
    category: z.string().nullable(),
    institution: z.string().nullable(),
    /** 0 to 1, of the proposal. */
    confidence: z.number().min(0).max(1).nullable(),
    taxonomyVersion: z.string(),
  }),
);

export const SessionSignposted = defineEvent(
  'SessionSignposted',
  'The matter is outside the mandate, the citizen was told where to go and chose not to file.',
  z.object({ referralTarget: z.string().nullable() }),
);

export const IdentityProvided = defineEvent(
  'IdentityProvided',
  'The citizen said how they want to be known to the office.',
  z.object({
    mode: z.enum(['named', 'confidential', 'anonymous']),
    standing: z.enum(['complainant', 'representative', 'informant']),
    name: personal('identity').optional(),
    phone: personal('identity').optional(),
    email: personal('identity').optional(),
    safeContact: personal('identity').optional(),
    shareNameWithInstitution: z.boolean(),
  }),
);

export const AnswersShown = defineEvent(
  'AnswersShown',
  'The check-answers card was shown; a yes after it, with nothing changed in between, files the complaint.',
  z.object({}),
);

export const answerParts = ['description', 'evidence', 'classification', 'identity'] as const;
export const AnswerReopened = defineEvent(
  'AnswerReopened',
  'The citizen chose to change one of the answers.',
  z.object({ part: z.enum(answerParts) }),
);

export const ComplaintSubmitted = defineEvent(
  'ComplaintSubmitted',
  'The citizen filed the complaint. From here on the stream `complaint-<complaintId>` carries the case.',
  z.object({
    complaintId: uuid,
    trackingNumber: personal('content'),
    /** HMAC of the tracking number: the lookup key. */
    trackingLookup: z.string(),
    /** scrypt hash of the access key, with its salt and cost. */
    accessKeyHash: z.string(),
    /** Event id of the citizen's yes. */
    confirmedBy: uuid,
    standing: z.enum(['complainant', 'representative', 'informant']),
    identityMode: z.enum(['named', 'confidential', 'anonymous']),
    category: z.string().nullable(),
    institution: z.string().nullable(),
    evidenceIds: z.array(uuid),
  }),
);

export const DraftWithdrawn = defineEvent(
  'DraftWithdrawn',
  'The citizen gave up the draft before filing.',
  z.object({}),
);

export const SessionRestarted = defineEvent(
  'SessionRestarted',
  'The citizen wanted to start again: the draft is empty, the conversation goes on.',
  z.object({}),
);

export const TrackingOpened = defineEvent(
  'TrackingOpened',
  'The citizen asked about a complaint by its number.',
  z.object({}),
);

export const TrackingLookedUp = defineEvent(
  'TrackingLookedUp',
  'A tracking number was looked up in the conversation.',
  z.object({ trackingLookup: z.string(), found: z.boolean() }),
);

export const TrackingClosed = defineEvent(
  'TrackingClosed',
  'The conversation went back from tracking to where it was.',
  z.object({}),
);

export const CaseAccessGranted = defineEvent(
  'CaseAccessGranted',
  'The citizen showed the number and the access key of a complaint: this conversation may read it and act for its owner.',
  z.object({ complaintId: uuid }),
);

export const CaseUpdateReceived = defineEvent(
  'CaseUpdateReceived',
  'What the office said or did about a complaint reached the conversation of whoever follows it.',
  z.object({
    complaintId: uuid,
    /** `refused`: what the citizen asked for could not be done with the case any more. */
    kind: z.enum(['question', 'message', 'status', 'refused']),
    /** State of the case with this update. */
    state: caseStateSchema,
    /** As the citizen reads it. Sealed for the subject of the complaint, whoever's conversation it is. */
    text: personal('content'),
  }),
);

export const caseRequests = ['answer', 'add', 'dispute', 'withdraw'] as const;

export const CaseRequestPrepared = defineEvent(
  'CaseRequestPrepared',
  'The citizen is about to tell the office something about a filed complaint; nothing goes there before their yes.',
  z.object({
    complaintId: uuid,
    request: z.enum(caseRequests),
    /** The citizen's messages that it consists of, so far. */
    messageIds: z.array(uuid),
  }),
);

export const CaseRequestDropped = defineEvent(
  'CaseRequestDropped',
  'The citizen did not want it to go to the office.',
  z.object({}),
);

export const CaseRequestMade = defineEvent(
  'CaseRequestMade',
  'The citizen answered the office, disputed a closure or withdrew; a reactor carries it to the stream of the case.',
  z.object({
    complaintId: uuid,
    request: z.enum(caseRequests),
    /** The citizen's messages, in this stream, that hold the words and the files. */
    messageIds: z.array(uuid),
  }),
);

export const ErasureRequested = defineEvent(
  'ErasureRequested',
  'The citizen asked the office to erase what is kept about them; a person decides and answers.',
  z.object({}),
);

export const HumanRequested = defineEvent(
  'HumanRequested',
  'The citizen asked for a person; the assistant goes on keeping what is said.',
  z.object({ reason: z.enum(['asked', 'distress', 'agent_failed']) }),
);

export const HumanJoined = defineEvent(
  'HumanJoined',
  'An officer took over the conversation; the assistant is silent.',
  z.object({}),
);

export const OfficerReplied = defineEvent(
  'OfficerReplied',
  'An officer wrote to the citizen.',
  z.object({ text: personal('content') }),
);

export const HumanLeft = defineEvent(
  'HumanLeft',
  'The officer handed the conversation back to the assistant.',
  z.object({}),
);

export const LanguageChanged = defineEvent(
  'LanguageChanged',
  'The conversation goes on in another language.',
  z.object({
    language: languageSchema,
    /** The citizen writes it; without it they asked for it. */
    noticed: z.literal(true).optional(),
  }),
  { version: 2, upcasts: { 1: (data) => data } },
);

export const TurnFailed = defineEvent(
  'TurnFailed',
  'No answer could be made after all retries; the next message of the citizen leads on.',
  z.object({ answers: uuid, code: z.string() }),
);

export const PersonalDataErased = defineEvent(
  'PersonalDataErased',
  'Keys of this subject were destroyed: what they sealed can never be read again.',
  z.object({ classes: z.array(z.enum(['content', 'identity', 'evidence', 'handover'])), reason: z.string() }),
);

export const PersonalDataUnmasked = defineEvent(
  'PersonalDataUnmasked',
  'A member of staff read what this subject told, in the clear, and said why. The actor says who.',
  z.object({
    /** Where it was read. */
    tool: z.enum(['replay', 'case', 'agent_replay']),
    /** In the reader's own words, which may tell of the citizen. Absent: the subject was erased, and it could not be kept. */
    reason: personal('content', z.string().min(10).max(500)).optional(),
  }),
  // Version 1 knew of the replay only, version 2 of that and of the file of a case.
  { version: 3, upcasts: { 1: (data) => data, 2: (data) => data } },
);

export const SessionBound = defineEvent(
  'SessionBound',
  'The conversation belongs to a user of the site that it is part of; only that user gets new tokens for it.',
  z.object({
    /** HMAC of issuer and subject of the site's token, under a key of this server: nobody can read who it is. */
    holder: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);

export const SessionRevoked = defineEvent(
  'SessionRevoked',
  'The conversation is closed to whoever holds its id or a token of it; its connections end everywhere.',
  z.object({ reason: z.enum(['holder', 'office', 'misuse']) }),
);

export const sessionEventDefinitions = [
  SessionStarted,
  UserMessageReceived,
  EvidenceUploaded,
  EvidenceWithdrawn,
  AgentReplied,
  SessionStateChanged,
  FilingStarted,
  DetailsRecorded,
  EvidenceStepFinished,
  ComplaintClassified,
  SessionSignposted,
  IdentityProvided,
  AnswersShown,
  AnswerReopened,
  ComplaintSubmitted,
  DraftWithdrawn,
  SessionRestarted,
  TrackingOpened,
  TrackingLookedUp,
  TrackingClosed,
  CaseAccessGranted,
  CaseUpdateReceived,
  CaseRequestPrepared,
  CaseRequestDropped,
  CaseRequestMade,
  ErasureRequested,
  HumanRequested,
  HumanJoined,
  OfficerReplied,
  HumanLeft,
  LanguageChanged,
  TurnFailed,
  PersonalDataErased,
  PersonalDataUnmasked,
  SessionBound,
  SessionRevoked,
] as const;

export type SessionEvent = EventOf<(typeof sessionEventDefinitions)[number]>;

import type { CaseState } from '../../events/catalogue/complaint.js';
import type { caseRequests, Language, SessionStateName } from '../../events/catalogue/session.js';
import type { PersonalClass } from '../../events/personal.js';
import type { PersistentMap } from '../persistent-map.js';

export interface EvidenceItem {
  readonly evidenceId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Lower-case hex; `ERASED` once erased, as the name. */
  readonly sha256: string;
}

export interface Classification {
  readonly category: string | null;
  readonly institution: string | null;
  readonly confidence: number | null;
  readonly outcome: 'proposed' | 'accepted' | 'changed' | 'not_sure';
}

export interface Draft {
  readonly description: string | null;
  readonly happenedWhen: string | null;
  readonly happenedWhere: string | null;
  readonly institutionWords: string | null;
  readonly triedBefore: string | null;
  readonly remedyWanted: string | null;
  readonly beforeCourt: 'yes' | 'no' | 'not_sure' | null;
  readonly evidenceStep: 'open' | 'skipped' | 'done';
  readonly classification: Classification | null;
  readonly identity: {
    readonly mode: 'named' | 'confidential' | 'anonymous';
    readonly standing: 'complainant' | 'representative' | 'informant';
    readonly name: string | null;
    readonly phone: string | null;
    readonly email: string | null;
    readonly safeContact: string | null;
    readonly shareNameWithInstitution: boolean;
  } | null;
  /** True from AnswersShown until something of the draft changes. */
  readonly answersShown: boolean;
  /** What the citizen asked to change, until it is settled again. */
  readonly reopened: 'description' | 'evidence' | 'classification' | 'identity' | null;
}

export interface Filed {
  readonly complaintId: string;
  readonly trackingNumber: string;
  readonly trackingLookup: string;
  readonly accessKeyHash: string;
  readonly standing: 'complainant' | 'representative' | 'informant';
}

export type CaseRequestKind = (typeof caseRequests)[number];

/** What the citizen is about to tell the office about a filed complaint; it goes there with their yes. */
export interface CaseRequest {
  readonly complaintId: string;
  readonly request: CaseRequestKind;
  readonly messageIds: readonly string[];
  /** What stands in them, so that it can become a new complaint instead. */
  readonly words: readonly { readonly messageId: string; readonly text: string }[];
  /** The citizen has said nothing since it was prepared: there is no yes to it yet. */
  readonly fresh: boolean;
}

/** Whether the complaint grew out of this conversation. */
export const wasFiledHere = (
  state: Pick<SessionState, 'filed' | 'earlierComplaintIds'>,
  complaintId: string,
): boolean => state.filed?.complaintId === complaintId || state.earlierComplaintIds.includes(complaintId);

/** One UserMessageReceived, as far as rules need it. */
export interface CitizenMessage {
  readonly messageId: string;
  readonly revision: number;
  readonly text: string;
  readonly evidenceIds: readonly string[];
  /** The access key that was taken out of this message; null when it held none, or when it can no longer be read. */
  readonly handedKey: string | null;
}

/** What became of a message. `officer`: it came while an officer assisted, or was taken over by one; no reply of the agent is due. */
export interface MessageRecord {
  readonly revision: number;
  readonly status: 'pending' | 'answered' | 'failed' | 'officer';
}

/**
 * The session as its events tell it: state for deciding, folded by `evolveSession`. `started: false` before SessionStarted.
 * Nothing in it grows by copying with every event: all messages are in a persistent map, only unanswered ones in an array.
 */
export interface SessionState {
  readonly started: boolean;
  readonly language: Language;
  /** Whether the citizen asked for it in the conversation, or it was noticed that they use it. */
  readonly languageFrom: 'start' | 'asked' | 'noticed';
  readonly taxonomyVersion: string;
  /** Last wire state that was announced by an event (`greeting` from the start). */
  readonly announced: SessionStateName;
  readonly filing: boolean;
  readonly draft: Draft;
  /** Of this draft, and what was added to the complaint after filing. */
  readonly evidence: readonly EvidenceItem[];
  /** The complaint that this draft became. Empty again after "start again". */
  readonly filed: Filed | null;
  /** Complaints filed before "start again", oldest first. */
  readonly earlierComplaintIds: readonly string[];
  /** Their tracking numbers. */
  readonly earlierNumbers: readonly string[];
  /** State of the complaints filed here, as far as the conversation was told; by complaint id. */
  readonly cases: Readonly<Record<string, CaseState>>;
  readonly caseRequest: CaseRequest | null;
  readonly ended: 'filed' | 'signposted' | 'withdrawn' | null;
  /** After filing, the citizen is adding evidence. */
  readonly addingEvidence: boolean;
  readonly tracking: boolean;
  /** Lookup key of the complaint that was last found by its number in this conversation. */
  readonly lookedUp: string | null;
  /** The access key handed over last, until it opened a complaint or tracking ended. */
  readonly handedKey: string | null;
  /** Complaints whose access key was shown here, the latest last: their owner is speaking. */
  readonly openedCases: readonly string[];
  /** The citizen asked the office to erase what is kept about them. */
  readonly erasureRequested: boolean;
  readonly failed: boolean;
  readonly assistance: 'bot' | 'waiting_human' | 'human';
  /** Messages that wait for a reply of the agent, in order. */
  readonly pending: readonly CitizenMessage[];
  /** Every message of the citizen by its id. */
  readonly messages: PersistentMap<MessageRecord>;
  readonly messageCount: number;
  /** `asked` of the last AgentReplied: the question that the citizen's next words answer. Null when it asked nothing. */
  readonly lastAsked: string | null;
  /** Message id of the last message that came after the answers were shown, if it says yes in so many words. */
  readonly confirmedBy: string | null;
  /** Whose conversation it is, as SessionBound says; null: whoever has its id. */
  readonly holder: string | null;
  /** Nothing more is taken from the citizen. */
  readonly revoked: boolean;
  /** Classes whose keys were destroyed. */
  readonly erased: readonly PersonalClass[];
  /** Revision of the last event folded; -1 before the first. */
  readonly revision: number;
}

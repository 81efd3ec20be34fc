import type { answerParts, Language, ReplyProvenance } from '../../events/catalogue/session.js';
import type { CaseRequestKind, EvidenceItem } from './state.js';

// What can be asked of a session. Transport and agents issue these; only the decider decides.

export type SessionCommand =
  | {
      readonly type: 'StartSession';
      readonly language: Language;
      readonly channel: 'web' | 'api' | 'sms' | 'clinic' | 'import';
    }
  | {
      readonly type: 'PostUserMessage';
      /** Becomes the event id of UserMessageReceived; a retry with the same one changes nothing. */
      readonly messageId: string;
      readonly clientMessageId?: string | undefined;
      readonly text: string;
      /** Already stored under their hash. */
      readonly evidence: readonly EvidenceItem[];
    }
  | AgentCommand
  /** `holder`: see SessionBound. */
  | { readonly type: 'BindSession'; readonly holder: string }
  | { readonly type: 'RevokeSession'; readonly reason: 'holder' | 'office' | 'misuse' }
  | { readonly type: 'JoinAsOfficer' }
  | { readonly type: 'ReplyAsOfficer'; readonly text: string }
  | { readonly type: 'LeaveAsOfficer' }
  | {
      readonly type: 'ErasePersonalData';
      readonly classes: readonly ('content' | 'identity' | 'evidence' | 'handover')[];
      readonly reason: string;
    };

/** What an agent may ask for during its turn (as tools), for the citizen. */
export type AgentCommand =
  | { readonly type: 'StartFiling' }
  | {
      readonly type: 'RecordDetails';
      readonly details: {
        readonly description?: string;
        readonly happenedWhen?: string;
        readonly happenedWhere?: string;
        readonly institutionWords?: string;
        readonly triedBefore?: string;
        readonly remedyWanted?: string;
        readonly beforeCourt?: 'yes' | 'no' | 'not_sure';
      };
      readonly descriptionMode: 'replace' | 'append';
    }
  /** Only before filing; after it the office has the file. */
  | { readonly type: 'WithdrawEvidence'; readonly evidenceId: string }
  | { readonly type: 'FinishEvidence'; readonly outcome: 'skipped' | 'done' }
  | {
      readonly type: 'ProposeClassification';
      readonly category: string | null;
      readonly institution: string | null;
      readonly confidence: number;
    }
  | {
      readonly type: 'SettleClassification';
      readonly outcome: 'accepted' | 'changed' | 'not_sure';
      /** Only with `changed`. */
      readonly category?: string | null;
      readonly institution?: string | null;
    }
  | { readonly type: 'Signpost'; readonly referralTarget: string | null }
  | {
      readonly type: 'ProvideIdentity';
      readonly mode: 'named' | 'confidential' | 'anonymous';
      /** Default by policy: anonymous is an informant, else complainant. */
      readonly standing?: 'complainant' | 'representative' | 'informant';
      readonly name?: string;
      readonly phone?: string;
      readonly email?: string;
      readonly safeContact?: string;
      readonly shareNameWithInstitution?: boolean;
    }
  | { readonly type: 'ShowAnswers' }
  | { readonly type: 'ReopenAnswer'; readonly part: (typeof answerParts)[number] }
  | {
      readonly type: 'SubmitComplaint';
      readonly complaintId: string;
      readonly trackingNumber: string;
      readonly trackingLookup: string;
      readonly accessKeyHash: string;
    }
  | { readonly type: 'WithdrawDraft' }
  | { readonly type: 'StartAgain' }
  | { readonly type: 'AddEvidenceToFiled' }
  | { readonly type: 'OpenTracking' }
  | { readonly type: 'RecordTrackingLookup'; readonly trackingLookup: string; readonly found: boolean }
  /** The caller has checked the access key of this complaint. */
  | { readonly type: 'GrantCaseAccess'; readonly complaintId: string }
  | { readonly type: 'CloseTracking' }
  /** `messageIds`: the citizen's messages that are to go to the office; empty while they have not written it. */
  | {
      readonly type: 'PrepareCaseRequest';
      readonly complaintId: string;
      readonly request: CaseRequestKind;
      readonly messageIds: readonly string[];
    }
  | { readonly type: 'DropCaseRequest' }
  /** Passes on what was prepared, on the citizen's yes. */
  | { readonly type: 'MakeCaseRequest' }
  | { readonly type: 'RequestErasure' }
  | { readonly type: 'RequestHuman'; readonly reason: 'asked' | 'distress' | 'agent_failed' }
  | {
      readonly type: 'ChangeLanguage';
      readonly language: Language;
      /** The citizen writes it; they did not ask for it. */
      readonly noticed?: boolean | undefined;
    }
  | {
      readonly type: 'ReplyAsAgent';
      readonly answers: string;
      readonly text: string;
      readonly onceText?: string | undefined;
      readonly quickReplies: readonly { readonly label: string; readonly send: string }[];
      /** Code of the question that the reply ends with. */
      readonly asked?: string | undefined;
      readonly agent: ReplyProvenance;
    }
  | { readonly type: 'FailTurn'; readonly answers: string; readonly code: string };

import type { CitizenMessage, SessionState } from '../commands/session/state.js';
import type { AgentCommand } from '../commands/session/commands.js';
import type { OfficeWords } from '../commands/complaint/open-question.js';
import type { Refusal } from '../commands/decision.js';
import type { ReplyProvenance } from '../events/catalogue/session.js';

/**
 * The port to whoever answers the citizen: the guided assistant, or a language model. An agent never writes events. It asks for
 * commands through `tools.issue`; the decider decides. All that a turn decided is appended at once, together with the reply:
 * a crash at any step leaves nothing or everything.
 */
export interface Agent {
  readonly name: string;
  readonly version: string;
  /**
   * Answers one message. May be run again from the start after a crash, so it does nothing outside `tools`.
   * @throws when it cannot answer; the responder retries and at last records TurnFailed.
   */
  takeTurn(turn: Turn): Promise<Reply>;
  /**
   * Begins to read what the turn of a message will need, while it is not yet known whether this process is to answer it. Does nothing
   * else; `takeTurn` finds it by the message itself, and reads again when it does not.
   */
  readAhead?(sessionId: string, message: CitizenMessage): void;
  /**
   * What is recorded of a reply that the citizen stopped, all that the turn had decided being dropped. Default: what was said.
   * @param said by then; an empty text leaves the reply out
   */
  whenStopped?(turn: Pick<Turn, 'state' | 'message'>, said: string): Pick<Reply, 'text' | 'asked' | 'quickReplies'>;
}

export interface Turn {
  readonly sessionId: string;
  /** The message to answer. */
  readonly message: {
    readonly messageId: string;
    readonly text: string;
    readonly evidenceIds: readonly string[];
    /** The access key that came with the message; `text` holds a mask in its place. */
    readonly handedKey: string | null;
  };
  /** The session up to and with this message. `tools.state()` moves on as commands are issued. */
  readonly state: SessionState;
  readonly tools: AgentTools;
  /** Text as it comes, for clients that show it; ephemeral. */
  readonly onDelta: (text: string) => void;
  /** What was said by `onDelta` counts no more: it is said anew, in other words. */
  readonly onRestart: () => void;
  /** How the reply is being made, as far as it is known when it is asked for: it is, when the citizen stops the reply. */
  readonly onProvenance: (provenance: () => Provenance) => void;
  readonly signal: AbortSignal;
}

export interface AgentTools {
  /** Decides against the turn's own state; what is accepted is appended when the turn ends. */
  issue(
    command: Exclude<
      AgentCommand,
      { type: 'SubmitComplaint' | 'ReplyAsAgent' | 'FailTurn' | 'RecordTrackingLookup' | 'GrantCaseAccess' }
    >,
  ): IssueResult;
  /** Draws and reserves a tracking number and an access key, and files. Refused unless the citizen said yes to the shown answers. */
  submit(): Promise<
    | { readonly ok: true; readonly trackingNumber: string; readonly accessKey: string }
    | { readonly ok: false; readonly refusal: Refusal }
  >;
  /** What the number alone may see; counts against the lookup guard. Null: the one last found in this conversation, or its own. */
  lookUp(trackingNumber: string | null): Promise<LookUpResult>;
  /** What the office wrote about a complaint that this conversation may speak for; nothing of any other. */
  officeWords(complaintId: string): Promise<OfficeWords>;
  /**
   * Checks the access key of a complaint and opens it for this conversation (recorded, see `SessionState.openedCases`).
   * Counts against the lookup guard like a lookup.
   * @param trackingNumber in any spelling; null: the one last found in this conversation, or its own complaint
   * @param accessKey in any spelling
   */
  openCase(trackingNumber: string | null, accessKey: string): Promise<OpenCaseResult>;
  state(): SessionState;
  /** Drops all that was accepted in this turn: the next command is decided on the session as it was when the turn began. */
  startOver(): void;
}

export type IssueResult = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

export type LookUpResult =
  | { readonly outcome: 'found'; readonly status: PublicCaseStatus }
  | { readonly outcome: 'not_found' | 'malformed' | 'busy' };

export type OpenCaseResult =
  | { readonly outcome: 'opened'; readonly view: CaseView }
  | { readonly outcome: 'wrong_key' | 'not_found' | 'malformed' | 'busy' };

/** What the holder of number and access key may see: the same as over HTTP. */
export interface CaseView {
  readonly complaintId: string;
  readonly status: PublicCaseStatus;
  /** Day (YYYY-MM-DD) of filing. */
  readonly filedOn: string;
  /** The conversation that the complaint grew out of, oldest line first; at most so many lines as HTTP shows. */
  readonly transcript: readonly {
    readonly role: 'citizen' | 'agent' | 'officer' | 'system';
    readonly text: string;
    /** ISO 8601. */
    readonly at: string;
  }[];
  /** What the citizen told the office after filing, in whatever conversation or page. */
  readonly answers: readonly { readonly text: string; readonly at: string }[];
  readonly evidence: readonly { readonly evidenceId: string; readonly name: string }[];
}

/** What the holder of a number alone may see (domain.md section 6). */
export interface PublicCaseStatus {
  /** Public status code; words come from the language pack. */
  readonly status: string;
  /** Public words in English. */
  readonly words: string;
  /** Day (YYYY-MM-DD) of the last change. */
  readonly lastChange: string;
  readonly nextStep: string;
  /** Day by which the next step is due, or null. */
  readonly nextStepDue: string | null;
  readonly citizenMustAct: boolean;
}

export interface Reply {
  readonly text: string;
  readonly onceText?: string;
  readonly quickReplies?: readonly { readonly label: string; readonly send: string }[];
  /** Code of the question that the reply ends with; comes back as `state.lastAsked`. Never holds what the citizen wrote. */
  readonly asked?: string;
  readonly provenance?: Provenance;
}

/** How a reply was made. `by`: who made it, when it is not the agent that was asked. */
export type Provenance = Partial<Omit<ReplyProvenance, 'name' | 'version' | 'latencyMs' | 'cancelled'>> & {
  readonly by?: Pick<Agent, 'name' | 'version'>;
};

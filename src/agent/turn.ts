import type { OfficeWords } from '../commands/complaint/open-question.js';
import type { Policies } from '../commands/policies/policies.js';
import type { AgentCommand } from '../commands/session/commands.js';
import { followsCase } from '../commands/session/decide-case-request.js';
import { stepSession } from '../commands/session/decide.js';
import type { PreparedSubmission, SubmissionFor } from '../commands/session/prepare-submission.js';
import type { SessionState } from '../commands/session/state.js';
import { lookupKey, parseTrackingNumber } from '../commands/tracking-number.js';
import type { Language } from '../events/catalogue/session.js';
import type { Actor } from '../events/envelope.js';
import type { AgentTools, IssueResult, LookUpResult, OpenCaseResult } from './agent.js';

/** Steps at which a test may stop a turn, in the order in which they come. */
export type TurnStep =
  | 'leased'
  | 'loaded'
  | 'agent_started'
  | 'before_lookup'
  | 'looked_up'
  | 'before_opening'
  | 'opened'
  | 'before_submission'
  | 'submission_prepared'
  | 'submission_decided'
  | 'agent_finished'
  | 'before_append'
  | 'appended'
  | 'released';

/** Asks the read models what the number alone may see; counts failures against the lookup guard. */
export type LookUp = (asked: {
  readonly trackingLookup: string;
  readonly language: Language;
  readonly sessionId: string;
}) => Promise<Exclude<LookUpResult, { outcome: 'malformed' }>>;

/** Checks an access key against the stored hash, as HTTP does; counts failures against the lookup guard. */
export type OpenCase = (asked: {
  readonly trackingLookup: string;
  readonly accessKey: string;
  readonly language: Language;
  readonly sessionId: string;
}) => Promise<Exclude<OpenCaseResult, { outcome: 'malformed' }>>;

export interface TurnDependencies {
  readonly policy: Policies;
  /** Secret of the deployment from which lookup keys are made. */
  readonly pepper: Buffer | string;
  readonly prepareSubmission: (asked: SubmissionFor) => Promise<PreparedSubmission>;
  readonly lookUp: LookUp;
  readonly openCase: OpenCase;
  readonly officeWords: (complaintId: string) => Promise<OfficeWords>;
  /** Called at each named step; for tests that stop a turn there. */
  readonly at?: ((step: TurnStep) => void | Promise<void>) | undefined;
}

/** The message that a turn answers, and the session that it stands in. */
export interface TurnSubject {
  readonly sessionId: string;
  readonly messageId: string;
  readonly state: SessionState;
  readonly actor: Actor;
  readonly correlationId?: string | undefined;
}

export interface OpenTurn {
  readonly tools: AgentTools;
  /** What was accepted so far, in order; to be appended with the reply. */
  readonly commands: () => readonly AgentCommand[];
}

/**
 * The tools of one turn. Every command is decided in memory on a state that moves on; nothing is written here but the
 * reservation of a tracking number. So a turn that is dropped anywhere leaves nothing behind, and running it again is safe.
 * What was accepted is decided once more when it is appended.
 */
export const openTurn = (dependencies: TurnDependencies, subject: TurnSubject): OpenTurn => {
  const { policy, pepper, prepareSubmission, lookUp, openCase, officeWords } = dependencies;
  const at = async (step: TurnStep): Promise<void> => dependencies.at?.(step);
  const accepted: AgentCommand[] = [];
  let state = subject.state;

  const decide = (command: AgentCommand): IssueResult => {
    const step = stepSession(command, state, { actor: subject.actor, policy, answering: subject.messageId });
    if (!step.ok) return step;
    state = step.state;
    // A command that is true already need not be decided again.
    if (step.events.length > 0) accepted.push(command);
    return { ok: true };
  };

  /** Whether filing would be refused now: asked before a number is drawn for it. */
  const wouldRefuse = (): Extract<IssueResult, { ok: false }> | undefined => {
    const trial = { complaintId: subject.messageId, trackingNumber: '', trackingLookup: '', accessKeyHash: '' };
    const step = stepSession({ type: 'SubmitComplaint', ...trial }, state, {
      actor: subject.actor,
      policy,
      answering: subject.messageId,
    });
    return step.ok ? undefined : step;
  };

  /** Lookup key of a number as it was typed, or of the complaint that is spoken of. */
  const lookupOf = (trackingNumber: string | null): string | undefined => {
    if (trackingNumber === null) return state.lookedUp ?? state.filed?.trackingLookup;
    const number = parseTrackingNumber(trackingNumber);
    return number === undefined ? undefined : lookupKey(pepper, number);
  };

  const tools: AgentTools = {
    state: () => state,
    startOver: () => {
      accepted.length = 0;
      state = subject.state;
    },
    issue: decide,
    submit: async () => {
      const refused = wouldRefuse();
      if (refused !== undefined) return refused;
      await at('before_submission');
      const prepared = await prepareSubmission({
        sessionId: subject.sessionId,
        causationId: subject.messageId,
        correlationId: subject.correlationId,
      });
      await at('submission_prepared');
      const { complaintId, trackingNumber, trackingLookup, accessKey, accessKeyHash } = prepared;
      const result = decide({ type: 'SubmitComplaint', complaintId, trackingNumber, trackingLookup, accessKeyHash });
      await at('submission_decided');
      return result.ok ? { ok: true, trackingNumber, accessKey } : result;
    },
    lookUp: async (text) => {
      const trackingLookup = lookupOf(text);
      if (trackingLookup === undefined) return { outcome: 'malformed' };
      await at('before_lookup');
      const result = await lookUp({ trackingLookup, language: state.language, sessionId: subject.sessionId });
      await at('looked_up');
      if (result.outcome !== 'busy') {
        decide({ type: 'RecordTrackingLookup', trackingLookup, found: result.outcome === 'found' });
      }
      return result;
    },
    officeWords: (complaintId) =>
      followsCase(state, complaintId) ? officeWords(complaintId) : Promise.resolve({ question: null, reason: null }),
    openCase: async (trackingNumber, accessKey) => {
      const trackingLookup = lookupOf(trackingNumber);
      if (trackingLookup === undefined) return { outcome: 'malformed' };
      await at('before_opening');
      const { language } = state;
      const result = await openCase({ trackingLookup, accessKey, language, sessionId: subject.sessionId });
      await at('opened');
      if (result.outcome !== 'busy') {
        decide({ type: 'RecordTrackingLookup', trackingLookup, found: result.outcome !== 'not_found' });
      }
      if (result.outcome === 'opened') decide({ type: 'GrantCaseAccess', complaintId: result.view.complaintId });
      return result;
    },
  };
  return { tools, commands: () => [...accepted] };
};

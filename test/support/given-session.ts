import { expect } from 'vitest';
import type { SessionEvent } from '../../src/events/catalogue/session.js';
import type { Actor } from '../../src/events/envelope.js';
import type { RefusalCode } from '../../src/commands/decision.js';
import { createPolicies, type Policies } from '../../src/commands/policies/policies.js';
import type { AgentCommand, SessionCommand } from '../../src/commands/session/commands.js';
import { stepSession } from '../../src/commands/session/decide.js';
import { deriveState } from '../../src/commands/session/derive-state.js';
import { initialSession } from '../../src/commands/session/initial.js';
import type { EvidenceItem, SessionState } from '../../src/commands/session/state.js';

// Given/when/then for sessions. What was given is itself a list of commands that are all accepted, so that a test can never
// start from a state that the rules forbid.

export const defaultPolicies = createPolicies();

export const officer: Actor = { kind: 'officer', id: 'officer-1' };
export const citizen: Actor = { kind: 'citizen' };
export const agent: Actor = { kind: 'agent' };
export const system: Actor = { kind: 'system' };

/** A stable UUID for a small number. */
export const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const photo = (n = 1): EvidenceItem => ({
  evidenceId: uuid(9_000 + n),
  name: `photo-${n}.jpg`,
  mimeType: 'image/jpeg',
  sizeBytes: 1_000,
  sha256: 'a'.repeat(64),
});
export const voiceNote = (n = 1): EvidenceItem => ({ ...photo(100 + n), name: 'note.ogg', mimeType: 'audio/ogg' });

export const start: SessionCommand = { type: 'StartSession', language: 'en', channel: 'web' };
export const says = (n: number, text: string, ...evidence: EvidenceItem[]): SessionCommand => ({
  type: 'PostUserMessage',
  messageId: uuid(n),
  text,
  evidence,
});
export const replies = (n: number, text = 'Thank you.'): Extract<AgentCommand, { type: 'ReplyAsAgent' }> => ({
  type: 'ReplyAsAgent',
  answers: uuid(n),
  text,
  quickReplies: [],
  agent: { name: 'guided', version: '1', latencyMs: 1 },
});
export const startFiling: AgentCommand = { type: 'StartFiling' };
export const describes = (description: string, descriptionMode: 'replace' | 'append' = 'replace'): AgentCommand => ({
  type: 'RecordDetails',
  details: { description },
  descriptionMode,
});
export const skipEvidence: AgentCommand = { type: 'FinishEvidence', outcome: 'skipped' };
export const proposes = (
  category: string | null = 'poor_service',
  institution: string | null = 'police',
): AgentCommand => ({
  type: 'ProposeClassification',
  category,
  institution,
  confidence: 0.5,
});
export const acceptsClass: AgentCommand = { type: 'SettleClassification', outcome: 'accepted' };
export const notSure: AgentCommand = { type: 'SettleClassification', outcome: 'not_sure' };
export const anonymous: AgentCommand = { type: 'ProvideIdentity', mode: 'anonymous' };
export const named: AgentCommand = { type: 'ProvideIdentity', mode: 'named', name: 'Aminata Kamara' };
export const showAnswers: AgentCommand = { type: 'ShowAnswers' };
export const submits = (n = 1): AgentCommand => ({
  type: 'SubmitComplaint',
  complaintId: uuid(7_000 + n),
  trackingNumber: 'OMB-0000-0000-0000',
  trackingLookup: `lookup-${n}`,
  accessKeyHash: 'scrypt$10$c2FsdA$aGFzaA',
});

/** From the first word to a confirmed card; message 2 is the yes that a submission answers. */
export const readyToSubmit: readonly SessionCommand[] = [
  start,
  says(1, 'The clinic has had no medicine for a month'),
  startFiling,
  describes('The clinic has had no medicine for a month'),
  showAnswers,
  replies(1, 'Shall I file it?'),
  says(2, 'yes'),
];
export const filed: readonly SessionCommand[] = [...readyToSubmit, submits(), replies(2, 'Filed.')];

const whoAsks = (command: SessionCommand): Actor => {
  switch (command.type) {
    case 'StartSession':
    case 'PostUserMessage':
      return citizen;
    case 'JoinAsOfficer':
    case 'ReplyAsOfficer':
    case 'LeaveAsOfficer':
      return officer;
    case 'ErasePersonalData':
    case 'BindSession':
    case 'RevokeSession':
      return system;
    default:
      return agent;
  }
};

export interface When {
  readonly policy?: Policies;
  readonly actor?: Actor;
  /** Number of the message that is being answered; default: the last one given. */
  readonly answering?: number;
}

const lastMessageOf = (commands: readonly SessionCommand[]): string | undefined =>
  commands.filter((command) => command.type === 'PostUserMessage').at(-1)?.messageId;

const stateAfter = (commands: readonly SessionCommand[], policy: Policies): SessionState =>
  commands.reduce((state, command, at) => {
    const answering = lastMessageOf(commands.slice(0, at + 1));
    const step = stepSession(command, state, { actor: whoAsks(command), policy, answering });
    if (!step.ok) throw new Error(`Given ${command.type} was refused: ${step.refusal.code}`);
    return step.state;
  }, initialSession);

/** The session in which all of these commands were accepted. */
export const given = (...commands: readonly SessionCommand[]) => ({
  state: (policy: Policies = defaultPolicies): SessionState => stateAfter(commands, policy),
  when: (command: SessionCommand, { policy = defaultPolicies, actor, answering }: When = {}) => {
    const before = stateAfter(commands, policy);
    const step = stepSession(command, before, {
      actor: actor ?? whoAsks(command),
      policy,
      answering: answering === undefined ? lastMessageOf(commands) : uuid(answering),
    });
    const events: readonly SessionEvent[] | undefined = step.ok ? step.events : undefined;
    return {
      step,
      events,
      then: (...expected: readonly SessionEvent[]) => expect(step).toMatchObject({ ok: true, events: expected }),
      /** Types of the events, for what is tested elsewhere in full. */
      thenTypes: (...types: readonly SessionEvent['type'][]) =>
        expect(
          events?.map((event) => event.type),
          JSON.stringify(step),
        ).toEqual(types),
      thenNothing: () => expect(step).toMatchObject({ ok: true, events: [] }),
      thenRefused: (code: RefusalCode) => expect(step).toMatchObject({ ok: false, refusal: { code } }),
      thenState: (name: ReturnType<typeof deriveState>) =>
        expect(step.ok ? deriveState(step.state) : step.refusal).toBe(name),
    };
  },
});

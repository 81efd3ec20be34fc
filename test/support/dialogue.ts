import type { Agent, AgentTools, CaseView, LookUpResult, PublicCaseStatus, Reply } from '../../src/agent/agent.js';
import { createGuidedAgent } from '../../src/agent/guided/agent.js';
import { loadTextPacks } from '../../src/agent/texts/packs.js';
import { openTurn, type LookUp, type OpenCase } from '../../src/agent/turn.js';
import type { OfficeWords } from '../../src/commands/complaint/open-question.js';
import { createPolicies } from '../../src/commands/policies/policies.js';
import type { AgentCommand } from '../../src/commands/session/commands.js';
import { stepSession } from '../../src/commands/session/decide.js';
import { deriveState } from '../../src/commands/session/derive-state.js';
import { evolveSession } from '../../src/commands/session/evolve.js';
import { initialSession } from '../../src/commands/session/initial.js';
import type { CitizenMessage, EvidenceItem, SessionState } from '../../src/commands/session/state.js';
import { drawTrackingNumber, lookupKey } from '../../src/commands/tracking-number.js';
import type { CaseState } from '../../src/events/catalogue/complaint.js';
import type { Language } from '../../src/events/catalogue/session.js';
import { deterministicId } from '../../src/platform/ids.js';

const NAMESPACE = '6f0c7f0e-9d4e-4c55-9d1e-2f6b3a1f4b10';
const uuid = (name: string): string => deterministicId(name, NAMESPACE);
export const testPolicies = createPolicies();
export const testPepper = 'pepper of the tests';
/** The same number for the same seed; chance moves on with each draw, as some draws have no check symbol. */
const numberFrom = (seed: number): string => {
  let drawn = seed * 7;
  return drawTrackingNumber((bytes) =>
    Buffer.from(Array.from({ length: bytes }, () => (drawn = (drawn * 5 + 3) % 251))),
  );
};
/** A complaint that every test's lookup finds, and one that none does. */
export const knownNumber = numberFrom(1);
export const unknownNumber = numberFrom(2);

const found: Extract<LookUpResult, { outcome: 'found' }> = {
  outcome: 'found',
  status: {
    status: 'received',
    words: 'Received',
    lastChange: '2025-01-02',
    nextStep: 'An officer reads your complaint.',
    nextStepDue: '2025-01-09',
    citizenMustAct: false,
  },
};

/** The access key of every complaint of the tests, and what it opens. */
export const knownKey = 'ABCD-2345-EFGH-67JK';
const view: CaseView = {
  complaintId: uuid('known complaint'),
  status: found.status,
  filedOn: '2025-01-01',
  transcript: [
    { role: 'citizen', text: 'They took my land and sold it.', at: '2025-01-01T10:00:00.000Z' },
    { role: 'agent', text: 'Thank you.', at: '2025-01-01T10:00:01.000Z' },
  ],
  answers: [{ text: 'It was Bo', at: '2025-01-02T10:00:00.000Z' }],
  evidence: [{ evidenceId: uuid('known file'), name: 'letter.pdf' }],
};

export const testGuidedAgent = (): Agent =>
  createGuidedAgent({ taxonomy: testPolicies.taxonomy, texts: loadTextPacks(), saysYes: testPolicies.saysYes });

export interface Said extends Reply {
  /** The wire state after the reply. */
  readonly state: string;
  readonly commands: readonly AgentCommand[];
}

export interface Dialogue {
  /** The citizen says something; files may come with it. Gives the one reply. */
  say: (text: string, files?: readonly Partial<EvidenceItem>[]) => Promise<Said>;
  /** Something of the case reaches the conversation, as the case messenger brings it; of the complaint filed here. */
  told: (kind: 'question' | 'message' | 'status', caseState: CaseState) => void;
  state(): SessionState;
  wire(): string;
  replies(): readonly Said[];
}

const agentActor = { kind: 'agent' } as const;

const apply = (state: SessionState, command: Parameters<typeof stepSession>[0], answering?: string): SessionState => {
  const actor =
    command.type === 'StartSession' || command.type === 'PostUserMessage' ? ({ kind: 'citizen' } as const) : agentActor;
  const step = stepSession(command, state, { actor, policy: testPolicies, answering });
  if (!step.ok) throw new Error(`${command.type} was refused: ${step.refusal.code}`);
  return step.state;
};

/** How the complaint stands that the tests know by its number. */
export interface Office {
  readonly status?: Partial<PublicCaseStatus>;
  /** What the office wrote about every complaint of the tests. */
  readonly words?: Partial<OfficeWords>;
}

/** It waits for its citizen. */
export const waitingForCitizen: Office = { status: { status: 'info_requested', citizenMustAct: true } };

/** A conversation with an agent in memory: the same deciders and tools as in production, without a log. */
export const startDialogue = (
  agent: Agent = testGuidedAgent(),
  language: Language = 'en',
  office: Office = {},
): Dialogue => {
  let state = apply(initialSession, { type: 'StartSession', language, channel: 'web' });
  const replies: Said[] = [];
  const knownLookups = new Set([lookupKey(testPepper, knownNumber)]);
  const status = { ...found.status, ...office.status };
  const lookUp: LookUp = ({ trackingLookup }) =>
    Promise.resolve(knownLookups.has(trackingLookup) ? { ...found, status } : { outcome: 'not_found' });
  const openCase: OpenCase = ({ trackingLookup, accessKey }) => {
    if (!knownLookups.has(trackingLookup)) return Promise.resolve({ outcome: 'not_found' });
    return Promise.resolve(
      accessKey === knownKey ? { outcome: 'opened', view: { ...view, status } } : { outcome: 'wrong_key' },
    );
  };
  const say = async (text: string, files: readonly Partial<EvidenceItem>[] = []): Promise<Said> => {
    const turnNumber = state.messageCount;
    const messageId = uuid(`message-${turnNumber}`);
    const evidence = files.map((file, index) => ({
      evidenceId: uuid(`evidence-${turnNumber}-${index}`),
      name: 'letter.pdf',
      mimeType: 'application/pdf',
      sizeBytes: 1000,
      sha256: 'a'.repeat(64),
      ...file,
    }));
    state = apply(state, { type: 'PostUserMessage', messageId, text, evidence });
    const before = state;
    const { tools, commands } = openTurn(
      {
        policy: testPolicies,
        pepper: testPepper,
        lookUp,
        openCase,
        officeWords: () => Promise.resolve({ question: null, reason: null, ...office.words }),
        prepareSubmission: () => {
          const trackingNumber = numberFrom(100 + turnNumber);
          const trackingLookup = lookupKey(testPepper, trackingNumber);
          knownLookups.add(trackingLookup);
          return Promise.resolve({
            complaintId: uuid(`complaint-${turnNumber}`),
            trackingNumber,
            trackingLookup,
            accessKey: knownKey,
            accessKeyHash: 'scrypt$10$salt$hash',
          });
        },
      },
      { sessionId: 'test', messageId, state, actor: agentActor },
    );
    const message = state.pending.find((pending) => pending.messageId === messageId);
    if (message === undefined) throw new Error('The message waits for no reply');
    const reply = await runTurn(agent, message, before, tools);
    const all = [
      ...commands(),
      {
        type: 'ReplyAsAgent',
        answers: messageId,
        text: reply.text,
        onceText: reply.onceText,
        quickReplies: reply.quickReplies ?? [],
        asked: reply.asked,
        agent: { name: agent.name, version: agent.version, latencyMs: 0 },
      } as const,
    ];
    state = all.reduce((current, command) => apply(current, command, messageId), before);
    const said = { ...reply, state: deriveState(state), commands: all };
    replies.push(said);
    return said;
  };
  const told: Dialogue['told'] = (kind, caseState) => {
    const complaintId = state.filed?.complaintId ?? state.earlierComplaintIds.at(-1) ?? '';
    const data = { complaintId, kind, state: caseState, text: 'From the office' };
    state = evolveSession(state, { event: { type: 'CaseUpdateReceived', data }, id: uuid(`update-${state.revision}`) });
  };
  return { say, told, state: () => state, wire: () => deriveState(state), replies: () => replies };
};

const runTurn = (agent: Agent, message: CitizenMessage, state: SessionState, tools: AgentTools): Promise<Reply> =>
  agent.takeTurn({
    sessionId: 'test',
    message,
    state,
    tools,
    onDelta: () => undefined,
    onRestart: () => undefined,
    onProvenance: () => undefined,
    signal: new AbortController().signal,
  });

/** Says everything in order and gives the last reply. */
export const sayAll = async (dialogue: Dialogue, ...texts: readonly string[]): Promise<Said> => {
  let last: Said | undefined;
  for (const text of texts) last = await dialogue.say(text);
  if (last === undefined) throw new Error('Nothing was said');
  return last;
};

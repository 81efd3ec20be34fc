import { randomInt } from 'node:crypto';
import { complaintStream, sessionStream, type DomainEvent } from '../events/catalogue/index.js';
import type { ComplaintEvent } from '../events/catalogue/complaint.js';
import type { SessionEvent } from '../events/catalogue/session.js';
import type { Actor } from '../events/envelope.js';
import type { EventLog, EventToAppend } from '../events/event-log.js';
import type { Clock } from '../platform/clock.js';
import { deterministicId, newId } from '../platform/ids.js';
import { createAggregate, type Decided, type Loaded, type Outcome } from './aggregate.js';
import type { ComplaintCommand } from './complaint/commands.js';
import { decideComplaint } from './complaint/decide.js';
import { evolveComplaint, initialCase } from './complaint/evolve.js';
import type { CaseFile } from './complaint/state.js';
import type { Decision } from './decision.js';
import { entryOf } from './persistent-map.js';
import type { Policies } from './policies/policies.js';
import type { SessionCommand } from './session/commands.js';
import { decideSession } from './session/decide.js';
import { createEvolveSession } from './session/evolve.js';
import { initialSession } from './session/initial.js';
import type { SessionState } from './session/state.js';
import { decideTurn, type AppendTurn } from './session/turn.js';

/** Who asks, and because of what. */
export interface CommandMeta {
  readonly actor: Actor;
  /** Id of the event or message that made this command necessary. */
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
}

export interface CommandDependencies {
  readonly log: EventLog;
  readonly policy: Policies;
  readonly clock: Clock;
  /** A number from 0 to 1 for the jitter of retries. Default: from the system's source of chance. */
  readonly chance?: () => number;
  /** Folded states kept in memory. */
  readonly cachedStates?: number;
  /** Waits so many milliseconds; for tests. */
  readonly pause?: (ms: number) => Promise<unknown>;
  /** A conversation was begun by this process: what its first message will need can be made ready. */
  readonly onStarted?: (sessionId: string) => void;
}

export interface SessionCommands {
  /**
   * Decides one command and appends its events, durably before it answers.
   * Repeating a PostUserMessage with the same message id, in any process, changes nothing and succeeds.
   * @throws WrongExpectedRevisionError after five lost races; StoreUnavailableError
   */
  readonly handle: (sessionId: string, command: SessionCommand, meta: CommandMeta) => Promise<Outcome<SessionEvent>>;
  /** All that an agent's turn decided, in one append. @see AppendTurn */
  readonly appendTurn: AppendTurn;
  /** The session as the log tells it now; `started: false` when there is none. */
  readonly loadSession: (sessionId: string) => Promise<Loaded<SessionState>>;
  /** The session as this process saw it last, if it remembers: the log may have moved on. Reads nothing. */
  readonly recallSession: (sessionId: string) => SessionState | undefined;
  /** The message is known in this process and waits for no answer of the assistant: an officer has it, or it was answered. Reads nothing. */
  readonly needsNoTurn: (sessionId: string, messageId: string) => boolean;
}

/** Id of the reply to a message: its event's. One message has one reply. */
export const replyIdOf = (messageId: string): string => deterministicId('reply', messageId);

const systemChance = (): number => randomInt(2 ** 31) / 2 ** 31;

/** Every event of a message has an id made from the message id: the same append twice, in two processes, is one. */
const idOf = (event: SessionEvent, command: SessionCommand, at: number): string => {
  if (command.type !== 'PostUserMessage') return newId();
  return event.type === 'UserMessageReceived'
    ? command.messageId
    : deterministicId(`${event.type}/${at}`, command.messageId);
};

/** Commands of conversations over an event log. */
export const createSessionCommands = (dependencies: CommandDependencies): SessionCommands => {
  const { policy, clock } = dependencies;
  const evolve = createEvolveSession(policy.saysYes);
  const aggregate = createAggregate<SessionState>({
    ...dependencies,
    chance: dependencies.chance ?? systemChance,
    streamOf: sessionStream,
    initial: initialSession,
    evolve,
  });
  // The stream of a session holds events of sessions only: what was decided is what the outcome names.
  const transact = (sessionId: string, decide: (state: SessionState) => Decided): Promise<Outcome<SessionEvent>> =>
    aggregate.transact(sessionId, decide) as Promise<Outcome<SessionEvent>>;

  const handle: SessionCommands['handle'] = async (sessionId, command, meta) => {
    const outcome = await transact(sessionId, (state) =>
      prepared(
        decideSession(command, state, { actor: meta.actor, policy, answering: meta.causationId }),
        (event, at) => ({
          event,
          id: idOf(event, command, at),
          ...stamp(clock, meta, sessionId),
        }),
      ),
    );
    if (command.type === 'StartSession' && outcome.ok) dependencies.onStarted?.(sessionId);
    return outcome;
  };

  const appendTurn: AppendTurn = (turn) =>
    transact(turn.sessionId, (state) =>
      prepared(decideTurn(turn, state, policy), (event) => ({
        event,
        id: event.type === 'AgentReplied' ? replyIdOf(turn.messageId) : newId(),
        ...stamp(
          clock,
          { actor: turn.actor, causationId: turn.messageId, correlationId: turn.correlationId },
          turn.sessionId,
        ),
      })),
    );

  const needsNoTurn: SessionCommands['needsNoTurn'] = (sessionId, messageId) => {
    const state = aggregate.recall(sessionId);
    const message = state && entryOf(state.messages, messageId);
    // A message never waits again once it does not, so an old state is as good as a new one.
    return message !== undefined && message.status !== 'pending';
  };

  return {
    ...{ handle, appendTurn, needsNoTurn },
    loadSession: (sessionId) => aggregate.load(sessionId),
    recallSession: (sessionId) => aggregate.recall(sessionId),
  };
};

const prepared = <E extends DomainEvent>(
  decision: Decision<E>,
  toAppend: (event: E, at: number) => EventToAppend,
): Decided => (decision.ok ? { ok: true, events: decision.events.map(toAppend) } : decision);

const stamp = (clock: Clock, meta: CommandMeta, subject: string): Omit<EventToAppend, 'event' | 'id'> => ({
  occurredAt: clock.now().toISOString(),
  actor: meta.actor,
  causationId: meta.causationId,
  correlationId: meta.correlationId,
  subject,
});

export interface ComplaintCommands {
  /**
   * Decides one command for a case and appends its events.
   * @throws WrongExpectedRevisionError after five lost races; StoreUnavailableError
   */
  readonly handle: (
    complaintId: string,
    command: ComplaintCommand,
    meta: CommandMeta,
  ) => Promise<Outcome<ComplaintEvent>>;
  /** The case as the log tells it now; `state: null` when there is none. */
  readonly loadCase: (complaintId: string) => Promise<Loaded<CaseFile>>;
}

/** A request that carries its own id has the same ids in every process that tries to record it. */
const idOfCase = (event: ComplaintEvent, command: ComplaintCommand, at: number, complaintId: string): string => {
  if (event.type === 'CaseOpened') return deterministicId('case-opened', complaintId);
  const requestId = 'requestId' in command ? command.requestId : undefined;
  if (requestId === undefined) return newId();
  return at === 0 ? requestId : deterministicId(`${event.type}/${at}`, requestId);
};

/** Commands of cases over an event log. */
export const createComplaintCommands = (dependencies: CommandDependencies): ComplaintCommands => {
  const { policy, clock } = dependencies;
  const aggregate = createAggregate<CaseFile>({
    ...dependencies,
    chance: dependencies.chance ?? systemChance,
    streamOf: complaintStream,
    initial: initialCase,
    evolve: (state, { event, occurredAt, id }) => evolveComplaint(state, event, occurredAt, id),
  });
  return {
    handle: (complaintId, command, meta) =>
      aggregate.transact(complaintId, (state) => {
        const now = clock.now();
        // The complaint has the same subject as the conversation that it grew out of: one erasure forgets both.
        const subject = command.type === 'OpenCase' ? command.sessionId : (state.sessionId ?? complaintId);
        return prepared(decideComplaint(command, state, { actor: meta.actor, policy, now }), (event, at) => ({
          event,
          id: idOfCase(event, command, at, complaintId),
          ...stamp(clock, meta, subject),
        }));
      }) as Promise<Outcome<ComplaintEvent>>,
    loadCase: (complaintId) => aggregate.load(complaintId),
  };
};

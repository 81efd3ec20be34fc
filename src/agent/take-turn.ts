import { setTimeout as delay } from 'node:timers/promises';
import type { SessionCommands } from '../commands/command-handler.js';
import type { AgentCommand } from '../commands/session/commands.js';
import type { CitizenMessage, SessionState } from '../commands/session/state.js';
import { isStoreUnavailable, isWrongExpectedRevision } from '../events/store-errors.js';
import type { Clock } from '../platform/clock.js';
import type { Agent, Reply } from './agent.js';
import { isCancelled, runAgent, type CancelledError, type Hearers } from './run-agent.js';
import { openTurn, type TurnDependencies } from './turn.js';

/** What became of one attempt to answer. */
export type TurnOutcome =
  /** The reply is in the log. */
  | 'answered'
  /** Another process answered, or an officer took over. */
  | 'not_due'
  /** TurnFailed is in the log: the agent could not answer. */
  | 'failed'
  /** The citizen stopped it: what was said until then is in the log, or TurnFailed with the code `cancelled`. */
  | 'cancelled'
  /** Nothing was written; the message still waits. The log could not be reached, the lease was lost, or the process stops. */
  | 'put_off';

export interface TakeTurnDependencies extends TurnDependencies, Hearers {
  readonly agent: Agent;
  readonly commands: Pick<SessionCommands, 'appendTurn' | 'loadSession'>;
  readonly clock: Clock;
  /** Waits before the second, third, … attempt of the agent, in milliseconds; one attempt more than there are waits. */
  readonly retryDelaysMs: readonly number[];
  /** Told about an agent's error; never holds what the citizen wrote. */
  readonly onAgentError: (error: unknown, attempt: number) => void;
}

interface TurnGiven {
  readonly sessionId: string;
  readonly message: CitizenMessage;
  readonly state: SessionState;
  readonly signal: AbortSignal;
  /** Aborted when the citizen stops the reply. */
  readonly cancelled?: AbortSignal | undefined;
}

const replyCommand = (
  reply: Reply,
  { agent, clock }: TakeTurnDependencies,
  messageId: string,
  startedAt: number,
): Extract<AgentCommand, { type: 'ReplyAsAgent' }> => {
  const { by = agent, ...provenance } = reply.provenance ?? {};
  return {
    type: 'ReplyAsAgent',
    answers: messageId,
    text: reply.text,
    onceText: reply.onceText,
    quickReplies: reply.quickReplies ?? [],
    asked: reply.asked,
    agent: {
      ...provenance,
      name: by.name,
      version: by.version,
      latencyMs: Math.max(0, Math.round(clock.now().getTime() - startedAt)),
    },
  };
};

/** Runs the agent once and appends all that it decided. `again`: the session moved on so that a rule now says no. */
const attempt = async (given: TurnGiven, dependencies: TakeTurnDependencies): Promise<TurnOutcome | 'again'> => {
  const { agent, commands, at, clock } = dependencies;
  const { sessionId, message, state, signal, cancelled } = given;
  const { messageId } = message;
  const startedAt = clock.now().getTime();
  const actor = { kind: 'agent', id: agent.name } as const;
  const turn = openTurn(dependencies, { sessionId, messageId, state, actor, correlationId: messageId });
  await at?.('agent_started');
  const reply = await runAgent(agent, dependencies, {
    sessionId,
    message,
    state,
    tools: turn.tools,
    signal,
    cancelled,
  });
  await at?.('agent_finished');
  if (signal.aborted) return 'put_off';
  await at?.('before_append');
  const outcome = await commands.appendTurn({
    sessionId,
    messageId,
    actor,
    correlationId: messageId,
    commands: [...turn.commands(), replyCommand(reply, dependencies, messageId, startedAt)],
  });
  await at?.('appended');
  if (outcome.ok) return 'answered';
  return isOver(outcome.refusal.code) ? 'not_due' : 'again';
};

/** Refusals after which nobody waits for this reply. */
const isOver = (code: string): boolean =>
  code === 'already_answered' || code === 'human_assisting' || code === 'message_unknown';

/** The log is away or too busy: not the agent's fault, and no reason to tell the citizen that it failed. */
const isOfTheLog = (error: unknown): boolean => isStoreUnavailable(error) || isWrongExpectedRevision(error);

const giveUp = async ({ sessionId, message }: TurnGiven, dependencies: TakeTurnDependencies): Promise<TurnOutcome> => {
  const { messageId } = message;
  const outcome = await dependencies.commands.appendTurn({
    sessionId,
    messageId,
    actor: { kind: 'agent', id: dependencies.agent.name },
    correlationId: messageId,
    commands: [{ type: 'FailTurn', answers: messageId, code: 'agent_failed' }],
  });
  return outcome.ok ? 'failed' : 'not_due';
};

/** The citizen stopped the reply: what had been said stays said, what else the turn had decided is left out, and the agent says so. */
const recordCancelled = async (
  { sessionId, message, state }: TurnGiven,
  dependencies: TakeTurnDependencies,
  { said, provenance }: CancelledError,
  startedAt: number,
): Promise<TurnOutcome> => {
  const { messageId } = message;
  const words = dependencies.agent.whenStopped?.({ state, message }, said) ?? { text: said };
  const reply = replyCommand({ ...words, provenance }, dependencies, messageId, startedAt);
  const fail: AgentCommand = { type: 'FailTurn', answers: messageId, code: 'cancelled' };
  const outcome = await dependencies.commands.appendTurn({
    sessionId,
    messageId,
    actor: { kind: 'agent', id: dependencies.agent.name },
    correlationId: messageId,
    commands: [words.text.trim() === '' ? fail : { ...reply, agent: { ...reply.agent, cancelled: true } }],
  });
  return outcome.ok ? 'cancelled' : 'not_due';
};

/**
 * Answers one message: runs the agent, with some retries when it fails, and at last records that it could not. Everything
 * that a turn decided is in one append, so that a crash anywhere leaves nothing of it or all of it.
 */
export const takeTurn = async (given: TurnGiven, dependencies: TakeTurnDependencies): Promise<TurnOutcome> => {
  const { signal, sessionId, message } = given;
  const startedAt = dependencies.clock.now().getTime();
  let { state } = given;
  try {
    for (let tried = 0; ; tried += 1) {
      const result = await attempt({ ...given, state }, dependencies).catch((error: unknown) => {
        if (signal.aborted || isOfTheLog(error) || isCancelled(error)) throw error;
        dependencies.onAgentError(error, tried + 1);
        return 'error' as const;
      });
      if (result !== 'again' && result !== 'error') return result;
      const wait = dependencies.retryDelaysMs[tried];
      if (wait === undefined) return await giveUp(given, dependencies);
      // A rule that said no meanwhile is met with the session as it is now; only an error needs time.
      if (result === 'error') await delay(wait, undefined, { signal });
      ({ state } = await dependencies.commands.loadSession(sessionId));
      if (!state.pending.some(({ messageId }) => messageId === message.messageId)) return 'not_due';
    }
  } catch (error) {
    if (isCancelled(error) && !signal.aborted) return recordCancelled(given, dependencies, error, startedAt);
    if (signal.aborted || isOfTheLog(error)) return 'put_off';
    throw error;
  }
};

import type { SessionEvent } from '../../events/catalogue/session.js';
import type { Actor } from '../../events/envelope.js';
import { accept, type Decision } from '../decision.js';
import type { Outcome } from '../aggregate.js';
import type { Policies } from '../policies/policies.js';
import type { AgentCommand } from './commands.js';
import { stepSession } from './decide.js';
import type { SessionState } from './state.js';

/** All that an agent decided while it answered one message, as it is to be recorded. */
export interface TurnToAppend {
  readonly sessionId: string;
  /** The message that is answered: the cause of every event of the turn. */
  readonly messageId: string;
  /** In order; the last one is ReplyAsAgent or FailTurn. */
  readonly commands: readonly AgentCommand[];
  readonly actor: Actor;
  readonly correlationId?: string | undefined;
}

/**
 * Appends a turn: its commands are decided in order on the session as it is now, all or none, in one append with the exact
 * revision. When the session moved on meanwhile, the same commands are decided again; the agent is not run again. A refusal
 * of any command is the refusal of the turn (`already_answered`: somebody else answered; `human_assisting`: an officer has
 * taken over; anything else: the agent should think again).
 * @throws WrongExpectedRevisionError after five lost races; StoreUnavailableError
 */
export type AppendTurn = (turn: TurnToAppend) => Promise<Outcome<SessionEvent>>;

/**
 * Decides the commands of a turn one after another. Pure.
 * @returns all events of all commands, with one SessionStateChanged at each change of state, or the first refusal
 */
export const decideTurn = (
  turn: Pick<TurnToAppend, 'messageId' | 'commands' | 'actor'>,
  state: SessionState,
  policy: Policies,
): Decision<SessionEvent> => {
  const events: SessionEvent[] = [];
  let current = state;
  for (const command of turn.commands) {
    const step = stepSession(command, current, { actor: turn.actor, policy, answering: turn.messageId });
    if (!step.ok) return step;
    events.push(...step.events);
    current = step.state;
  }
  return accept(...events);
};

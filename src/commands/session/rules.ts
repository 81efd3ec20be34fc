import type { SessionEvent } from '../../events/catalogue/session.js';
import type { Actor } from '../../events/envelope.js';
import { refuse, type Decision } from '../decision.js';
import type { Policies } from '../policies/policies.js';
import type { SessionCommand } from './commands.js';
import type { SessionState } from './state.js';

/** What a session's decider knows besides the state. */
export interface SessionContext {
  readonly actor: Actor;
  readonly policy: Policies;
  /** Message id of the citizen's message that is being answered, when the command is part of an agent's turn. */
  readonly answering?: string | undefined;
}

export type CommandType = SessionCommand['type'];
export type CommandOf<T extends CommandType> = Extract<SessionCommand, { type: T }>;
export type Rule<T extends CommandType> = (
  command: CommandOf<T>,
  state: SessionState,
  context: SessionContext,
) => Decision<SessionEvent>;

export type Refused = ReturnType<typeof refuse>;

/** Refuses what changes a draft when there is none to change; undefined when there is. */
export const notDrafting = (state: SessionState): Refused | undefined => {
  if (state.ended === 'filed') return refuse('already_submitted', 'This complaint has been filed already.');
  if (!state.filing || state.ended !== null) return refuse('not_filing', 'No complaint is being written.');
  return undefined;
};

/** Whether a text says nothing: only spaces and invisible characters. */
export const isBlank = (text: string): boolean => text.replace(/[\s\p{Cf}\p{Cc}]/gu, '') === '';

/** The object without the fields that are undefined. */
export const withoutUndefined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** The object without the fields that are undefined or say nothing; what is kept is kept verbatim. */
export const withoutBlanks = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(typeof value === 'string' && isBlank(value))),
  ) as Partial<T>;

/** Refuses to write what could no longer be sealed; undefined when the content key is there. */
export const erasedContent = (state: SessionState): Refused | undefined =>
  state.erased.includes('content')
    ? refuse('erased', 'What was written here has been erased; please start a new conversation.')
    : undefined;

import type { CaseState, ComplaintEvent } from '../../events/catalogue/complaint.js';
import { sessionStream, type DomainEvent } from '../../events/catalogue/index.js';
import type { Language, SessionEvent } from '../../events/catalogue/session.js';
import { isSubjectErased } from '../../events/errors.js';
import type { EventLog } from '../../events/event-log.js';
import { isWrongExpectedRevision } from '../../events/store-errors.js';
import { deterministicId } from '../../platform/ids.js';
import { closeReasonWords, officeLetterWords } from '../policies/case-words.js';
import type { Policies } from '../policies/policies.js';

export type CaseUpdate = Extract<SessionEvent, { type: 'CaseUpdateReceived' }>['data'];
type Moved = Extract<ComplaintEvent, { type: 'CaseMoved' }>['data'];

const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** The question as the citizen reads it, with how to answer it. */
export const questionText = (question: string, language: Language): string =>
  paragraphs(officeLetterWords.question[language], question, officeLetterWords.howToAnswer[language]);

/** A letter of the office as the citizen reads it. */
export const letterText = (text: string, language: Language): string =>
  paragraphs(officeLetterWords.message[language], text);

const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

const statusText = (moved: Pick<Moved, 'to' | 'reason' | 'note'>, policy: Policies, language: Language): string => {
  const { status, next } = policy.cases.words[moved.to];
  const reason = moved.reason === undefined ? '' : closeReasonWords[moved.reason][language];
  const line = [status[language], reason, next[language]].filter((part) => part !== '').map(sentence);
  // Why the office cannot take it up is written for the citizen; other notes are the office's own.
  return paragraphs(line.join(' '), moved.to === 'not_admissible' ? (moved.note ?? '') : '');
};

/** A step of the case in public words. */
export const movedText = (moved: Moved, policy: Policies, language: Language): string =>
  `${officeLetterWords.status[language]} ${statusText(moved, policy, language)}`;

/** That the case did not take what the citizen sent. */
export const refusedText = (state: CaseState, policy: Policies, language: Language): string =>
  `${officeLetterWords.refused[language]} ${statusText({ to: state }, policy, language)}`;

export interface UpdateToDeliver {
  /** Whose conversation it goes to. */
  readonly sessionId: string;
  /** Whose keys seal the text. */
  readonly subject: string;
  /** The event that it tells of; delivering the same one twice changes nothing. */
  readonly cause: { readonly id: string; readonly occurredAt: string; readonly correlationId?: string | undefined };
  readonly update: CaseUpdate;
}

/**
 * Puts an update into a conversation, once. Nothing happens when there is no such conversation, or when the subject was erased.
 * @throws StoreUnavailableError
 */
export const deliverUpdate = async (
  log: Pick<EventLog, 'append'>,
  { sessionId, subject, cause, update }: UpdateToDeliver,
): Promise<void> => {
  const event: DomainEvent = { type: 'CaseUpdateReceived', data: update };
  const toAppend = {
    event,
    id: deterministicId(`case-update/${sessionId}`, cause.id),
    occurredAt: cause.occurredAt,
    actor: { kind: 'system' } as const,
    causationId: cause.id,
    correlationId: cause.correlationId,
    subject,
  };
  try {
    await log.append(sessionStream(sessionId), [toAppend], 'streamExists');
  } catch (error) {
    if (!isWrongExpectedRevision(error) && !isSubjectErased(error)) throw error;
  }
};

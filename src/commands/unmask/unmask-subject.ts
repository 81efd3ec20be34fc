import { sessionStream, type DomainEvent } from '../../events/catalogue/index.js';
import { isSubjectErased } from '../../events/errors.js';
import type { EventLog } from '../../events/event-log.js';
import { isWrongExpectedRevision } from '../../events/store.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { refuse, type Refusal } from '../decision.js';

/** Least and most letters of a reason: one must be given, and it is no place for a letter. */
export const MIN_REASON_CHARS = 10;
export const MAX_REASON_CHARS = 500;

export interface UnmaskSubject {
  /** The session id. */
  readonly subject: string;
  readonly reason: string;
  /** A staff id, never a name. */
  readonly officer: string;
  /** Where it will be read. Default: replay. */
  readonly tool?: 'replay' | 'case' | 'agent_replay' | undefined;
}

export interface UnmaskDependencies {
  readonly log: Pick<EventLog, 'append'>;
  readonly clock: Clock;
}

type Unmasked = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

/**
 * Records that a member of staff is about to read what a subject told in the clear: who, when and why. To be called before
 * anything is shown, so that nothing is ever read without a record of it. The reason is sealed like the citizen's own words and
 * goes with them when they are erased; who read, and when, stays.
 * @returns a refusal `reason_missing` for a reason that is too short or too long, `session_unknown` when there is no such session
 */
export const unmaskSubject = async (
  { log, clock }: UnmaskDependencies,
  { subject, reason, officer, tool = 'replay' }: UnmaskSubject,
): Promise<Unmasked> => {
  const why = reason.trim();
  if (why.length < MIN_REASON_CHARS || why.length > MAX_REASON_CHARS) {
    const form = `${MIN_REASON_CHARS} to ${MAX_REASON_CHARS} letters`;
    return refuse('reason_missing', `Say why, in ${form}: it is recorded, and others will read it.`);
  }
  const append = (data: Extract<DomainEvent, { type: 'PersonalDataUnmasked' }>['data']): Promise<unknown> => {
    const event: DomainEvent = { type: 'PersonalDataUnmasked', data };
    const actor = { kind: 'officer', id: officer } as const;
    const toAppend = { event, id: newId(), occurredAt: clock.now().toISOString(), actor, subject };
    return log.append(sessionStream(subject), [toAppend], 'streamExists');
  };
  try {
    await append({ tool, reason: why }).catch((error: unknown) => {
      if (!isSubjectErased(error)) throw error;
      return append({ tool });
    });
    return { ok: true };
  } catch (error) {
    if (!isWrongExpectedRevision(error)) throw error;
    return refuse('session_unknown', 'There is no session with this id.');
  }
};

import { sessionIdOf, sessionStream, type DomainEvent } from '../../events/catalogue/index.js';
import type { Actor } from '../../events/envelope.js';
import { isEventCorrupt } from '../../events/errors.js';
import type { EventLog, KeyStore } from '../../events/event-log.js';
import type { PersonalClass } from '../../events/personal.js';
import { isWrongExpectedRevision } from '../../events/store.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { refuse, type Refusal } from '../decision.js';

/** Why a person is forgotten: a closed list, since the reason stays readable for ever and must not tell about anybody. */
export const erasureReasons = [
  'citizen_request',
  'retention',
  'court_order',
  'recorded_by_mistake',
  'test_data',
] as const;
export type ErasureReason = (typeof erasureReasons)[number];

export interface EraseSubject {
  /** The session id. */
  readonly subject: string;
  readonly classes: readonly PersonalClass[];
  readonly reason: ErasureReason;
  readonly actor: Actor;
}

export type ErasureOutcome =
  | {
      readonly ok: true;
      /** Keys that were there and are no more. */
      readonly keysDestroyed: number;
      /** Files of evidence that were there and are no more. */
      readonly filesRemoved: number;
      /** True when the log already said so: an earlier attempt was finished. */
      readonly alreadyRecorded: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export interface ErasureDependencies {
  readonly log: EventLog;
  readonly keys: KeyStore;
  /** Removes what one session sent as evidence, durably; may be repeated. Gives how many files there were. */
  readonly forgetFiles: (sessionId: string) => Promise<number>;
  readonly clock: Clock;
}

/** Does what a recorded erasure promises. Doing it again does nothing. */
export const carryOutErasure = async (
  { keys, forgetFiles }: Pick<ErasureDependencies, 'keys' | 'forgetFiles'>,
  subject: string,
  classes: readonly PersonalClass[],
): Promise<{ readonly keysDestroyed: number; readonly filesRemoved: number }> => ({
  // First the keys: from then on nothing can be read, nor sealed and stored again.
  keysDestroyed: await keys.destroy(subject, classes),
  filesRemoved: classes.includes('evidence') ? await forgetFiles(subject) : 0,
});

const isRecorded = async (log: EventLog, { subject, classes }: EraseSubject): Promise<boolean> => {
  const erased = new Set<PersonalClass>();
  try {
    for await (const event of log.readStream(sessionStream(subject))) {
      if (event.type === 'PersonalDataErased') event.data.classes.forEach((name) => erased.add(name));
    }
  } catch (error) {
    // A damaged stream must not keep anybody from being forgotten; at worst the event is recorded twice.
    if (!isEventCorrupt(error)) throw error;
  }
  return classes.every((name) => erased.has(name));
};

/**
 * Forgets what one subject told, class by class: records `PersonalDataErased`, destroys the keys, removes the files. From
 * then on every reader gets `ERASED` (other processes within `KEY_CACHE_TTL_MS`), and nothing more can be sealed for this
 * subject. The read models blank their rows when they come to the event.
 *
 * The order: first the event, so that no key ever vanishes without a record of who wanted it and why. A crash on the way
 * leaves a recorded promise that is not yet kept; a running server keeps it at once (`erasure-finisher.ts`), and so does
 * calling again, or `finishErasures`. All may be repeated at will: an erasure that the log already holds is not recorded again, and destroying a destroyed key does nothing.
 * @returns a refusal `session_unknown` when there is no such session; nothing was changed then
 */
export const eraseSubject = async (deps: ErasureDependencies, command: EraseSubject): Promise<ErasureOutcome> => {
  const { log, clock } = deps;
  const { subject, classes, reason, actor } = command;
  const alreadyRecorded = await isRecorded(log, command);
  if (!alreadyRecorded) {
    const event: DomainEvent = { type: 'PersonalDataErased', data: { classes: [...classes], reason } };
    const occurredAt = clock.now().toISOString();
    try {
      await log.append(sessionStream(subject), [{ event, id: newId(), occurredAt, actor, subject }], 'streamExists');
    } catch (error) {
      if (!isWrongExpectedRevision(error)) throw error;
      return refuse('session_unknown', 'There is no session with this id.');
    }
  }
  return { ok: true, ...(await carryOutErasure(deps, subject, classes)), alreadyRecorded };
};

/**
 * Carries out again every erasure that the log records: after a crash in the middle of one, and after a back-up of the keys
 * or the files was restored, which would otherwise bring back what was forgotten.
 * @returns how many keys and files were still there
 */
export const finishErasures = async ({
  log,
  ...deps
}: Omit<ErasureDependencies, 'clock'>): Promise<{ readonly keysDestroyed: number; readonly filesRemoved: number }> => {
  const total = { keysDestroyed: 0, filesRemoved: 0 };
  for await (const event of log.readAll({ types: ['PersonalDataErased'] })) {
    const subject = sessionIdOf(event.meta.stream);
    if (event.type === 'PersonalDataErased' && subject !== undefined) {
      const done = await carryOutErasure(deps, subject, event.data.classes);
      total.keysDestroyed += done.keysDestroyed;
      total.filesRemoved += done.filesRemoved;
    }
  }
  return total;
};

import type { PersonalClass } from './personal.js';

// What can go wrong between domain events and the store. Texts name types, paths, streams and revisions, never a value.

/** Data handed to the log does not fit the schema of its event. A fault of the program; nothing was written. */
export interface EventInvalidError extends Error {
  readonly code: 'event_invalid';
  readonly eventType: string;
}

/** A stored event cannot be read: not JSON, not of its schema, or a sealed text that was tampered with. */
export interface EventCorruptError extends Error {
  readonly code: 'event_corrupt';
  readonly stream: string;
  readonly revision: number;
  readonly eventType: string;
  /** Place in the whole log, where it is known. */
  readonly position: bigint | undefined;
}

/** The subject's key of this class was destroyed: nothing personal can be recorded about this subject any more. */
export interface SubjectErasedError extends Error {
  readonly code: 'subject_erased';
  readonly personalClass: PersonalClass;
}

/** A single sealed text cannot be opened with the right key: it was changed, or it was never sealed (`not_sealed`). */
export interface SealedTextError extends Error {
  readonly code: 'sealed_text_corrupt' | 'not_sealed';
}

export const eventInvalid = (eventType: string, what: string): EventInvalidError =>
  Object.assign(new Error(`${eventType} cannot be recorded: ${what}`), { code: 'event_invalid' as const, eventType });

export const eventCorrupt = (
  event: { readonly type: string; readonly stream: string; readonly revision: number; readonly position?: bigint },
  what: string,
): EventCorruptError =>
  Object.assign(new Error(`${event.type} at revision ${event.revision} of ${event.stream} cannot be read: ${what}`), {
    code: 'event_corrupt' as const,
    stream: event.stream,
    revision: event.revision,
    eventType: event.type,
    position: event.position,
  });

export const subjectErased = (personalClass: PersonalClass): SubjectErasedError =>
  Object.assign(
    new Error(`The ${personalClass} key of this subject was destroyed; nothing more can be sealed with it`),
    {
      code: 'subject_erased' as const,
      personalClass,
    },
  );

export const sealedTextError = (code: SealedTextError['code']): SealedTextError =>
  Object.assign(
    new Error(
      code === 'not_sealed' ? 'The text is not sealed' : 'The sealed text was changed: it does not fit its key',
    ),
    { code },
  );

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

export const isEventCorrupt = (error: unknown): error is EventCorruptError => hasCode(error, 'event_corrupt');
export const isSubjectErased = (error: unknown): error is SubjectErasedError => hasCode(error, 'subject_erased');

/** What a decider answers: the events that make the command true (none: it already is), or why not. */
export type Decision<E> =
  { readonly ok: true; readonly events: readonly E[] } | { readonly ok: false; readonly refusal: Refusal };

/** A rule said no. `code` is stable and mapped to HTTP and WebSocket answers in one table in transport. */
export interface Refusal {
  readonly code: RefusalCode;
  /** Plain English for a person; never holds what the citizen wrote. */
  readonly message: string;
}

export const refusalCodes = [
  'session_unknown',
  'session_exists',
  'message_empty',
  'message_too_long',
  'too_many_files',
  'description_missing',
  'not_filing',
  'already_submitted',
  'answers_not_shown',
  'not_confirmed',
  'already_answered',
  'message_unknown',
  'human_assisting',
  'human_not_assisting',
  'unknown_category',
  'unknown_institution',
  'identity_incomplete',
  'standing_locked',
  'wrong_actor',
  'transition_not_allowed',
  'case_unknown',
  'reason_missing',
  'question_missing',
  'not_your_case',
  'consent_missing',
  'too_late',
  'legal_hold',
  'erased',
  'session_revoked',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export const accept = <E>(...events: readonly E[]): Decision<E> => ({ ok: true, events });
export const refuse = (code: RefusalCode, message: string): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { code, message },
});

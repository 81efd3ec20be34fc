import {
  MAX_REASON_CHARS,
  MIN_REASON_CHARS,
  unmaskSubject,
  type UnmaskDependencies,
} from '../commands/unmask/unmask-subject.js';

/** Who reads many citizens' words in one go, and why. */
export interface Reading {
  readonly reason: string | undefined;
  /** A staff id, never a name. */
  readonly officer: string | undefined;
}

/** What is wrong with a reading that is to be recorded; undefined: nothing. */
export const whatIsMissing = ({ reason, officer }: Reading): string | undefined => {
  const why = reason?.trim() ?? '';
  if (why === '' || officer === undefined || officer.trim() === '')
    return '--unmask sends and shows what citizens told as they told it: it needs --reason "…" and --officer <staff id>, and both are recorded.';
  return why.length < MIN_REASON_CHARS || why.length > MAX_REASON_CHARS
    ? `Say why in ${MIN_REASON_CHARS} to ${MAX_REASON_CHARS} letters: it is recorded, and others will read it.`
    : undefined;
};

/**
 * Records, once for each citizen, that their words are about to be read in the clear; to be awaited before anything is sent or shown.
 * @returns a function of the session id, which throws when it could not be recorded
 */
export const createUnmaskOnce = (dependencies: UnmaskDependencies, { reason = '', officer = '' }: Reading) => {
  const recorded = new Map<string, Promise<void>>();
  const record = async (subject: string): Promise<void> => {
    const done = await unmaskSubject(dependencies, { subject, reason, officer, tool: 'agent_replay' });
    if (!done.ok) throw new Error(done.refusal.message);
  };
  return (subject: string): Promise<void> => {
    const known = recorded.get(subject) ?? record(subject);
    recorded.set(subject, known);
    return known;
  };
};

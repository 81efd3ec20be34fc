import type { CaseState, closeReasons } from '../../events/catalogue/complaint.js';
import type { Standing } from '../policies/policies.js';

export type CloseReason = (typeof closeReasons)[number];

/** What the citizen's words or wish became. `addition`: words that the office had not asked for, or not any more. */
export const recordedForms = ['answer', 'addition', 'dispute', 'withdrawal'] as const;
export type RecordedAs = (typeof recordedForms)[number];

/** What a citizen asked for and was recorded, by the id of its event. */
interface Handled {
  readonly id: string;
  readonly as: RecordedAs;
}

/** A case as its events tell it, as far as rules and the public status need it. Times are ISO 8601 UTC. */
export interface CaseFile {
  /** Null before CaseOpened. */
  readonly state: CaseState | null;
  readonly complaintId: string | null;
  readonly sessionId: string | null;
  readonly standing: Standing | null;
  readonly filedAt: string | null;
  readonly category: string | null;
  readonly institution: string | null;
  /** When the present state was entered. */
  readonly since: string | null;
  /** When anything was last recorded that the public status shows. */
  readonly lastChangeAt: string | null;
  readonly dueAt: string | null;
  readonly closeReason: CloseReason | null;
  /** When it was closed, resolved or found inadmissible; the time to dispute runs from here. Null while it is open. */
  readonly closedAt: string | null;
  /** The state to go back to when the citizen has answered. */
  readonly askedCitizenFrom: CaseState | null;
  /** When the letter to the institution went out that still waits for an answer. */
  readonly institutionAskedAt: string | null;
  /** Reminders of that letter so far. */
  readonly reminders: number;
  /** The citizen's answers, disputes and withdrawal; a repeated request is known by its id. */
  readonly handled: readonly Handled[];
  /** Revision of the last event folded; -1 before the first. */
  readonly revision: number;
}

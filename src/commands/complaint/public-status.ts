import type { CaseState } from '../../events/catalogue/complaint.js';
import type { Language } from '../../events/catalogue/session.js';
import { closeReasonWords, type LegacyStatus } from '../policies/case-words.js';
import type { Policies } from '../policies/policies.js';
import type { CaseFile } from './state.js';

/** What the holder of a tracking number alone may see (domain.md section 6): never a name, institution, category or text. */
export interface PublicStatus {
  /** Internal state: a stable code without personal data. */
  readonly status: CaseState;
  readonly legacyStatus: LegacyStatus;
  readonly words: string;
  /** YYYY-MM-DD (UTC, which is Sierra Leone's time). */
  readonly lastChange: string;
  readonly nextStep: string;
  /** YYYY-MM-DD by which the next step is due, or null. */
  readonly nextStepDue: string | null;
  readonly citizenMustAct: boolean;
}

export type PublicFacts = Pick<
  CaseFile,
  'state' | 'since' | 'lastChangeAt' | 'dueAt' | 'closeReason' | 'closedAt' | 'reminders' | 'institutionAskedAt'
>;

const DAY_MS = 86_400_000;
const dayOf = (iso: string): string => iso.slice(0, 10);
const daysAfter = (iso: string, days: number): string => new Date(Date.parse(iso) + days * DAY_MS).toISOString();

const remindedWords = (times: number): Readonly<Record<Language, string>> => {
  if (times === 0) return { en: '', kri: '' };
  return { en: times === 1 ? '; reminded once' : `; reminded ${times} times`, kri: `; wi dɔn mɛmba dɛn ${times} tɛm` };
};

/** What the state alone does not say; never which institution it is. */
const detail = (facts: PublicFacts, language: Language): string => {
  const since = { en: 'since', kri: 'frɔm' }[language];
  switch (facts.state) {
    case 'institution_asked':
      return facts.since === null ? '' : ` (${since} ${dayOf(facts.since)})`;
    case 'institution_overdue':
      return remindedWords(facts.reminders)[language];
    case 'closed':
    case 'resolved':
      return facts.closeReason === null ? '' : `. ${closeReasonWords[facts.closeReason][language]}`;
    default:
      return '';
  }
};

const dueOf = (facts: PublicFacts, state: CaseState, { cases }: Policies): string | null => {
  const days = cases.clockDays[state];
  if (facts.dueAt !== null) return facts.dueAt;
  if (state === 'received' && days !== undefined && facts.since !== null) return daysAfter(facts.since, days);
  // For a closed case the next step is the citizen's: how long they may dispute it.
  return facts.closedAt === null ? null : daysAfter(facts.closedAt, cases.disputeDays);
};

/**
 * The public status of a case in one language.
 * @returns undefined when there is no such case
 */
export const publicStatus = (
  facts: PublicFacts,
  policy: Policies,
  language: Language = 'en',
): PublicStatus | undefined => {
  const { state, lastChangeAt } = facts;
  if (state === null || lastChangeAt === null) return undefined;
  const words = policy.cases.words[state];
  const due = dueOf(facts, state, policy);
  return {
    status: state,
    legacyStatus: state === 'closed' && facts.closeReason === 'not_admissible' ? 'rejected' : words.legacy,
    words: `${words.status[language]}${detail(facts, language)}`,
    lastChange: dayOf(lastChangeAt),
    nextStep: words.next[language],
    nextStepDue: due === null ? null : dayOf(due),
    citizenMustAct: state === 'info_requested',
  };
};

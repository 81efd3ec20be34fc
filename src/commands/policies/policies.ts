import type { CaseState } from '../../events/catalogue/complaint.js';
import { loadTaxonomy, type Taxonomy } from '../taxonomy/taxonomy.js';
import { defaultCaseWords, type CaseWords } from './case-words.js';
import { createSaysYes, type SaysYes } from './consent-words.js';

export type Standing = 'complainant' | 'representative' | 'informant';

/** Every number and word that a rule uses; a deployment may set its own. */
export interface Policies {
  /** Written into SessionStarted, so that it is known which rules a conversation began under. */
  readonly version: string;
  readonly taxonomy: Taxonomy;
  readonly saysYes: SaysYes;
  /** Standing by the way the citizen wants to be known. Under the Act an anonymous filing is information, not a complaint. */
  readonly standing: Readonly<Record<'anonymous' | 'confidential' | 'named', Standing>>;
  readonly messages: {
    readonly maxChars: number;
    readonly maxFilesPerMessage: number;
    readonly maxFilesPerComplaint: number;
    /** Of one detail other than the description. */
    readonly maxDetailChars: number;
    readonly maxDescriptionChars: number;
    /** Of a name, phone number, e-mail address or way to reach the citizen. */
    readonly maxContactChars: number;
  };
  readonly cases: {
    /** Days until something must have happened, counted from entering the state; states without a clock are left out. */
    readonly clockDays: Readonly<Partial<Record<CaseState, number>>>;
    /** Days after the letter to the institution at which a missing answer is escalated. */
    readonly escalationDays: readonly number[];
    readonly disputeDays: number;
    readonly words: Readonly<Record<CaseState, CaseWords>>;
  };
  /** Hours without an event after which a conversation counts as abandoned. */
  readonly abandonedAfterHours: number;
  /** Days in which an abandoned conversation can be taken up again. */
  readonly revivableDays: number;
}

// domain.md section 3; all are defaults of a deployment, none is law.
const defaultCases: Policies['cases'] = {
  clockDays: {
    received: 7,
    screening: 7,
    info_requested: 21,
    institution_asked: 30,
    recommendation: 90,
    reopened: 7,
  },
  escalationDays: [30, 45, 60],
  disputeDays: 90,
  words: defaultCaseWords,
};

/**
 * The office's policies: the defaults of domain.md, with what a deployment sets differently.
 * @param overrides whole top-level entries to replace
 */
export const createPolicies = (overrides: Partial<Policies> = {}): Policies => ({
  version: '1',
  taxonomy: overrides.taxonomy ?? loadTaxonomy(),
  saysYes: overrides.saysYes ?? createSaysYes(),
  standing: { anonymous: 'informant', confidential: 'complainant', named: 'complainant' },
  messages: {
    maxChars: 8_000,
    maxFilesPerMessage: 10,
    maxFilesPerComplaint: 200,
    maxDetailChars: 4_000,
    maxDescriptionChars: 64_000,
    maxContactChars: 300,
  },
  cases: defaultCases,
  abandonedAfterHours: 24,
  revivableDays: 14,
  ...overrides,
});

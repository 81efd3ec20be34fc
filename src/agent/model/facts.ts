import { deriveState, missing } from '../../commands/session/derive-state.js';
import type { EvidenceItem, SessionState } from '../../commands/session/state.js';
import type { Taxonomy } from '../../commands/taxonomy/taxonomy.js';
import { OWN_NUMBER, type Mask } from './mask.js';
import type { EarlierMessage } from './tools/earlier.js';

export interface FactSettings {
  readonly sharesIdentity: boolean;
  readonly sharesFileNames: boolean;
}

/** Of the description in the facts, in characters; the rest is kept, and the model knows how much it is. */
const DESCRIPTION_CHARS = 2000;

const shortened = (text: string): string =>
  text.length <= DESCRIPTION_CHARS
    ? text
    : `${text.slice(0, DESCRIPTION_CHARS)}… (${text.length - DESCRIPTION_CHARS} more characters are kept)`;

/** A file as the model may know it. Its name, when it is shared, is a quoted value like any other; its content never is. */
export const fileFacts = (item: EvidenceItem, at: number, { sharesFileNames }: FactSettings): object => ({
  file: at + 1,
  type: item.mimeType,
  kilobytes: Math.ceil(item.sizeBytes / 1024),
  ...(sharesFileNames ? { name: item.name } : {}),
});

const identityFacts = ({ draft }: SessionState, { sharesIdentity }: FactSettings): unknown => {
  const { identity } = draft;
  if (identity === null) return 'not said yet';
  const given = (value: string | null): string | null => (value === null ? null : sharesIdentity ? value : 'given');
  return {
    mode: identity.mode,
    name: given(identity.name),
    phone: given(identity.phone),
    email: given(identity.email),
    contact: given(identity.safeContact),
    institution_may_know_the_name: identity.shareNameWithInstitution,
  };
};

const draftFacts = (state: SessionState, settings: FactSettings, mask: Mask): object => {
  const { draft } = state;
  const words = (text: string | null): string | null => (text === null ? null : mask(shortened(text)));
  return {
    description: words(draft.description),
    when: words(draft.happenedWhen),
    where: words(draft.happenedWhere),
    office_in_their_words: words(draft.institutionWords),
    tried_before: words(draft.triedBefore),
    wants: words(draft.remedyWanted),
    before_a_court: draft.beforeCourt,
    files: draft.evidenceStep === 'open' ? 'not asked yet' : draft.evidenceStep,
    classification: draft.classification,
    identity: identityFacts(state, settings),
    check_answers_shown: draft.answersShown,
    citizen_wants_to_change: draft.reopened,
  };
};

/** By these characters the model knows a message again that it may have kept. */
const BEGINNING_CHARS = 80;

const beginning = (text: string): string =>
  text.length <= BEGINNING_CHARS ? text : `${text.slice(0, BEGINNING_CHARS)}…`;

/** So many of the newest messages that were told and not kept are offered to the model. The program keeps all of them. */
const MOST_OFFERED = 12;

/**
 * What the session's own state knows, as JSON: the model's memory, however short the conversation in its request is.
 * @param earlier what was told and not kept (`notKept`)
 */
export const factsOf = (
  state: SessionState,
  settings: FactSettings,
  mask: Mask,
  earlier: readonly EarlierMessage[] = [],
): string =>
  JSON.stringify({
    your_first_answer: state.lastAsked === null,
    stage: deriveState(state),
    language: state.language === 'kri' ? 'Krio' : 'English',
    complaint: state.filing && state.ended === null ? draftFacts(state, settings, mask) : null,
    still_open: state.filing && state.ended === null ? missing(state) : [],
    told_but_not_kept: earlier
      .slice(-MOST_OFFERED)
      .map(({ number, text }) => ({ message: number, begins: beginning(mask(text)) })),
    files: state.evidence.map((item, at) => fileFacts(item, at, settings)),
    filed: state.ended === 'filed' ? { tracking_number: OWN_NUMBER } : null,
    ended: state.ended,
    asking_about_a_number: state.tracking,
    person: state.assistance === 'bot' ? 'not asked for' : 'asked for, not here yet',
  });

/** The codes that tools take, with their words; the same for every conversation, so that servers can keep it. */
export const codesOf = (taxonomy: Taxonomy): string =>
  [
    'Categories (code: words)',
    ...taxonomy.categories.map(({ code, label }) => `${code}: ${label.en}`),
    '',
    'Institutions (code: words)',
    ...taxonomy.institutions.map(({ code, label }) => `${code}: ${label.en}`),
    '',
    'Places to refer to (code: words)',
    ...taxonomy.referralTargets.map(({ code, label, contact }) => `${code}: ${label.en} (${contact.en})`),
  ].join('\n');

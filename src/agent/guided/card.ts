import type { SessionState } from '../../commands/session/state.js';
import { categoryLabel, institutionLabel } from './labels.js';
import type { Knowledge } from './knowledge.js';
import { line, type Line, type Value } from './plan.js';

const shortened = (text: string, chars: number): string => {
  const letters = Array.from(text);
  return letters.length <= chars ? text : `${letters.slice(0, chars).join('')}…`;
};

const descriptionLines = ({ draft, evidence }: SessionState, { settings }: Knowledge): Line[] => {
  if (draft.description === null) return [evidence.length > 0 ? line('card_voice') : line('card_empty')];
  const description = shortened(draft.description, settings.cardDescriptionChars);
  return [line('card_description', { description }), ...(description === draft.description ? [] : [line('card_cut')])];
};

const detailLines = ({ draft }: SessionState): Line[] => [
  ...(draft.happenedWhen === null ? [] : [line('card_when', { value: draft.happenedWhen })]),
  ...(draft.happenedWhere === null ? [] : [line('card_where', { value: draft.happenedWhere })]),
  ...(draft.triedBefore === null ? [] : [line('card_tried', { value: draft.triedBefore })]),
  ...(draft.remedyWanted === null ? [] : [line('card_remedy', { value: draft.remedyWanted })]),
  ...(draft.beforeCourt === 'yes' ? [line('card_court')] : []),
];

const classLines = ({ draft }: SessionState, { taxonomy }: Knowledge): Line[] => {
  const { category = null, institution = null } = draft.classification ?? {};
  const lines = [
    ...(category === null ? [] : [line('card_category', { category: categoryLabel(taxonomy, category) })]),
    ...(institution === null
      ? []
      : [line('card_institution', { institution: institutionLabel(taxonomy, institution) })]),
    ...(draft.institutionWords === null ? [] : [line('card_words', { words: draft.institutionWords })]),
  ];
  if (lines.length === 0) return [line('card_class_open')];
  return category === null ? [line('card_category_open'), ...lines] : lines;
};

const yesNo = (yes: boolean, { texts }: Knowledge): Value => {
  const key = yes ? 'card_yes' : 'card_no';
  return { en: texts.en.texts[key], kri: texts.kri.texts[key] };
};

const identityLine = ({ draft }: SessionState, knowledge: Knowledge): Line => {
  const { identity } = draft;
  if (identity === null) return line('card_identity_open');
  const contact = [identity.name, identity.phone, identity.email, identity.safeContact]
    .filter((value) => value !== null)
    .join(', ');
  switch (identity.mode) {
    case 'anonymous':
      return line('card_anonymous');
    case 'confidential':
      return line('card_confidential', { contact });
    case 'named':
      return line('card_named', { contact, share: yesNo(identity.shareNameWithInstitution, knowledge) });
  }
};

/** The check-answers card: all that would be filed, one line each. */
export const cardLines = (state: SessionState, knowledge: Knowledge): readonly Line[] => [
  line('card_head'),
  ...descriptionLines(state, knowledge),
  ...detailLines(state),
  ...(state.evidence.length === 0 ? [] : [line('card_files', { count: String(state.evidence.length) })]),
  ...classLines(state, knowledge),
  identityLine(state, knowledge),
];

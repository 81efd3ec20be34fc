import { isDescribed } from '../../commands/session/derive-state.js';
import type { DetailField, Intent, IntentOf } from './intents.js';
import { categoryLabel, institutionLabel, referralNames } from './labels.js';
import type { Knowledge } from './knowledge.js';
import { line, plan, type GuidedCommand, type Line, type Plan, type View } from './plan.js';

/** Begins or takes up the draft, when there is none open. */
export const openDraft = ({ state }: Pick<View, 'state'>): readonly GuidedCommand[] =>
  state.filing && state.ended === null ? [] : [{ type: 'StartFiling' }];

/** The story, or more of it. */
export const onStory = ({ text }: IntentOf<'story'>, view: View): Plan => {
  const { state } = view;
  if (state.ended === 'filed') return plan({ say: [line('filed_story')], quiet: true });
  // After "do not file" the old words rest in the draft; a new story is a new complaint.
  const fresh: readonly GuidedCommand[] = state.ended === 'signposted' ? [{ type: 'StartAgain' }] : [];
  const described = fresh.length === 0 && state.draft.description !== null;
  const replaces = state.draft.reopened === 'description';
  // The box still holds them when somebody chose to keep the old words: told twice word for word, they are kept once.
  if (described && !replaces && text.trim() === state.draft.description.trim())
    return plan({ commands: openDraft(view), say: [line('description_same')] });
  return plan({
    commands: [
      ...fresh,
      ...openDraft(view),
      { type: 'RecordDetails', details: { description: text }, descriptionMode: replaces ? 'replace' : 'append' },
    ],
    say: [line(replaces ? 'description_replaced' : described ? 'description_added' : 'description_kept')],
  });
};

/** What is said about files that came with the message. */
export const filesLine = ({ state, message }: View): readonly Line[] => {
  if (message.files === 0) return [];
  const count = String(message.files);
  if (state.ended === 'filed') return [line('files_added_to_filed', { count })];
  const voice = state.evidence.slice(-message.files).some((item) => item.mimeType.startsWith('audio/'));
  return [voice && message.files === 1 ? line('voice_kept') : line('files_kept', { count })];
};

/** Files without words. A voice note is a description. */
export const onFiles = (view: View): Plan => plan({ commands: view.state.ended === 'filed' ? [] : openDraft(view) });

export const onDetail = ({ field, value }: { field: DetailField; value: string }, view: View): Plan =>
  view.state.ended === 'filed'
    ? plan({ say: [line('filed_story')], quiet: true })
    : plan({
        commands: [
          ...openDraft(view),
          { type: 'RecordDetails', details: { [field]: value }, descriptionMode: 'append' },
        ],
        say: [line('detail_kept')],
      });

/** What the assistant proposes for a description: a category only when it is sure enough. */
export const proposalFor = (
  description: string | null,
  { classifier, settings }: Knowledge,
): Extract<GuidedCommand, { type: 'ProposeClassification' }> => {
  const { category, institution, confidence } = classifier.classify(description ?? '');
  return {
    type: 'ProposeClassification',
    category: confidence >= settings.proposeAt ? category : null,
    institution,
    confidence,
  };
};

const changedLine = (category: string | null, institution: string | null, { taxonomy }: Knowledge): Line => {
  if (category !== null && institution !== null)
    return line('class_changed_both', {
      category: categoryLabel(taxonomy, category),
      institution: institutionLabel(taxonomy, institution),
    });
  if (category !== null) return line('class_changed_category', { category: categoryLabel(taxonomy, category) });
  if (institution !== null)
    return line('class_changed_institution', { institution: institutionLabel(taxonomy, institution) });
  return line('class_words_kept');
};

/** "For this kind of problem there is also the Anti-Corruption Commission." */
export const referralHint = (category: string | null, { taxonomy }: Knowledge): readonly Line[] => {
  const referral = taxonomy.categories.find((entry) => entry.code === category)?.referral ?? [];
  return referral.length === 0 ? [] : [line('referral_hint', { targets: referralNames(taxonomy, referral) })];
};

/** The citizen names a category or an office, at any time. */
export const onClassify = (intent: IntentOf<'classify'>, view: View): Plan => {
  const { state, knowledge } = view;
  if (state.ended === 'filed') return plan({ say: [line('filed_no_change')], quiet: true });
  if (!isDescribed(state)) return plan({ commands: openDraft(view) });
  const { category, institution, words } = intent;
  const propose = state.draft.classification === null ? [proposalFor(state.draft.description, knowledge)] : [];
  const keep: readonly GuidedCommand[] =
    words === null ? [] : [{ type: 'RecordDetails', details: { institutionWords: words }, descriptionMode: 'append' }];
  const known = propose[0] ?? state.draft.classification;
  return plan({
    commands: [
      ...openDraft(view),
      ...keep,
      ...propose,
      {
        type: 'SettleClassification',
        outcome: 'changed',
        category: category ?? known?.category ?? null,
        institution: institution ?? (words === null ? (known?.institution ?? null) : null),
      },
    ],
    say: [changedLine(category, institution, knowledge), ...referralHint(category, knowledge)],
  });
};

/** Reopens one answer, or asks which. */
export const onChange = ({ part, half }: Extract<Intent, { kind: 'change' }>, view: View): Plan => {
  const { state } = view;
  if (state.ended === 'filed') {
    if (part === 'evidence') return plan({ commands: [{ type: 'AddEvidenceToFiled' }] });
    if (part === 'identity') return plan({ ask: 'name' });
    return plan({ say: [line('filed_no_change')], quiet: true });
  }
  if (!isDescribed(state)) return plan({ commands: openDraft(view) });
  if (part === null) return plan({ commands: openDraft(view), ask: 'change_what' });
  return plan({
    commands: [...openDraft(view), { type: 'ReopenAnswer', part }],
    ...(half === undefined ? {} : { ask: half }),
  });
};

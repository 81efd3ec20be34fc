import type { SessionState } from '../../commands/session/state.js';
import type { ReplyKey } from '../texts/keys.js';
import type { TextPack } from '../texts/packs.js';
import { contactIn, isEmptyContact } from './extract.js';
import type { Knowledge } from './knowledge.js';
import { mayKeep, type Question } from './questions.js';

/** What a tap on a quick reply sends: words that `understand` knows, the same in every language. */
export const replySends: Readonly<Record<ReplyKey, string>> = {
  file: 'I want to file a complaint',
  track: 'track my complaint',
  help: 'what can you do',
  yes: 'yes',
  no: 'no',
  not_sure: 'not sure',
  skip: 'skip',
  done: 'done',
  submit: 'submit',
  confirm: 'yes',
  file_anyway: 'file anyway',
  do_not_file: 'do not file',
  named: 'with my name',
  confidential: 'confidential',
  anonymous: 'anonymous',
  use_contact: 'yes',
  back: 'back',
  change: 'change something',
  change_description: 'change the description',
  keep_words: 'keep the old words',
  keep_answer: 'keep it as it is',
  change_evidence: 'change the files',
  change_classification: 'change the category',
  change_identity: 'change my name',
  add_evidence: 'add evidence',
  new_complaint: 'new complaint',
  track_own: 'how does it stand',
  person: 'talk to a person',
  discard: 'yes',
  keep: 'no',
  add_to_case: 'yes',
  new_matter: 'new complaint',
  pass_on: 'yes',
  not_answer: 'no',
  not_pass_on: 'no',
};

// Quick replies are stored in clear: never anything in them that the citizen wrote.
const byQuestion: Readonly<Record<Question, readonly ReplyKey[]>> = {
  welcome: ['file', 'track', 'help', 'person'],
  description: [],
  more: ['skip', 'submit'],
  evidence: ['skip', 'submit'],
  court: ['no', 'yes', 'not_sure', 'submit'],
  mandate: ['file_anyway', 'do_not_file'],
  confirm_class: ['yes', 'no', 'not_sure', 'submit'],
  category: ['not_sure'],
  kind: ['not_sure'],
  institution: ['not_sure'],
  identity: ['named', 'confidential', 'anonymous'],
  identity_known: ['use_contact', 'confidential', 'anonymous'],
  name: ['confidential', 'anonymous'],
  name_confidential: ['anonymous'],
  contact: ['skip'],
  confirm: ['confirm', 'change'],
  change_what: ['change_description', 'change_evidence', 'change_classification', 'change_identity', 'back'],
  tracking_number: ['back'],
  add_evidence: ['done'],
  after_filing: ['add_evidence', 'track_own', 'new_complaint', 'person'],
  after_end: ['file', 'track', 'person'],
  case_answer: ['person'],
  answer_confirm: ['pass_on', 'not_answer'],
  add_confirm: ['add_to_case', 'new_matter'],
  dispute_why: ['person'],
  dispute_confirm: ['pass_on', 'not_pass_on'],
  withdraw_confirm: ['yes', 'no'],
  restart_confirm: ['discard', 'keep'],
  discard_confirm: ['discard', 'keep'],
  noise: [],
};

const offeredCategories = 4;

/** The likeliest categories as taps: those that the description points to, then the first of the taxonomy. */
const categoryReplies = (state: SessionState, { taxonomy, classifier }: Knowledge, pack: TextPack) => {
  const ranked = classifier.classify(state.draft.description ?? '').ranked.map(({ code }) => code);
  const codes = [...new Set([...ranked, ...taxonomy.categories.map(({ code }) => code)])].slice(0, offeredCategories);
  return codes.flatMap((code) => {
    const label = taxonomy.categories.find((entry) => entry.code === code)?.label;
    return label === undefined ? [] : [{ label: label[pack.language], send: label.en }];
  });
};

/** The way back from an answer that was to be changed. */
const keepReplies = (question: Question, state: SessionState): readonly ReplyKey[] => {
  if (!mayKeep(question, state)) return [];
  return [question === 'description' ? 'keep_words' : 'keep_answer'];
};

/** Label and text to send, for every closed question. */
export const quickRepliesFor = (question: Question, state: SessionState, knowledge: Knowledge, pack: TextPack) => {
  const own = question === 'category' || question === 'kind' ? categoryReplies(state, knowledge, pack) : [];
  const asked =
    question === 'evidence' && state.evidence.length > 0 ? (['done', 'submit'] as const) : byQuestion[question];
  const keys = [...asked, ...keepReplies(question, state)];
  return [...own, ...keys.map((key) => ({ label: pack.replies[key], send: replySends[key] }))];
};

/** What the description tells about its writer, to be offered instead of asked again. */
export const contactInDescription = (state: SessionState) => {
  const contact = contactIn(state.draft.description ?? '', false);
  return isEmptyContact(contact) ? null : contact;
};

import { describe, expect, it } from 'vitest';
import { initialSession } from '../../commands/session/initial.js';
import type { SessionState } from '../../commands/session/state.js';
import { knownNumber, testPolicies } from '../../../test/support/dialogue.js';
import { loadTextPacks } from '../texts/packs.js';
import type { Intent } from './intents.js';
import { createKnowledge } from './knowledge.js';
import type { Question } from './questions.js';
import { understand } from './understand.js';

const knowledge = createKnowledge({
  taxonomy: testPolicies.taxonomy,
  texts: loadTextPacks(),
  saysYes: testPolicies.saysYes,
});
const described: SessionState = {
  ...initialSession,
  started: true,
  filing: true,
  draft: { ...initialSession.draft, description: 'The police took my phone.' },
};
const hear = (text: string, pending: Question, files = 0, state = described) =>
  understand(text, { pending, state, files, handedKey: null, knowledge });
const intentOf = (text: string, pending: Question = 'evidence'): Intent => hear(text, pending).intent;

describe('understanding, whatever was asked', () => {
  it.each<[string, Intent['kind']]>([
    ['Hello!', 'greeting'],
    ['Kushɛ', 'greeting'],
    ['good morning', 'greeting'],
    ['thank you so much', 'thanks'],
    ['Submit', 'submit'],
    ['please file my complaint', 'submit'],
    ['I want to start again', 'start_again'],
    ['withdraw my complaint', 'withdraw'],
    ['What did I say?', 'show_answers'],
    ['Can I talk to a person?', 'person'],
    ['tɔk to pɔsin', 'person'],
    ['I want to speak with a human please', 'person'],
    ['track my complaint', 'tracking_ask'],
    ['Is there any news?', 'track_own'],
    ['is there any news about my complaint yet', 'track_own'],
    ['Any update on my case?', 'track_own'],
    ['Have they answered yet?', 'track_own'],
    ['has the office decided anything', 'track_own'],
    ['Ɛni nyus de?', 'track_own'],
    ['dɛn dɔn ansa mi?', 'track_own'],
    ['What did you write?', 'show_answers'],
    ['what have you written down so far', 'show_answers'],
    ['what did you put in my complaint?', 'show_answers'],
    ['wetin yu rayt?', 'show_answers'],
    ['I want to add evidence', 'add_evidence'],
    ['speak Krio', 'language'],
    ['I want to kill myself', 'distress'],
    ['I want to file a complaint', 'want_to_file'],
    ['share my name', 'share_name'],
    ['???', 'unclear'],
    ['', 'unclear'],
  ])('"%s" is %s', (text, kind) => {
    expect(intentOf(text).kind).toBe(kind);
  });

  it.each([
    ['is it free?', 'free'],
    ['How much does it cost?', 'free'],
    ['who are you', 'who'],
    ['are you a robot?', 'who'],
    ['what can you do', 'what'],
    ['help', 'what'],
    ['Can I stay anonymous?', 'anonymous'],
    ['who will read this?', 'data'],
    ['how long does it take', 'time'],
    ['what happens next?', 'next'],
    ['what happens now?', 'next'],
    ['What now?', 'next'],
    ['so what happens after I file it?', 'next'],
    ['what will happen', 'next'],
    ['what should I do now?', 'next'],
    ['wetin go apin naw?', 'next'],
    ['wetin go apin afta dat', 'next'],
    ['Wetin de happen now?', 'next'],
    ['wetin a fɔ du naw?', 'next'],
    ['what will happen to me?', 'safe'],
    ['what happens to my job if I complain', 'safe'],
    ['wetin go apin to mi', 'safe'],
    ['where is your office', 'office'],
    ['what can I complain about', 'mandate'],
  ] as const)('"%s" asks about %s', (text, topic) => {
    expect(intentOf(text)).toEqual({ kind: 'question', topic });
  });

  it.each([
    ['anonymous', 'anonymous'],
    ['I want to stay anonymous', 'anonymous'],
    ['without my name', 'anonymous'],
    ['keep it confidential', 'confidential'],
    ['do not share my name', 'confidential'],
    ['with my name', 'named'],
  ] as const)('"%s" chooses %s', (text, mode) => {
    expect(intentOf(text)).toEqual({ kind: 'identity', mode, contact: {} });
  });

  it.each([
    ['change the description', 'description'],
    ['I want to change my name', 'identity'],
    ['the category is wrong', 'classification'],
    ['wrong office', 'classification'],
    ['change the files', 'evidence'],
    ['change something', null],
  ] as const)('"%s" wants to change %s', (text, part) => {
    expect(intentOf(text)).toMatchObject({ kind: 'change', part });
  });

  it.each(['no, it is the police', 'it is about the police', 'it should be the police', 'No, the police'])(
    '"%s" names the police',
    (text) => {
      expect(intentOf(text, 'confirm_class')).toMatchObject({ kind: 'classify', institution: 'police' });
    },
  );

  it('takes a correct or mistyped tracking number anywhere for one', () => {
    expect(intentOf(`my number is ${knownNumber.toLowerCase()}`)).toEqual({ kind: 'tracking', number: knownNumber });
    expect(intentOf('OMB-1111-2222-3333').kind).toBe('tracking');
  });

  it('takes a name and number in free text', () => {
    expect(intentOf('My name is Fatu Sesay, 076 123456')).toEqual({
      kind: 'identity',
      mode: null,
      contact: { name: 'Fatu Sesay', phone: '076123456' },
    });
  });

  it('takes a labelled detail', () => {
    expect(intentOf('where: Bo')).toEqual({ kind: 'detail', field: 'happenedWhere', value: 'Bo' });
  });
});

describe('understanding a story', () => {
  it.each([
    'Hello, the police at the checkpoint took my money.',
    'They told me to submit the form again and again.',
    'I went to speak to an officer and he asked for money.',
    'Nobody at the office said yes or no for two years.',
    'How long must we wait for water in this street?',
    'Is it right that the nurse asks for money?',
    'We need to talk to a person at the council but nobody is there.',
    'There is no answer from the ministry for two years.',
    'Is there any answer to why the nurse asks for money?',
    'They have not decided anything about my pension since I wrote to them.',
    'My boss said start again or go home.',
  ])('never takes a word in it for a command: "%s"', (text) => {
    expect(intentOf(text, 'welcome')).toEqual({ kind: 'story', text });
    expect(intentOf(text, 'confirm_class')).toEqual({ kind: 'story', text });
  });

  it('accepts one word where the story was asked for', () => {
    expect(intentOf('corruption', 'welcome')).toEqual({ kind: 'story', text: 'corruption' });
  });

  it('does not accept one strange word where a choice was asked for', () => {
    expect(intentOf('hmm', 'identity')).toEqual({ kind: 'unclear' });
  });

  it('keeps the words as they were written', () => {
    const text = '  The  Nurse\nrefused. ';
    expect(intentOf(text, 'welcome')).toEqual({ kind: 'story', text });
  });

  it('hears a wish beside it, in a sentence of its own', () => {
    expect(hear('The police took my money. I want to stay anonymous.', 'welcome').aside.identity).toBe('anonymous');
    expect(hear('They sacked me. I want to talk to a person.', 'welcome').aside.person).toBe(true);
  });

  it('hears distress within it', () => {
    expect(hear('The officer beat me and he will kill me if I talk', 'welcome').aside.distress).toBe(true);
    expect(hear('Speeding cars will kill people here', 'welcome').aside.distress).toBe(false);
  });

  it('knows a message that holds only files', () => {
    expect(hear('', 'evidence', 2).intent).toEqual({ kind: 'files' });
  });
});

describe('understanding answers', () => {
  it.each<[Question, string, Intent]>([
    ['evidence', 'no', { kind: 'no' }],
    ['evidence', 'I have no evidence', { kind: 'skip' }],
    ['court', 'I do not know', { kind: 'not_sure' }],
    ['evidence', "that's all", { kind: 'done' }],
    ['confirm', 'Yes!', { kind: 'yes' }],
    ['name', 'fatmata kamara', { kind: 'identity', mode: null, contact: { name: 'fatmata kamara' } }],
    ['contact', 'fatu@example.org', { kind: 'identity', mode: null, contact: { email: 'fatu@example.org' } }],
    ['identity', 'Fatmata Kamara', { kind: 'identity', mode: null, contact: { name: 'Fatmata Kamara' } }],
    ['category', 'police', { kind: 'classify', category: null, institution: 'police', words: null }],
    ['category', 'Xyz board', { kind: 'classify', category: null, institution: null, words: 'Xyz board' }],
    ['tracking_number', 'back', { kind: 'back' }],
    ['change_what', 'my name', { kind: 'change', part: 'identity' }],
  ])('at %s, "%s"', (pending, text, intent) => {
    expect(intentOf(text, pending)).toEqual(intent);
  });
});

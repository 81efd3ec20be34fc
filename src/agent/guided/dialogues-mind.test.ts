import { describe, expect, it } from 'vitest';
import { sayAll, startDialogue } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const krioStory = 'Di polis na Lumley bin aks mi fɔ mɔni bifo dɛn tek mi stetmɛnt.';
const ways = [
  'I changed my mind, delete everything',
  'Forget it, it is nothing',
  'It is nothing, forget it',
  "never mind, I don't want trouble",
  'a nor wan trobul',
];

describe('a change of mind', () => {
  it.each(ways)('throws nothing away unasked: "%s"', async (words) => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, words)).asked).toBe('discard_confirm');
    expect((await dialogue.say(words)).asked).toBe('discard_confirm');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it.each(ways)('begins no new complaint after one was put aside: "%s"', async (words) => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'cancel', 'yes', words);
    expect(reply.text).toContain('nothing will be filed');
    expect(dialogue.state().ended).toBe('withdrawn');
  });

  it.each(ways)('is no story at the start: "%s"', async (words) => {
    const dialogue = startDialogue();
    await dialogue.say(words);
    expect(dialogue.state().draft.description).toBeNull();
  });
});

describe('a new complaint while one is being written', () => {
  it.each(['new complaint', 'I want to make a new complaint', 'nyu kɔmplen'])('"%s" is asked about', async (words) => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, words);
    expect(reply.text).toContain('only one at a time');
    expect(reply.asked).toBe('restart_confirm');
    expect((await dialogue.say('no')).text).toContain('kept everything');
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('anger', () => {
  it.each([
    'you are useless',
    'i already told you',
    'you no dey hear me',
    'I told you my name already',
    'I told you already!',
    'You keep asking the same thing',
    'yu nor get sens',
  ])('"%s" gets an apology and the question, and is no part of the complaint', async (words) => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, words);
    expect(reply.text).toContain('I am sorry');
    expect(reply.text).toContain('talk to a person');
    expect(reply.asked).toBe('evidence');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('is no answer to the office', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'yes');
    dialogue.told('question', 'info_requested');
    expect((await dialogue.say('i already told you')).asked).toBe('case_answer');
    expect(dialogue.state().caseRequest?.messageIds ?? []).toEqual([]);
  });
});

describe('a name on second thoughts', () => {
  it('is taken with its telephone', async () => {
    const dialogue = startDialogue();
    await sayAll(
      dialogue,
      story,
      'skip',
      'no',
      'yes',
      'anonymous',
      'change my mind, use my name Foday Turay 077 555 111',
    );
    expect(dialogue.state().draft.identity).toMatchObject({ mode: 'named', name: 'Foday Turay', phone: '077555111' });
    expect(dialogue.state().draft.description).toBe(story);
  });

  it.each([
    "my name is Ali, but please don't tell the hospital",
    'mi nem na Ali, bot nor tell di hospital',
    'mi name na Ali, nor tell den',
  ])('is confidential when others must not know: "%s"', async (words) => {
    for (const before of [[], [story], [story, 'skip', 'no', 'yes'], [story, 'skip', 'no', 'yes', 'with my name']]) {
      const dialogue = startDialogue();
      const { text } = await sayAll(dialogue, ...before, words);
      expect(dialogue.state().draft.identity).toMatchObject({ mode: 'confidential', name: 'Ali' });
      expect(text).toMatch(/will not be told who you are|nɔ go tɛl di institushɔn udat yu bi/u);
    }
  });
});

describe('a yes with a change in it, at the card', () => {
  it('changes an office that is known and shows the answers again, without filing', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'submit', 'yes but first change the office to Ministry of Finance');
    expect(dialogue.state().filed).toBeNull();
    expect(reply.text).toMatch(/Office: .*Finance/u);
    expect(reply.asked).toBe('confirm');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('asks about an office that is not known', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'submit', 'Yes, but first change the office to Qwx Zzt');
    expect(reply.asked).toBe('institution');
    expect(dialogue.state().filed).toBeNull();
  });
});

describe('Krio in the common spelling', () => {
  it.each([
    ['a nor get natin', 'court'],
    ['a nor wan', 'court'],
    ['nor', 'court'],
    ['wetin yu want?', 'evidence'],
    ['a wan talk to posin', 'evidence'],
  ])('"%s" is understood at the files', async (words, asked) => {
    const dialogue = startDialogue(undefined, 'kri');
    expect((await sayAll(dialogue, krioStory, words)).asked).toBe(asked);
    expect(dialogue.state().draft.description).toBe(krioStory);
  });

  it.each([
    ['a nor sabi', 'not_sure'],
    ['a nor no', 'not_sure'],
    ['nor', 'no'],
  ])('"%s" answers about the court', async (words, beforeCourt) => {
    const dialogue = startDialogue(undefined, 'kri');
    await sayAll(dialogue, krioStory, 'lɛf am', words);
    expect(dialogue.state().draft.beforeCourt).toBe(beforeCourt);
  });
});

describe('beside a yes at the answers', () => {
  it.each([
    'yes and please hurry',
    'yes file it but I am scared',
    'Yes, but not to the police',
    'yes, but keep my name secret',
    'yɛs, bɔt a de fred',
    'yɛs ɛn du am kwik',
  ])('%j shows them again, and is no part of what happened', async (text) => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'submit', text);
    expect(reply.asked).toBe('confirm');
    expect(reply.text).toContain('These are your answers');
    expect(dialogue.state().draft.description).toBe(story);
    expect(dialogue.state().filed).toBeNull();
  });

  it.each(['yes, but keep my name secret', 'yes but not to the police', 'yɛs, bɔt kip mi nem sikrit'])(
    '%j keeps a given name confidential',
    async (text) => {
      const dialogue = startDialogue();
      await sayAll(dialogue, story, 'my name is Musa Conteh, 076555444', 'submit');
      expect(dialogue.state().draft.identity?.mode).toBe('named');
      const reply = await dialogue.say(text);
      expect(dialogue.state().draft.identity).toMatchObject({ mode: 'confidential', name: 'Musa Conteh' });
      expect(dialogue.state().draft.description).toBe(story);
      expect(reply.asked).toBe('confirm');
    },
  );

  it('what tells more of the story still joins it', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'yes, but they also took my brother’s motorbike');
    expect(dialogue.state().draft.description).toContain('motorbike');
  });
});

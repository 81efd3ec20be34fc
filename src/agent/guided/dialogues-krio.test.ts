import { describe, expect, it } from 'vitest';
import { sayAll, startDialogue } from '../../../test/support/dialogue.js';
import { loadTextPacks } from '../texts/packs.js';

const story = 'Di polis na Lumley bin aks mi fɔ mɔni bifo dɛn tek mi stetmɛnt.';
const krio = () => startDialogue(undefined, 'kri');

describe('in Krio', () => {
  it('a complaint is filed with Krio words alone', async () => {
    const dialogue = krio();
    expect((await sayAll(dialogue, story, 'sabmit', 'yɛs')).state).toBe('completed');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it.each(['sabmit', 'fayl am', 'sabmit am'])('"%s" also says yes to the answers shown', async (words) => {
    expect((await sayAll(krio(), story, 'sabmit', words)).state).toBe('completed');
  });

  it.each(['nɔ nem', 'no nem', 'a nɔ want gi mi nem', 'a no want gi mi nem', 'A nɔ wan gi mi nem.'])(
    '"%s" means no name',
    async (words) => {
      const dialogue = krio();
      await sayAll(dialogue, story, 'lɛf am', 'nɔ', 'yɛs', words);
      expect(dialogue.state().draft.identity?.mode).toBe('anonymous');
    },
  );

  it.each(['a nɔ shɔ', 'not shɔ', 'nɔ shɔ', 'a no sho'])('"%s" means not sure', async (words) => {
    const dialogue = krio();
    await sayAll(dialogue, story, 'lɛf am', words);
    expect(dialogue.state().draft.beforeCourt).toBe('not_sure');
  });

  it.each([
    ['lɛf am', 'court'],
    ['a dɔn', 'court'],
    ['a nɔ gɛt natin', 'court'],
    ['trak mi kɔmplen', 'tracking_number'],
    ['tɔk to pɔsin', 'evidence'],
    ['stɔp', 'discard_confirm'],
    ['stat bak', 'restart_confirm'],
    ['wetin yu aks?', 'evidence'],
  ])('"%s" is understood at the files', async (words, asked) => {
    const dialogue = krio();
    expect((await sayAll(dialogue, story, words)).asked).toBe(asked);
    expect(dialogue.state().draft.description).toBe(story);
  });

  it.each([
    ['wetin apin', 'description'],
    ['di fayl dɛn', 'evidence'],
    ['di ɔfis', 'institution'],
    ['mi nem', 'identity'],
    ['go bak', 'confirm'],
  ])('"%s" is understood as what to change', async (words, asked) => {
    expect((await sayAll(krio(), story, 'sabmit', 'nɔ', words)).asked).toBe(asked);
  });

  it.each(['sikrit', 'wit mi nem'])('"%s" is understood as the way to be known', async (words) => {
    expect((await sayAll(krio(), story, 'lɛf am', 'nɔ', 'yɛs', words)).asked).toMatch(/^name/u);
  });
});

describe('Krio in a conversation that began in English', () => {
  it('is answered in Krio, the answers to check and the filing too', async () => {
    const dialogue = startDialogue();
    await dialogue.say(story);
    const shown = await dialogue.say('sabmit');
    expect(shown.text).toContain(loadTextPacks().kri.texts.card_head);
    const filed = await dialogue.say('yɛs');
    expect(filed.state).toBe('completed');
    expect(filed.text).toContain(loadTextPacks().kri.texts.filed);
  });

  it('goes back to English with the citizen', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'The clerk told me that they have lost the file and that it was my own fault.');
    expect(dialogue.state().language).toBe('en');
  });

  it('is answered in English when the citizen asked for it', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'A wan tɔk Krio', 'I want to speak English', story);
    expect(dialogue.state()).toMatchObject({ language: 'en', languageFrom: 'asked' });
  });
});

describe('the Krio texts', () => {
  it('ask for no English words to be sent', () => {
    const { kri } = loadTextPacks();
    const words = /\b(?:submit|skip|not sure|new complaint|talk to a person|with my name|confidential|anonymous)\b/iu;
    for (const [key, text] of Object.entries(kri.texts)) expect(text, key).not.toMatch(words);
  });
});

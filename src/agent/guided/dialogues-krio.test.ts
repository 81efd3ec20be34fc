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
    ['di ɔfis', 'category'],
    ['mi nem', 'identity'],
    ['go bak', 'confirm'],
  ])('"%s" is understood as what to change', async (words, asked) => {
    expect((await sayAll(krio(), story, 'sabmit', 'nɔ', words)).asked).toBe(asked);
  });

  it.each(['sikrit', 'wit mi nem'])('"%s" is understood as the way to be known', async (words) => {
    expect((await sayAll(krio(), story, 'lɛf am', 'nɔ', 'yɛs', words)).asked).toMatch(/^name/u);
  });
});

describe('the Krio texts', () => {
  it('ask for no English words to be sent', () => {
    const { kri } = loadTextPacks();
    const words = /\b(?:submit|skip|not sure|new complaint|talk to a person|with my name|confidential|anonymous)\b/iu;
    for (const [key, text] of Object.entries(kri.texts)) expect(text, key).not.toMatch(words);
  });
});

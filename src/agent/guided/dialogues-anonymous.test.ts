import { describe, expect, it } from 'vitest';
import { sayAll, startDialogue } from '../../../test/support/dialogue.js';
import { loadTextPacks } from '../texts/packs.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';

describe('who stays anonymous', () => {
  it('is told that the office can still ask, here or with number and key', async () => {
    for (const words of ['Can I stay anonymous?', 'anonymous']) {
      const { text } = await sayAll(startDialogue(), story, 'skip', 'no', 'yes', words);
      expect(text).toContain('it asks you in this chat');
      expect(text).toContain('tracking number and access key');
    }
  });

  it('is told so in Krio', async () => {
    const { text } = await sayAll(startDialogue(undefined, 'kri'), story, 'lɛf am', 'nɔ', 'yɛs', 'nɔ nem');
    expect(text).toContain('i go aks yu insay dis chat');
  });

  it('is nowhere told that the office cannot ask', () => {
    const { en, kri } = loadTextPacks();
    for (const text of Object.values(en.texts)) expect(text).not.toMatch(/cannot ask you/u);
    for (const text of Object.values(kri.texts)) expect(text).not.toMatch(/nɔ ebul aks yu/u);
  });
});

describe('whose name stands in the story', () => {
  const withName = `My name is Aminata Sesay. ${story}`;
  it.each([
    ['en', [withName, 'submit'], 'If your name stands in your words or files'],
    ['en', [withName, 'skip', 'no', 'yes', 'anonymous'], 'If your name stands in your words or files'],
    ['kri', [withName, 'sabmit'], 'If yu nem de insay yu wɔd'],
  ] as const)('is told before filing who sees it (%s)', async (language, said, words) => {
    const dialogue = startDialogue(undefined, language);
    const { text } = await sayAll(dialogue, ...said);
    expect(dialogue.state().draft.description).toContain('Aminata');
    expect(dialogue.state().draft.identity?.mode).toBe('anonymous');
    expect(text).toContain(words);
    expect(text).not.toMatch(/because you give no name|as yu nɔ gi nem/iu);
  });

  it('is told that it stays in the words, when asked whether to note it', async () => {
    const { text, asked } = await sayAll(startDialogue(), withName, 'skip', 'no', 'yes');
    expect(asked).toBe('identity_known');
    expect(text).toContain('It also stays in your words');
  });
});

describe('the words beside the number', () => {
  it('promise nothing in Krio that they do not promise in English', () => {
    expect(loadTextPacks().kri.texts.filed_key).not.toMatch(/ad to am/u);
  });
});

describe('the card', () => {
  it('says that no kind of problem was given when only the office was guessed', async () => {
    const { text } = await sayAll(startDialogue(), 'It is about the police. They are there.', 'submit');
    expect(text).toContain('Kind of problem: not given');
    expect(text).toContain('Office:');
  });
});

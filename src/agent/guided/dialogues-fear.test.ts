import { describe, expect, it } from 'vitest';
import { sayAll, startDialogue } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const krioStory = 'Di polis na Lumley bin aks mi fɔ mɔni bifo dɛn tek mi stetmɛnt.';

describe('violence, a threat or fear in a story', () => {
  it.each([
    'The chief took our land and said he will kill us if we talk',
    'they beat me at the police station and I am bleeding',
    'The teacher touched my daughter',
    'I am afraid they will find me',
    'Police beat me for Lumley junction',
    'My husband was beaten by a soldier',
    'They raped me',
    'Dɛn bit mi na di polis steshɔn ɛn a de blid',
    'den beat mi pikin na skul',
  ])('gets kind words first, and is kept: "%s"', async (words) => {
    const dialogue = startDialogue();
    const { text, commands } = await dialogue.say(words);
    expect(text.split('\n\n')[1]).toMatch(/You are not alone|Yu nɔ de yu wan/u);
    expect(commands).toContainEqual({ type: 'RequestHuman', reason: 'distress' });
    expect(dialogue.state().draft.description).toBe(words);
  });

  it.each(['evidence', 'category', 'identity', 'name'] as const)(
    'is never taken for an answer, at the %s',
    async (at) => {
      const before = {
        evidence: [],
        category: ['skip', 'no', 'no'],
        identity: ['skip', 'no', 'yes'],
        name: ['skip', 'no', 'yes', 'with my name'],
      };
      const dialogue = startDialogue();
      const reply = await sayAll(dialogue, story, ...before[at], 'Teacher beat me');
      expect(reply.text).toContain('You are not alone');
      expect(dialogue.state().draft.description).toContain('Teacher beat me');
      expect(dialogue.state().draft.identity).toBeNull();
    },
  );

  const cries = ['I am scared', "I'm so afraid", 'I want to die', 'a de fred', 'a dey fred'];
  it.each(cries)('as the very first words, "%s" is answered with care and kept in the draft', async (words) => {
    const dialogue = startDialogue();
    const { text, commands } = await dialogue.say(words);
    expect(text).toContain('You are not alone');
    expect(text).toContain('written it down in your own words');
    expect(commands).toContainEqual({ type: 'RequestHuman', reason: 'distress' });
    expect(dialogue.state().draft.description).toBe(words);
    await dialogue.say(story);
    expect(dialogue.state().draft.description).toBe(`${words}\n\n${story}`);
  });

  it.each(cries)('later, "%s" is answered with care and is no story', async (words) => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, words)).text).toContain('You are not alone');
    expect(dialogue.state().draft.description).toBe(story);
    await sayAll(dialogue, 'submit', 'yes');
    expect((await dialogue.say(words)).text).toContain('You are not alone');
    expect(dialogue.state().ended).toBe('filed');
  });

  it('is not seen where there is none', async () => {
    for (const words of ['Speeding cars will kill people here', 'I am afraid I have no letter about the road', story])
      expect((await startDialogue().say(words)).text).not.toContain('You are not alone');
  });

  it('does not send anybody only to the police', async () => {
    const english = await startDialogue().say('Police beat me');
    for (const words of ['hospital', 'somebody you trust', 'without your name', 'need not go to them'])
      expect(english.text).toContain(words);
    const krio = await startDialogue(undefined, 'kri').say('polis bit mi');
    for (const words of ['ɔspitul', 'pɔsin we yu trɔst', 'nɔ gi nem']) expect(krio.text).toContain(words);
  });
});

describe('a frightened question', () => {
  it.each([
    'can the police see this?',
    'what happens to me if they find out',
    'who wants to know? I am afraid',
    'is it safe to answer',
    'I am scared, can the police see this?',
    'Is it safe to tell you?',
    'will they arrest me',
    'what if my boss finds out?',
    'Can they trace me',
    'why do you want to know',
    'are you the police?',
    'will I get into trouble',
    'polis go si dis?',
    'wetin go apin to mi if den no',
    'udat wan no',
  ])('is answered, and is no story: "%s"', async (words) => {
    const dialogue = startDialogue();
    expect((await dialogue.say(words)).text).toContain('cannot open this chat');
    expect(dialogue.state().draft.description).toBeNull();
    expect((await sayAll(dialogue, story, words)).text).toContain('I cannot promise');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('is no answer to the office', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'yes');
    dialogue.told('question', 'info_requested');
    const reply = await dialogue.say('who wants to know? I am afraid');
    expect(reply.text).toContain('cannot open this chat');
    expect(reply.asked).toBe('case_answer');
    expect(dialogue.state().caseRequest?.messageIds ?? []).toEqual([]);
  });

  it('is answered in Krio', async () => {
    const { text } = await sayAll(startDialogue(undefined, 'kri'), krioStory, 'di polis kin si dis?');
    expect(text).toContain('nɔ ebul opin dis chat');
  });
});

import { describe, expect, it } from 'vitest';
import {
  knownKey,
  knownNumber,
  sayAll,
  startDialogue,
  waitingForCitizen,
  type Said,
} from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const question = 'On which day was it?';
const reason = 'The matter is before the High Court.';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);

const sayings = [
  ['en', 'hello'],
  ['en', 'what was the question?'],
  ['en', 'repeat the question please'],
  ['en', 'what did you ask me?'],
  ['en', 'how does it stand?'],
  ['en', 'what do you need?'],
  ['kri', 'kushɛ'],
  ['kri', 'wetin yu de aks?'],
  ['kri', 'aw i de go?'],
  ['kri', 'wetin di ɔfis de aks mi?'],
] as const;

describe.each(sayings)('while the office waits for an answer (%s), %j', (language, text) => {
  it('shows its question to the owner again', async () => {
    const dialogue = startDialogue(undefined, language, { words: { question } });
    await sayAll(dialogue, story, 'submit', 'yes');
    dialogue.told('question', 'info_requested');
    const reply = await dialogue.say(text);
    expect(reply.text).toContain(question);
    expect(reply.asked).toBe('case_answer');
    expect(types(reply)).not.toContain('PrepareCaseRequest');
  });

  it('shows it once to whoever opened the complaint with its key', async () => {
    const dialogue = startDialogue(undefined, language, { ...waitingForCitizen, words: { question } });
    await dialogue.say(`${knownNumber} ${knownKey}`);
    const reply = await dialogue.say(text);
    expect(reply.onceText).toContain(question);
    expect(reply.text).not.toContain(question);
    expect(reply.asked).toBe('case_answer');
  });
});

describe.each([
  ['en', 'yes', ['hello', 'what was the question?', 'status', 'how does it stand?', 'yes', 'thanks', 'They beat me']],
  ['kri', 'yɛs', ['kushɛ', 'wetin yu de aks?', 'aw i de go?', 'yɛs']],
] as const)('when the office asks again whoever opened the complaint with its key (%s)', (language, yes, texts) => {
  it.each(texts)('%j shows the new question, once', async (text) => {
    const words = { question: null as string | null };
    const dialogue = startDialogue(undefined, language, { ...waitingForCitizen, words });
    await sayAll(dialogue, `${knownNumber} ${knownKey}`, 'Na Tuesday in Makeni', yes);
    expect(dialogue.state().caseRequest).toBeNull();
    words.question = question;
    const reply = await dialogue.say(text);
    expect(reply.onceText).toContain(question);
    expect(reply.text).not.toContain(question);
    expect(types(reply)).not.toContain('MakeCaseRequest');
    expect(dialogue.state().caseRequest?.request).toBe('answer');
  });
});

it('the question can be asked for again before the yes', async () => {
  const dialogue = startDialogue(undefined, 'en', { words: { question } });
  await sayAll(dialogue, story, 'submit', 'yes');
  dialogue.told('question', 'info_requested');
  const reply = await sayAll(dialogue, 'It was on Monday', 'what was the question?');
  expect(reply.text).toContain(question);
  expect(reply.asked).toBe('answer_confirm');
});

describe.each([
  ['en', 'why?'],
  ['en', 'how does it stand?'],
  ['kri', 'wetin mek?'],
  ['kri', 'aw i de go?'],
] as const)('after the office could not take it up (%s), %j', (language, text) => {
  const office = { status: { status: 'not_admissible' }, words: { reason } };
  it('tells the owner the reason', async () => {
    const dialogue = startDialogue(undefined, language, office);
    await sayAll(dialogue, story, 'submit', 'yes');
    dialogue.told('status', 'not_admissible');
    expect((await dialogue.say(text)).text).toContain(reason);
  });

  it('tells it once to whoever opened the complaint with its key', async () => {
    const dialogue = startDialogue(undefined, language, office);
    expect((await dialogue.say(`${knownNumber} ${knownKey}`)).onceText).toContain(reason);
    const reply = await dialogue.say(text);
    expect(reply.onceText).toContain(reason);
    expect(reply.text).not.toContain(reason);
  });
});

describe('with the number alone', () => {
  it.each([
    ['en', 'what do you need?', 'access key'],
    ['en', 'what does the office want from me?', 'access key'],
    ['kri', 'wetin una nid?', 'akses ki'],
  ] as const)('(%s) %j says that the key is needed', async (language, text, words) => {
    const dialogue = startDialogue(undefined, language, { ...waitingForCitizen, words: { question } });
    const reply = await sayAll(dialogue, 'track my complaint', knownNumber, text);
    expect(reply.text).toContain(words);
    expect(JSON.stringify(reply)).not.toContain(question);
  });

  it('the reason stays hidden', async () => {
    const dialogue = startDialogue(undefined, 'en', { status: { status: 'not_admissible' }, words: { reason } });
    const reply = await sayAll(dialogue, 'track my complaint', knownNumber, 'why?');
    expect(JSON.stringify(dialogue.replies())).not.toContain(reason);
    expect(types(reply)).not.toContain('RecordDetails');
  });
});

describe('without a number', () => {
  it.each([
    ['en', 'no number, I lost it', 'talk to a person'],
    ['en', 'I lost my number', 'talk to a person'],
    ['en', 'I dont have the number', 'talk to a person'],
    ['kri', 'a lɔs di nɔmba', 'tɔk to pɔsin'],
    ['kri', 'a nɔ gɛt nɔmba', 'tɔk to pɔsin'],
  ] as const)('(%s) %j says what can be done, and is no description', async (language, text, words) => {
    const dialogue = startDialogue(undefined, language);
    const reply = await sayAll(dialogue, 'track my complaint', text);
    expect(reply.text).toContain(words);
    expect(dialogue.state().draft.description).toBeNull();
    expect(dialogue.state().filing).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import {
  knownKey,
  knownNumber,
  sayAll,
  startDialogue,
  unknownNumber,
  waitingForCitizen,
  type Said,
} from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);
const languages = ['en', 'kri'] as const;
const yes = { en: 'yes', kri: 'yɛs' } as const;
const no = { en: 'no', kri: 'nɔ' } as const;

/** Another conversation than the one in which the complaint was filed; number and key were sent already. */
const opened = async (language: 'en' | 'kri' = 'en', office = {}) => {
  const dialogue = startDialogue(undefined, language, office);
  await dialogue.say(`${knownNumber} ${knownKey}`);
  return dialogue;
};

describe.each(languages)('whoever opened a complaint with its key (%s)', (language) => {
  it('is asked for the answer again when the words were not it', async () => {
    const dialogue = await opened(language, waitingForCitizen);
    const complaintId = dialogue.state().openedCases.at(-1);
    const refused = await sayAll(dialogue, 'It was on Tuesday in Makeni', no[language]);
    expect(types(refused)).not.toContain('MakeCaseRequest');
    expect(refused.asked).toBe('case_answer');
    expect((await dialogue.say('It was on Tuesday in Bo')).asked).toBe('answer_confirm');
    expect(dialogue.state().caseRequest).toMatchObject({ complaintId, request: 'answer' });
    expect(dialogue.state().caseRequest?.messageIds).toHaveLength(1);
    expect(types(await dialogue.say(yes[language]))).toContain('MakeCaseRequest');
    expect(dialogue.state().filing).toBe(false);
  });

  it('is asked whether what they tell belongs to it, and a yes adds it', async () => {
    const dialogue = await opened(language);
    const asked = await dialogue.say('The headmaster himself, on Monday');
    expect(asked.asked).toBe('add_confirm');
    expect(asked.quickReplies?.map(({ send }) => send)).toEqual(['yes', 'new complaint']);
    expect(types(asked)).not.toContain('RecordDetails');
    const added = await dialogue.say(yes[language]);
    expect(added.commands).toContainEqual(expect.objectContaining({ type: 'MakeCaseRequest' }));
    expect(dialogue.state().filing).toBe(false);
  });

  it('may say that it is a new matter, and the words are not lost', async () => {
    const dialogue = await opened(language);
    const reply = await sayAll(dialogue, story, 'new complaint');
    expect(types(reply)).not.toContain('MakeCaseRequest');
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('what is told after a complaint was opened', () => {
  it.each([
    'a new matter',
    'new matter',
    'it is a new matter',
    'It’s a different matter.',
    'no, it is another matter',
    'different matter',
    'na nyu mata',
    'na ɔda kɔmplen',
    'difrɛn mata',
  ])('becomes a new complaint with %j, which is no part of it', async (text) => {
    const dialogue = await opened();
    const reply = await sayAll(dialogue, story, text);
    expect(types(reply)).not.toContain('MakeCaseRequest');
    expect(dialogue.state().caseRequest).toBeNull();
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('goes nowhere after a no', async () => {
    const dialogue = await opened();
    const reply = await sayAll(dialogue, 'The headmaster himself, on Monday', 'no');
    expect(reply.text).toContain('passed nothing on');
    expect(dialogue.state().caseRequest).toBeNull();
    expect(dialogue.state().filing).toBe(false);
  });

  it('is a new complaint once the citizen asked for one', async () => {
    const dialogue = await opened();
    await sayAll(dialogue, 'new complaint', story);
    expect(dialogue.state().draft.description).toBe(story);
  });
});

it('words held for one complaint are said to be dropped when another is opened', async () => {
  const dialogue = startDialogue();
  await sayAll(dialogue, story, 'submit', 'yes');
  dialogue.told('question', 'info_requested');
  const reply = await sayAll(dialogue, 'It was on Monday', `${knownNumber} ${knownKey}`);
  expect(reply.text).toContain('not passed on what you wrote');
  expect(types(reply)).toContain('DropCaseRequest');
  expect(types(await dialogue.say('yes'))).not.toContain('MakeCaseRequest');
});

it.each(languages)('words that are dropped are given back, with the number they were for (%s)', async (language) => {
  const dialogue = startDialogue(undefined, language);
  await sayAll(dialogue, story, 'submit', yes[language]);
  dialogue.told('question', 'info_requested');
  const { text } = await sayAll(dialogue, 'It was on Monday', `${knownNumber} ${knownKey}`);
  const number = dialogue.state().filed?.trackingNumber ?? 'none';
  expect(text).toContain(number);
  expect(text).toContain('It was on Monday');
});

describe('a question about a complaint that was opened', () => {
  it.each(['Is there any news?', 'have they answered yet', 'what did you write?', 'ɛni nyus de?'])(
    'is answered with how it stands, and is no message to the office: "%s"',
    async (words) => {
      const dialogue = await opened();
      const reply = await dialogue.say(words);
      expect(types(reply)).not.toContain('PrepareCaseRequest');
      expect(reply.text).toContain('Received');
      expect(dialogue.state().filing).toBe(false);
    },
  );
});

describe('words sent together with a number alone', () => {
  it.each([
    ['en', 'It was Bo on Tuesday', 'not used what else you wrote', 'access key'],
    ['kri', 'Na bin Bo, Tyusde', 'nɔ yuz di ɔda tin', 'akses ki'],
  ] as const)('(%s) %j are said to be unused, with the way to pass them on', async (language, words, unused, way) => {
    const dialogue = startDialogue(undefined, language, waitingForCitizen);
    const reply = await dialogue.say(`${knownNumber} ${words}`);
    expect(reply.text).toContain('Received');
    expect(reply.text).toContain(unused);
    expect(reply.text).toContain(way);
    expect(dialogue.state().draft.description).toBeNull();
  });

  it.each([knownNumber, `please check my complaint ${knownNumber}`, `How is ${knownNumber}?`])(
    'that only ask for it are nothing more: %j',
    async (text) => {
      expect((await startDialogue().say(text)).text).not.toContain('not used what else');
    },
  );

  it('are offered to the office when the key came before', async () => {
    const dialogue = startDialogue(undefined, 'en', waitingForCitizen);
    expect((await sayAll(dialogue, `my key is ${knownKey}`, `${knownNumber} It was Bo on Tuesday`)).asked).toBe(
      'answer_confirm',
    );
  });
});

describe('words sent together with an access key', () => {
  it.each(['It was Bo on Tuesday', 'Na bin Bo, Tyusde', 'Makeni'])(
    'and a number, as %j, are offered as the answer',
    async (words) => {
      const dialogue = startDialogue(undefined, 'en', waitingForCitizen);
      const reply = await dialogue.say(`${knownNumber} ${knownKey} ${words}`);
      expect(types(reply)).toContain('GrantCaseAccess');
      expect(reply.asked).toBe('answer_confirm');
      expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
    },
  );

  it('may be long, and are still offered', async () => {
    const dialogue = startDialogue(undefined, 'en', waitingForCitizen);
    const reply = await dialogue.say(`${knownNumber} ${knownKey} ${story} ${story} ${story}`);
    expect(reply.asked).toBe('answer_confirm');
    expect(dialogue.state().filing).toBe(false);
  });

  it('and a number are offered as an addition when nothing is asked', async () => {
    const dialogue = startDialogue();
    expect((await dialogue.say(`${knownNumber} ${knownKey} The headmaster himself did it`)).asked).toBe('add_confirm');
  });

  it('are offered as a dispute when the case is closed', async () => {
    const dialogue = startDialogue(undefined, 'en', { status: { status: 'closed' } });
    expect((await dialogue.say(`${knownNumber} ${knownKey} they never asked my witness`)).asked).toBe(
      'dispute_confirm',
    );
  });

  it('by the owner are the answer that the office waits for', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'yes');
    dialogue.told('question', 'info_requested');
    const reply = await dialogue.say(`My answer is that it was Monday, my key is ${knownKey}`);
    expect(reply.asked).toBe('answer_confirm');
    expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
  });

  it.each([
    'I paid them on Friday and my old key is ABCD-2345-EFGH-67JK for another case',
    'A pe dɛn Frayde ɛn mi ol ki na ABCD-2345-EFGH-67JK',
  ])('in the middle of a story stay in it, without the key: %j', async (text) => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, text);
    expect(dialogue.state().draft.description).toContain(text.replace(knownKey, '••••'));
    expect(dialogue.state().draft.description).not.toContain('ABCD');
  });

  it.each([`${unknownNumber} ${knownKey} It was Bo`, `${knownNumber} WXYZ-2345-EFGH-67JK It was Bo`])(
    'that open nothing are said to be unused: %j',
    async (text) => {
      expect((await startDialogue().say(text)).text).toContain('not used what else you wrote');
    },
  );

  it.each([
    `please show me my complaint ${knownNumber}, my access key is ${knownKey}`,
    `mi nɔmba na ${knownNumber} ɛn mi akses ki na ${knownKey}`,
  ])('that only hand it over are nothing more: %j', async (text) => {
    const reply = await startDialogue().say(text);
    expect(types(reply)).toContain('GrantCaseAccess');
    expect(types(reply)).not.toContain('PrepareCaseRequest');
  });
});

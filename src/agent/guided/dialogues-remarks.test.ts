import { describe, expect, it } from 'vitest';
import { civicStatements, serviceRequests } from '../../../test/support/samples.js';
import { knownNumber, sayAll, startDialogue, testGuidedAgent } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const filed = async () => {
  const dialogue = startDialogue();
  await sayAll(dialogue, story, 'submit', 'yes');
  return dialogue;
};

describe('throwing a draft away', () => {
  it.each(['start again', 'stop', 'withdraw my complaint', 'cancel', 'quit'])(
    'is asked about first after "%s"',
    async (words) => {
      const dialogue = startDialogue();
      const reply = await sayAll(dialogue, story, 'skip', words);
      expect(reply.text).toContain('Shall I throw away what you told me?');
      expect(dialogue.state().draft.description).toBe(story);
    },
  );

  it.each(['no', 'no wait, continue', 'no, go back', 'go on', 'go back', 'keep it', 'not sure', 'wait'])(
    'is left on "%s", and the conversation goes on where it was',
    async (words) => {
      const dialogue = startDialogue();
      const reply = await sayAll(dialogue, story, 'skip', 'start again', words);
      expect(reply.text).toContain('kept everything');
      expect(reply.asked).toBe('court');
      expect(dialogue.state().draft.description).toBe(story);
    },
  );

  it('happens on yes', async () => {
    const restarted = startDialogue();
    expect((await sayAll(restarted, story, 'start again', 'yes')).state).toBe('complaint_collection');
    expect(restarted.state().draft.description).toBeNull();
    const stopped = startDialogue();
    expect((await sayAll(stopped, story, 'stop', 'yes')).state).toBe('completed');
    expect(stopped.state().ended).toBe('withdrawn');
  });

  it('is no yes to filing, at the card', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'start again', 'yes');
    expect(dialogue.state().filed).toBeNull();
    const kept = startDialogue();
    expect((await sayAll(kept, story, 'submit', 'start again', 'no')).text).toContain(story);
    expect((await kept.say('yes')).state).toBe('completed');
  });

  it('needs no question when nothing was told', async () => {
    expect((await sayAll(startDialogue(), 'I want to file a complaint', 'start again')).text).toContain(
      'We start again',
    );
  });

  it.each(['no wait, continue', 'no, go back', 'wait', 'go back', 'keep going'])(
    'or not: "%s" is never the story',
    async (words) => {
      const dialogue = startDialogue();
      await sayAll(dialogue, 'I want to file a complaint', words);
      expect(dialogue.state().draft.description).toBeNull();
      await sayAll(dialogue, story, words);
      expect(dialogue.state().draft.description).toBe(story);
    },
  );
});

describe('after filing', () => {
  it.each([
    'What is my tracking number?',
    'my tracking number',
    'I lost my number',
    'give me my tracking number again',
  ])('"%s" shows the number again', async (words) => {
    const dialogue = await filed();
    expect((await dialogue.say(words)).text).toContain(dialogue.state().filed?.trackingNumber);
  });

  it('the number of the earlier complaint is shown while a new one is written', async () => {
    const dialogue = await filed();
    const number = dialogue.state().filed?.trackingNumber;
    expect((await sayAll(dialogue, 'new complaint', 'what is my tracking number?')).text).toContain(number);
  });

  it('the key is not shown again, and it is said why', async () => {
    const reply = await (await filed()).say('What is my access key?');
    expect(reply.text).toContain('shown once');
    expect(reply.onceText).toBeUndefined();
  });

  it.each(['delete my data', 'erase', 'please erase my data', 'I want my data deleted'])(
    '"%s" is recorded, and a person is asked for',
    async (words) => {
      const dialogue = await filed();
      const reply = await dialogue.say(words);
      expect(reply.text).toContain('A person decides');
      expect(reply.commands.map(({ type }) => type)).toEqual(['RequestErasure', 'RequestHuman', 'ReplyAsAgent']);
      expect(dialogue.state().erasureRequested).toBe(true);
    },
  );

  it('"withdraw" asks before anything is withdrawn', async () => {
    expect((await (await filed()).say('withdraw')).asked).toBe('withdraw_confirm');
  });

  it('"stop" leaves the filed complaint alone', async () => {
    const dialogue = await filed();
    await dialogue.say('stop');
    expect(dialogue.state().caseRequest).toBeNull();
    expect(dialogue.wire()).toBe('completed');
  });
});

describe('before filing', () => {
  it('there is no number and no key to show', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'what is my tracking number?')).text).toContain('no number yet');
    expect((await dialogue.say('what is my access key?')).text).toContain('when your complaint is filed');
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('the question', () => {
  it.each([
    ['at the start', []],
    ['at the evidence', [story]],
    ['at the court', [story, 'skip']],
    ['at the class', [story, 'skip', 'no']],
    ['at the identity', [story, 'skip', 'no', 'yes']],
    ['at the name', [story, 'skip', 'no', 'yes', 'with my name']],
    ['at the card', [story, 'submit']],
    ['at what to change', [story, 'submit', 'no']],
    ['before throwing away', [story, 'start again']],
    ['while tracking', ['track my complaint']],
    ['after filing', [story, 'submit', 'yes']],
    ['after giving up', [story, 'stop', 'yes']],
    ['while adding files', [story, 'submit', 'yes', 'add evidence']],
  ])('is asked again %s', async (_where, before) => {
    const dialogue = startDialogue();
    const last = before.length === 0 ? await dialogue.say('hello') : await sayAll(dialogue, ...before);
    const again = await dialogue.say('What is the question?');
    expect(again.asked).toBe(last.asked);
    expect(again.state).toBe(last.state);
    const ending = last.text.split('\n\n').at(-1) ?? '';
    if (last.asked !== 'welcome') expect(again.text).toContain(ending);
  });
});

describe('thanks', () => {
  it('while a number is asked for are no number', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'track my complaint', 'OMB-1111-2222-3333');
    for (const words of ['thanks', 'Thank you very much!', 'ok thanks for your help', 'bye']) {
      const reply = await dialogue.say(words);
      expect(reply.text).toBe('You are welcome.');
      expect(reply.state).toBe('tracking');
    }
  });
});

describe('a remark', () => {
  it.each([
    'are you there?',
    'hello?',
    'Hello, are you there',
    'is anyone there?',
    'will I win?',
    'Can I get my money back?',
  ])('"%s" is no part of the complaint', async (words) => {
    const dialogue = startDialogue();
    await sayAll(dialogue, words, 'I want to file a complaint', words);
    expect(dialogue.state().draft.description).toBeNull();
    await sayAll(dialogue, story, words);
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('about the outcome gets no promise', async () => {
    expect((await startDialogue().say('will I win?')).text).toContain('I promise nothing');
  });

  it.each([
    'I want to track OMB-ZZZZ-ZZZZ-ZZZZ',
    'I want to track OMB-ZZZZ',
    'check OMB-1234-ABCD please',
    'OMB-ABCD-EFGH',
  ])('"%s" holds a number with a typing error', async (words) => {
    const dialogue = startDialogue();
    expect((await dialogue.say(words)).text).toContain('typing error');
    expect(dialogue.state().draft.description).toBeNull();
  });

  it.each(['asdfgh', 'qwerty', 'jjjjjjj', 'asdf asdf', 'sdkfjhskdjf'])(
    'that is most likely noise, "%s", is asked about once and taken the second time',
    async (words) => {
      const dialogue = startDialogue();
      expect((await dialogue.say(words)).text).toContain('could not read');
      expect(dialogue.state().draft.description).toBeNull();
      await dialogue.say(words);
      expect(dialogue.state().draft.description).toBe(words);
    },
  );

  it('after noise, the story is the story', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'asdfgh', story);
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('what people really write', () => {
  const agent = testGuidedAgent();
  it('is a description at the first go, every statement and every service request of the samples', async () => {
    for (const text of [...civicStatements(), ...serviceRequests()]) {
      const dialogue = startDialogue(agent);
      await dialogue.say(text);
      expect(dialogue.state().draft.description, text).toBe(text);
    }
  });

  it('is one also after the assistant asked for it', async () => {
    for (const text of [...civicStatements(), ...serviceRequests()]) {
      const dialogue = startDialogue(agent);
      await sayAll(dialogue, 'I want to file a complaint', text);
      expect(dialogue.state().draft.description, text).toBe(text);
    }
  });
});

describe('the check-answers card', () => {
  it('says in words what can be changed', async () => {
    const reply = await sayAll(startDialogue(), story, 'submit', 'no');
    for (const part of ['the description', 'the files', 'the category or office', 'my name', 'back'])
      expect(reply.text).toContain(part);
  });

  it.each([
    ['the description', 'description'],
    ['the files', 'evidence'],
    ['the category or office', 'category'],
    ['my name', 'identity'],
    ['back', 'confirm'],
  ])('understands "%s" there', async (words, asked) => {
    expect((await sayAll(startDialogue(), story, 'submit', 'no', words)).asked).toBe(asked);
  });

  it('says that all of a long description is kept', async () => {
    const long = `${story} `.repeat(40).trim();
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, long, 'submit')).text).toContain('only the beginning');
    expect(dialogue.state().draft.description).toBe(long);
    expect((await sayAll(startDialogue(), story, 'submit')).text).not.toContain('only the beginning');
  });
});

describe('a number on the side', () => {
  it('is still looked up', async () => {
    expect((await startDialogue().say(`I want to track ${knownNumber}`)).text).toContain('Received');
  });
});

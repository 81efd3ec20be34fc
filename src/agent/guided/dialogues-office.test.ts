import { describe, expect, it } from 'vitest';
import { sayAll, startDialogue, type Said } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);

const filed = async () => {
  const dialogue = startDialogue();
  await sayAll(dialogue, story, 'submit', 'yes');
  return dialogue;
};
const asked = async () => {
  const dialogue = await filed();
  dialogue.told('question', 'info_requested');
  return dialogue;
};

describe('when the office asks something', () => {
  it('what the citizen writes is passed on as the answer after a yes', async () => {
    const dialogue = await asked();
    const reply = await dialogue.say('It was Monday the third, at about noon');
    expect(types(reply)).toContain('PrepareCaseRequest');
    expect(types(reply)).not.toContain('MakeCaseRequest');
    expect(reply.text).toContain('Is this your answer to the office?');
    expect(reply.quickReplies?.map(({ send }) => send)).toEqual(['yes', 'no']);
    const passed = await dialogue.say('yes');
    expect(types(passed)).toContain('MakeCaseRequest');
    expect(passed.text).toContain('passed your answer on');
    expect(dialogue.wire()).toBe('completed');
  });

  it('the buttons of that question say what a tap does', async () => {
    const dialogue = await asked();
    const { quickReplies } = await dialogue.say('It was Monday the third, at about noon');
    expect(quickReplies?.map(({ label }) => label)).toEqual([
      'Yes, pass it on to the office',
      'No, this is not my answer',
    ]);
  });

  it.each([
    'thanks',
    'is it free?',
    'hello',
    'how long does it take?',
    'talk to a person',
    'how does it stand',
    'speak Krio',
  ])('%j is never taken for the answer', async (text) => {
    const dialogue = await asked();
    const reply = await dialogue.say(text);
    expect(types(reply)).not.toContain('PrepareCaseRequest');
    expect(reply.asked).toBe('case_answer');
  });

  it.each(['yes', 'no', '12345', 'Monday', '076 123 456', 'Ministry of Health', 'not sure'])(
    'even so short an answer as %j can be one',
    async (text) => {
      const dialogue = await asked();
      expect((await dialogue.say(text)).asked).toBe('answer_confirm');
      expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
    },
  );

  it('files without words are an answer too', async () => {
    const dialogue = await asked();
    expect((await dialogue.say('', [{}])).asked).toBe('answer_confirm');
    expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
  });

  it('more words before the yes join the answer', async () => {
    const dialogue = await asked();
    await sayAll(dialogue, 'It was on Monday', 'also, my brother saw it');
    expect(dialogue.state().caseRequest?.messageIds).toHaveLength(2);
    expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
  });

  it('a no sends nothing, and the question stays', async () => {
    const dialogue = await asked();
    const reply = await sayAll(dialogue, 'It was on Monday', 'no');
    expect(types(reply)).toContain('DropCaseRequest');
    expect(reply.asked).toBe('case_answer');
  });

  it.each(['no, it is something else', 'No. I meant my other problem', 'that is not my answer', 'nɔ, na ɔda tin'])(
    '%j is a no, and no part of the answer',
    async (text) => {
      const dialogue = await asked();
      const reply = await sayAll(dialogue, 'It was on Monday', text);
      expect(types(reply)).toContain('DropCaseRequest');
      expect(reply.asked).toBe('case_answer');
      expect(dialogue.state().caseRequest?.messageIds).toEqual([]);
    },
  );

  it.each(['a new matter', 'na nyu mata'])('%j makes the words a new complaint, not the answer', async (text) => {
    const dialogue = await asked();
    const reply = await sayAll(dialogue, 'The council never collects our rubbish in Bo', text);
    expect(types(reply)).not.toContain('MakeCaseRequest');
    expect(reply.text).toContain('not sent it to the office');
    expect(dialogue.state().draft.description).toBe('The council never collects our rubbish in Bo');
  });

  it('an answer that begins with no and goes on stays an answer', async () => {
    const dialogue = await asked();
    await sayAll(dialogue, 'It was on Monday', 'no one else was there');
    expect(dialogue.state().caseRequest?.messageIds).toHaveLength(2);
  });

  it('something else in between does not lose the answer, nor send it', async () => {
    const dialogue = await asked();
    const between = await sayAll(dialogue, 'It was on Monday', 'is it free?');
    expect(between.text).toContain('It is free.');
    expect(between.asked).toBe('answer_confirm');
    expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
  });

  it('it may wait', async () => {
    const dialogue = await asked();
    const reply = await dialogue.say('later');
    expect(reply.text).toContain('at any time');
    expect((await dialogue.say('thanks')).asked).toBe('case_answer');
  });

  it('a cry for help in the answer is heard', async () => {
    const dialogue = await asked();
    const reply = await dialogue.say('It was on Monday, and now they want to kill me because I complained');
    expect(types(reply)).toEqual(expect.arrayContaining(['RequestHuman', 'PrepareCaseRequest']));
  });

  it('the story of a new complaint is never taken for the answer', async () => {
    const dialogue = await filed();
    await dialogue.say('new complaint');
    dialogue.told('question', 'info_requested');
    const reply = await dialogue.say('The council never collects our rubbish in Bo');
    expect(types(reply)).not.toContain('PrepareCaseRequest');
    expect(dialogue.state().draft.description).toContain('rubbish');
  });

  it('the answer can be given in the middle of a new complaint', async () => {
    const dialogue = await filed();
    await dialogue.say('new complaint');
    dialogue.told('question', 'info_requested');
    const reply = await sayAll(dialogue, 'The council never collects our rubbish in Bo', 'answer the office');
    expect(reply.asked).toBe('case_answer');
    await sayAll(dialogue, 'It was on Monday', 'yes');
    expect(dialogue.state().draft.description).not.toContain('Monday');
    expect(dialogue.replies().at(-1)?.asked).not.toBe('case_answer');
  });

  it('nothing more is asked once the case went on', async () => {
    const dialogue = await asked();
    dialogue.told('status', 'screening');
    expect((await dialogue.say('thanks')).asked).toBe('after_filing');
  });
});

describe('a filed complaint', () => {
  it('is withdrawn with a yes', async () => {
    const dialogue = await filed();
    const sure = await dialogue.say('withdraw my complaint');
    expect(sure.text).toContain('Do you really want to withdraw');
    expect(types(sure)).not.toContain('MakeCaseRequest');
    expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
  });

  it.each(['no', 'thanks', 'what happens next', 'They came back again yesterday evening'])(
    'is not withdrawn with %j, nor with a later yes',
    async (text) => {
      const dialogue = await filed();
      await sayAll(dialogue, 'withdraw my complaint', text);
      expect(types(await dialogue.say('yes'))).not.toContain('MakeCaseRequest');
      expect(dialogue.state().caseRequest).toBeNull();
    },
  );

  it('that is closed can be disputed, with the citizen’s own words', async () => {
    const dialogue = await filed();
    dialogue.told('status', 'closed');
    expect((await dialogue.say('I do not agree')).asked).toBe('dispute_why');
    expect((await dialogue.say('They never talked to me or to my witness')).asked).toBe('dispute_confirm');
    expect(types(await dialogue.say('yes'))).toContain('MakeCaseRequest');
  });

  it.each(['no, leave it', 'No please keep it', 'nɔ, lɛf am'])(
    'stays with the office after %j, and is said to',
    async (text) => {
      const dialogue = await filed();
      await dialogue.say('withdraw my complaint');
      expect((await dialogue.say(text)).text).toContain('Your complaint stays with the office.');
    },
  );

  it('that is open cannot be disputed, and a closed one cannot be withdrawn', async () => {
    const dialogue = await filed();
    dialogue.told('status', 'screening');
    expect((await dialogue.say('I do not agree')).text).toContain('not closed');
    dialogue.told('status', 'closed');
    expect((await dialogue.say('withdraw my complaint')).text).toContain('closed your complaint already');
  });
});

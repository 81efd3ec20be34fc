import { afterEach, describe, expect, it } from 'vitest';
import type { SeenRequest, Step } from '../../support/scripted-model.js';
import { type ModelDialogue, modelDialogues, story, testKnowledge } from './support/model-dialogue.js';

// What a citizen wants of the office about a filed complaint: what the program says is the truth of the situation.

const { begin, endAll } = modelDialogues();
afterEach(endAll);

const { texts } = testKnowledge.texts.en;
type Request = 'answer' | 'dispute' | 'withdraw';

const script =
  (request: Request) =>
  ({ lastUser, toolResults }: SeenRequest): Step => {
    if (toolResults.length > 0) return { text: 'Let me see.' };
    if (lastUser === story)
      return { calls: [{ name: 'record_details', args: { whole_message: true } }, { name: 'show_check_answers' }] };
    if (lastUser.startsWith('Please')) return { calls: [{ name: 'case_request', args: { request } }] };
    return { text: 'I see.' };
  };
const wish = 'Please tell the office so.';
const filed = async (dialogue: ModelDialogue): Promise<ModelDialogue> => {
  await dialogue.say(story);
  await dialogue.say('yes');
  return dialogue;
};
const all: readonly Request[] = ['answer', 'dispute', 'withdraw'];

describe('with nothing filed', () => {
  it.each(all)('%s: the citizen is told that nothing is filed', async (request) => {
    const dialogue = await begin(script(request));
    const said = await dialogue.say(wish);
    expect(said.text).toContain(texts.request_none_filed);
    expect(said.provenance?.tools).toEqual([{ name: 'case_request', outcome: 'request_none_filed' }]);
    expect(said.text).not.toMatch(/closed your complaint/u);
  });
});

describe('with only a draft', () => {
  it.each(['answer', 'dispute'] as const)(
    '%s: the citizen is told that the office does not have it',
    async (request) => {
      const dialogue = await begin(script(request));
      await dialogue.say(story);
      expect((await dialogue.say(wish)).text).toContain(texts.request_draft_only);
      expect(dialogue.state().draft.description).toBe(story);
    },
  );

  it('withdraw: the program asks whether the draft is to be thrown away, and a no keeps it', async () => {
    const dialogue = await begin(script('withdraw'));
    await dialogue.say(story);
    expect(await dialogue.say(wish)).toMatchObject({ asked: 'discard_confirm' });
    await dialogue.say('no');
    expect(dialogue.state()).toMatchObject({ ended: null, draft: { description: story } });
  });
});

describe('with a filed complaint that is open', () => {
  it.each([
    ['answer', texts.answer_nothing],
    ['dispute', texts.dispute_not_closed],
  ] as const)('%s: the citizen is told how it stands', async (request, words) => {
    const dialogue = await filed(await begin(script(request)));
    expect((await dialogue.say(wish)).text).toContain(words);
  });

  it('withdraw: the program asks, and the yes of the citizen goes to the office', async () => {
    const dialogue = await filed(await begin(script('withdraw')));
    expect(await dialogue.say(wish)).toMatchObject({ asked: 'withdraw_confirm' });
    const said = await dialogue.say('yes');
    expect(said.commands.map(({ type }) => type)).toContain('MakeCaseRequest');
    expect(said.provenance).toMatchObject({ fallback: 'case_business' });
  });
});

describe('with a filed complaint that is over', () => {
  it.each([
    ['withdraw', 'closed', texts.withdraw_closed],
    ['withdraw', 'withdrawn', texts.request_withdrawn],
    ['dispute', 'withdrawn', texts.request_withdrawn],
  ] as const)('%s of one that is %s: the citizen is told so', async (request, state, words) => {
    const dialogue = await filed(await begin(script(request)));
    dialogue.told('status', state);
    expect((await dialogue.say(wish)).text).toContain(words);
  });

  it('dispute of one that is closed: the program asks why', async () => {
    const dialogue = await filed(await begin(script('dispute')));
    dialogue.told('status', 'closed');
    expect(await dialogue.say(wish)).toMatchObject({ asked: 'dispute_why' });
  });
});

it('a complaint that was filed before the conversation began again is the one that is meant', async () => {
  const dialogue = await filed(
    await begin((request) =>
      request.lastUser === 'another complaint' && request.toolResults.length === 0
        ? { calls: [{ name: 'start_new_complaint' }] }
        : script('answer')(request),
    ),
  );
  await dialogue.say('another complaint');
  expect(dialogue.state().filed).toBeNull();
  expect((await dialogue.say(wish)).text).toContain(texts.answer_nothing);
});

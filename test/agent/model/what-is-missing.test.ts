import { afterEach, describe, expect, it } from 'vitest';
import { knownNumber } from '../../support/dialogue.js';
import type { ScriptedCall, SeenRequest, Step } from '../../support/scripted-model.js';
import { type ModelDialogue, modelDialogues, story, testKnowledge } from './support/model-dialogue.js';

// However a model goes about the answers card, the reply ends with what comes next, and a yes means one thing.

const { begin, endAll } = modelDialogues();
afterEach(endAll);

const { texts } = testKnowledge.texts.en;
const keep: ScriptedCall = { name: 'record_details', args: { whole_message: true } };
const card: ScriptedCall = { name: 'show_check_answers' };

/** Calls tools by what the citizen says, and then says something that helps nobody. */
const doing =
  (calls: Readonly<Record<string, readonly ScriptedCall[]>>, words = 'Lovely weather.') =>
  ({ lastUser, toolResults }: SeenRequest): Step => {
    const due = calls[lastUser] ?? [];
    return due.length > 0 && toolResults.length === 0 ? { calls: due } : { text: words };
  };
const types = ({ commands }: { readonly commands: readonly { readonly type: string }[] }): string[] =>
  commands.map(({ type }) => type);
const isCard = (dialogue: ModelDialogue): void => {
  const said = dialogue.replies().at(-1)!;
  expect(said.text).toContain('These are your answers:');
  expect(said).toMatchObject({ asked: 'confirm', state: 'submission' });
  expect(said.quickReplies?.map(({ send }) => send)).toContain('yes');
};

describe('when the answers cannot be shown', () => {
  it.each([
    ['the card', card],
    ['the filing', { name: 'submit' }],
  ])('because nothing is told yet, the reply to %s asks for it', async (_what, call) => {
    const dialogue = await begin(doing({ 'File it please, sir.': [call] }));
    const said = await dialogue.say('File it please, sir.');
    expect(said).toMatchObject({ asked: 'description', state: 'complaint_collection' });
    expect(said.text).toContain(texts.nothing_yet);
    expect(said.text.endsWith(texts.description_ask)).toBe(true);
  });

  it('because the story was never recorded, it is recorded, and they are shown', async () => {
    const dialogue = await begin(doing({ 'File it please, sir.': [card] }));
    await dialogue.say(story);
    const said = await dialogue.say('File it please, sir.');
    expect(said.text).toContain(texts.earlier_kept);
    expect(said.text).toContain(story);
    isCard(dialogue);
  });

  it('because the complaint is filed, the reply says so with its number', async () => {
    const dialogue = await begin(doing({ [story]: [keep, card], 'Show me the answers again.': [card] }));
    await dialogue.say(story);
    await dialogue.say('yes');
    const said = await dialogue.say('Show me the answers again.');
    expect(said.asked).toBe('after_filing');
    expect(said.text).toContain(dialogue.state().filed?.trackingNumber);
  });
});

describe('when the citizen wants to file and the model does nothing', () => {
  it.each(['submit', 'File my complaint', 'sabmit'])('the answers are shown: %s', async (text) => {
    const dialogue = await begin(doing({ [story]: [keep] }));
    await dialogue.say(story);
    await dialogue.say(text);
    isCard(dialogue);
  });

  it('the answers are shown though it recorded nothing', async () => {
    const dialogue = await begin(doing({}));
    await dialogue.say(story);
    expect((await dialogue.say('submit')).text).toContain(story);
    isCard(dialogue);
  });

  it('the answers are shown with all that was told, from the first message on', async () => {
    const dialogue = await begin(doing({}));
    const parts = Array.from({ length: 14 }, (_none, at) => `Then the officer took ${at + 2} hens from my yard.`);
    for (const part of parts) await dialogue.say(part);
    await dialogue.say('submit');
    expect(dialogue.state().draft.description).toBe(parts.join('\n\n'));
  });

  it('the answers are shown with as much of a very long story as a description holds', async () => {
    const dialogue = await begin(doing({}));
    const part = (at: number): string => `Part ${at}. ${'The officer took money in the market. '.repeat(200)}`;
    for (let at = 1; at <= 9; at += 1) await dialogue.say(part(at));
    await dialogue.say('submit');
    isCard(dialogue);
    expect(dialogue.state().draft.description).toMatch(/^Part 1\. [\s\S]*Part 8\. /u);
  });

  it('the answers are shown after a yes to its own question', async () => {
    const dialogue = await begin(({ lastUser, toolResults }) => {
      if (lastUser === story && toolResults.length === 0) return { calls: [keep, card] };
      return { text: lastUser === 'yes' ? 'Thank you. Good bye.' : 'No. Shall I file it now?' };
    });
    await dialogue.say(story);
    await dialogue.say('Will he know my name?');
    await dialogue.say('yes');
    isCard(dialogue);
  });
});

describe('when a yes does not count', () => {
  it('because it answers a question of a model that went away, the answers are shown', async () => {
    const dialogue = await begin(({ lastUser, toolResults }) => {
      if (lastUser === 'yes') return { status: 401 };
      if (lastUser === story && toolResults.length === 0) return { calls: [keep, card] };
      return { text: 'Do you want to add a photo?' };
    });
    await dialogue.say(story);
    await dialogue.say('Can I still add a photo?');
    const said = await dialogue.say('yes');
    expect(said.provenance?.fallback).toBe('auth');
    expect(types(said)).not.toContain('SubmitComplaint');
    isCard(dialogue);
    expect(types(await dialogue.say('yes'))).toContain('SubmitComplaint');
  });

  it('because the model called submit without the answers, they are shown', async () => {
    const dialogue = await begin(doing({ [story]: [keep], 'Yes, send it off': [{ name: 'submit' }] }));
    await dialogue.say(story);
    expect(types(await dialogue.say('Yes, send it off'))).not.toContain('SubmitComplaint');
    isCard(dialogue);
  });

  it('because it says more than yes, a plain one is asked for', async () => {
    const text = 'yes but I am not sure about the day';
    const dialogue = await begin(doing({ [story]: [keep, card], [text]: [{ name: 'submit' }] }));
    await dialogue.say(story);
    const said = await dialogue.say(text);
    expect(said).toMatchObject({ asked: 'confirm', state: 'submission' });
    expect(said.text.endsWith(texts.confirm_plain)).toBe(true);
    expect(types(await dialogue.say('yes'))).toContain('SubmitComplaint');
  });

  it('because a file came after the answers, they are shown again, whatever the model says', async () => {
    const dialogue = await begin(doing({ [story]: [keep, card] }));
    await dialogue.say(story);
    const said = await dialogue.say('yes', [{ name: 'letter.pdf' }]);
    expect(types(said)).not.toContain('SubmitComplaint');
    expect(said.text).toContain(texts.changed_show_again);
    isCard(dialogue);
    expect(types(await dialogue.say('yes'))).toContain('SubmitComplaint');
  });
});

describe('one yes means one thing', () => {
  const drop: ScriptedCall = { name: 'withdraw_draft' };
  it.each([
    ['the card first', [card, drop], 'confirm'],
    ['the throwing away first', [drop, card], 'discard_confirm'],
  ] as const)('card and throw-away in one turn, %s: only the first is asked', async (_which, calls, asked) => {
    const dialogue = await begin(doing({ [story]: [keep], 'What now?': calls }));
    await dialogue.say(story);
    const said = await dialogue.say('What now?');
    expect(said.asked).toBe(asked);
    expect(said.provenance?.tools?.map(({ outcome }) => outcome)).toEqual(['ok', 'one_question']);
    expect(dialogue.state().draft.answersShown).toBe(asked === 'confirm');
  });

  it('a yes to the card never withdraws an earlier complaint', async () => {
    const withdraw = { name: 'case_request', args: { request: 'withdraw' } };
    const dialogue = await begin(
      doing({
        [story]: [keep, card],
        'a new complaint': [{ name: 'start_new_complaint' }],
        'They came again and took the rest of my money.': [keep, card, withdraw],
      }),
    );
    await dialogue.say(story);
    await dialogue.say('yes');
    await dialogue.say('a new complaint');
    await dialogue.say('They came again and took the rest of my money.');
    isCard(dialogue);
    expect(dialogue.state().caseRequest).toBeNull();
    expect(types(await dialogue.say('yes'))).toContain('SubmitComplaint');
  });

  it('a number that is asked for beside the card does not stand in the way of the yes', async () => {
    const look = { name: 'look_up_tracking_number', args: { number: knownNumber } };
    const text = `And my other one, ${knownNumber}?`;
    const dialogue = await begin(doing({ [story]: [keep], [text]: [card, look, { name: 'start_tracking' }] }));
    await dialogue.say(story);
    await dialogue.say(text);
    isCard(dialogue);
    expect(types(await dialogue.say('yes'))).toContain('SubmitComplaint');
  });
});

describe('the words of the model beside a filing', () => {
  it('say nothing against it, neither while they come nor in the end', async () => {
    const words = 'Thank you for your trust. Nothing is filed yet. Shall I file it now? Please say yes to file it.';
    const dialogue = await begin(doing({ [story]: [keep, card] }, words));
    await dialogue.say(story);
    const filed = await dialogue.say('yes');
    expect(filed.text).toContain('Thank you for your trust.');
    expect(filed.text).not.toMatch(/Nothing is filed|Shall I|say yes/u);
    expect(filed.text).toContain(texts.filed);
    expect(dialogue.shown()).not.toContain('Nothing is filed');
  });

  it.each([
    'Your complaint has not been submitted yet.',
    "It isn't filed.",
    'Nothing of it was filed.',
    'Natin nɔ fayl yet.',
  ])('nor do they deny it later: %s', async (lie) => {
    const dialogue = await begin(doing({ [story]: [keep, card] }, `You are welcome. ${lie}`));
    await dialogue.say(story);
    await dialogue.say('yes');
    const later = await dialogue.say('Thank you, Leoma.');
    expect(later.text).toBe('You are welcome.');
  });
});

it('a number that there is not yet leaves no hole in the words of the model', async () => {
  const dialogue = await begin(doing({}, 'I am here. Your number is [tracking number]. Which office was it?'));
  const said = await dialogue.say(story);
  expect(said.text).toBe('I am here. Which office was it?');
  expect(said.provenance?.corrected).toEqual(['number']);
});

import { afterEach, describe, expect, it } from 'vitest';
import { knownKey, knownNumber } from '../../support/dialogue.js';
import type { SeenRequest, Step } from '../../support/scripted-model.js';
import { modelDialogues, story, testKnowledge } from './support/model-dialogue.js';

// What the guided assistant was taught about keys, danger and changes of mind holds with a model, whatever that model does.

const { begin, endAll } = modelDialogues();
afterEach(endAll);

const violence = 'The officers beat my brother with sticks at the station and said they will come for me too.';
const { texts } = testKnowledge.texts.en;
const careless = ({ lastUser, toolResults }: SeenRequest): Step =>
  lastUser === story && toolResults.length === 0
    ? { calls: [{ name: 'record_details', args: { whole_message: true } }] }
    : { text: 'Lovely weather today.' };

describe('an access key', () => {
  it.each([
    ['with its number', `${knownNumber} ${knownKey}`],
    ['within other words', `My key is ${knownKey}, please look`],
    ['in small letters with spaces', knownKey.toLowerCase().replaceAll('-', ' ')],
  ])('%s never reaches the model, neither then nor later', async (_how, text) => {
    const dialogue = await begin(careless);
    await dialogue.say('Good morning to you.');
    await dialogue.say(text);
    await dialogue.say('back');
    await dialogue.say('Thank you for looking.');
    const sent = dialogue.model.requests.map(({ body }) => body).join('\n');
    const bare = (words: string): string => words.replace(/[^0-9a-z]/giu, '').toUpperCase();
    expect(dialogue.model.requests.length).toBeGreaterThan(1);
    expect(bare(sent)).not.toContain(bare(knownKey));
  });

  it('beside a story does not become part of the complaint', async () => {
    const dialogue = await begin(careless);
    await dialogue.say(story);
    await dialogue.say(`They also took my telephone. ${knownKey}`);
    expect(dialogue.state().draft.description).not.toContain(knownKey);
  });
});

describe('somebody in danger', () => {
  it('reads kind words first and at once, and a person is asked for, though the model does nothing', async () => {
    const dialogue = await begin(careless);
    const said = await dialogue.say(violence);
    expect(said.text.startsWith(texts.distress)).toBe(true);
    expect(said.text).toContain('Lovely weather today.');
    expect(dialogue.pieces()[0]).toContain(texts.distress);
    expect(said.commands).toContainEqual({ type: 'RequestHuman', reason: 'distress' });
    expect(dialogue.state().assistance).toBe('waiting_human');
  });

  it('reads them once', async () => {
    const dialogue = await begin(careless);
    await dialogue.say(violence);
    expect((await dialogue.say('I am scared, they will kill me.')).text).not.toContain(texts.distress);
  });

  it('reads them also when the call is made again, and when the model is away', async () => {
    const again = await begin([{ status: 500 }, { text: 'I am here.' }]);
    expect((await again.say(violence)).text.split(texts.distress)).toHaveLength(2);
    expect(again.shown().split(texts.distress)).toHaveLength(2);
    const away = await begin([{ status: 401 }]);
    expect((await away.say(violence)).text.split(texts.distress)).toHaveLength(2);
    expect(away.state().assistance).toBe('waiting_human');
  });

  it('is not sent only to the police, and nobody else reads such words', async () => {
    const dialogue = await begin(careless);
    expect((await dialogue.say(story)).text).not.toContain(texts.distress);
  });
});

describe('a draft', () => {
  const giving =
    (name: string) =>
    (request: SeenRequest): Step =>
      request.lastUser === 'I do not want this any more' && request.toolResults.length === 0
        ? { calls: [{ name }, { name }, { name: 'start_new_complaint' }] }
        : careless(request);

  it.each(['withdraw_draft', 'start_new_complaint'])('is thrown away by %s only after a yes', async (name) => {
    const dialogue = await begin(giving(name));
    await dialogue.say(story);
    const asked = await dialogue.say('I do not want this any more');
    expect(asked.text).toContain(texts.discard_ask);
    expect(dialogue.state().draft.description).toBe(story);
    await dialogue.say('yes');
    expect(dialogue.state().draft.description).toBeNull();
  });

  it.each(['no', 'wait', 'What was my number?'])('is kept after %j', async (answer) => {
    const dialogue = await begin(giving('withdraw_draft'));
    await dialogue.say(story);
    await dialogue.say('I do not want this any more');
    await dialogue.say(answer);
    expect(dialogue.state().draft.description).toBe(story);
  });
});

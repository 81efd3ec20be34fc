import { afterEach, describe, expect, it } from 'vitest';
import { knownKey, knownNumber, unknownNumber } from '../../support/dialogue.js';
import { loadTextPacks } from '../../../src/agent/texts/packs.js';
import type { SeenRequest, Step } from '../../support/scripted-model.js';
import { factsIn, modelDialogues, story, TEST_KEY } from './support/model-dialogue.js';

const { begin, endAll } = modelDialogues();
afterEach(endAll);

const recordStory = { name: 'record_details', args: { whole_message: true, happened_when: 'on Monday' } };
const recordWhole = { name: 'record_details', args: { whole_message: true } };
const types = ({ commands }: { readonly commands: readonly { readonly type: string }[] }): string[] =>
  commands.map(({ type }) => type);
const afterTools = (request: SeenRequest, calls: Step['calls'], text: string): Step =>
  request.toolResults.length === 0 ? { calls: calls ?? [] } : { text };

describe('a conversation with a language model', () => {
  it('records what the citizen tells word for word, and answers in the words of the model', async () => {
    const dialogue = await begin((request) => afterTools(request, [recordStory], 'I am sorry. Which office was it?'));
    const said = await dialogue.say(story);
    expect(said.text).toBe('I am sorry. Which office was it?');
    expect(dialogue.state().draft).toMatchObject({ description: story, happenedWhen: 'on Monday' });
    expect(said.state).toBe('evidence_upload');
    expect(dialogue.shown()).toBe(said.text);
  });

  it('files on the yes of the citizen to the answers that the program showed', async () => {
    const dialogue = await begin((request) => {
      if (request.lastUser.startsWith('On Monday'))
        return afterTools(request, [recordStory, { name: 'show_check_answers' }], 'Thank you.');
      return afterTools(request, [{ name: 'submit' }], 'That is done.');
    });
    const shown = await dialogue.say(story);
    expect(shown.text).toContain('These are your answers:');
    expect(shown.text).toContain(story);
    expect(shown).toMatchObject({ asked: 'confirm', state: 'submission' });
    expect(shown.quickReplies?.map(({ send }) => send)).toContain('yes');
    const filed = await dialogue.say('yes');
    expect(types(filed)).toContain('SubmitComplaint');
    expect(filed.state).toBe('completed');
    expect(filed.text).toContain(dialogue.state().filed?.trackingNumber);
    expect(filed.onceText).toContain(knownKey);
    expect(filed.text).not.toContain(knownKey);
  });

  it('shows and files in Krio what is told in Krio, in a conversation that began in English', async () => {
    const { texts } = loadTextPacks().kri;
    const dialogue = await begin((request) =>
      request.lastUser.startsWith('Di polis')
        ? afterTools(request, [recordWhole, { name: 'show_check_answers' }], 'Tɛnki.')
        : { text: 'Tɛnki.' },
    );
    const shown = await dialogue.say('Di polis na Lumley bin aks mi fɔ mɔni bifo dɛn tek mi stetmɛnt.');
    expect(shown.text).toContain(texts.card_head);
    expect(shown.text).toContain(texts.confirm_ask);
    expect(factsIn(dialogue.model.requests[0]!)).toMatchObject({ language: 'Krio' });
    const filed = await dialogue.say('yɛs');
    expect(types(filed)).toContain('SubmitComplaint');
    expect(filed.text).toContain(texts.filed);
  });

  it('says in a whole sentence what is true when the model said otherwise, and leads on', async () => {
    const dialogue = await begin([{ text: 'Your complaint has been filed. Keep it.' }]);
    const said = await dialogue.say(story);
    const { texts } = loadTextPacks().en;
    expect(said.text).toBe(`${texts.not_filed_yet}\n\n${texts.go_on_ask}`);
  });

  it('asks what is open when the question of the model was lost', async () => {
    const dialogue = await begin((request) =>
      afterTools(request, [recordStory], 'Your key is ABCD-EFGH-JKMN-PQRS. Keep it. Thank you.'),
    );
    const said = await dialogue.say(story);
    expect(said.text).toBe(`Thank you.\n\n${loadTextPacks().en.texts.evidence_ask}`);
    expect(said).toMatchObject({ asked: 'evidence' });
  });

  it('files on that yes even if the model forgets to', async () => {
    const dialogue = await begin((request) =>
      request.lastUser.startsWith('On Monday')
        ? afterTools(request, [recordStory, { name: 'show_check_answers' }], 'Thank you.')
        : { text: 'Lovely weather.' },
    );
    await dialogue.say(story);
    expect(types(await dialogue.say('yes'))).toContain('SubmitComplaint');
  });

  it('shows what a number may show, and nothing of another one', async () => {
    const call = (number: string) => ({ name: 'look_up_tracking_number', args: { number } });
    const dialogue = await begin((request) => afterTools(request, [call(request.lastUser)], 'Here is how it stands.'));
    expect((await dialogue.say(knownNumber)).text).toContain('Received');
    expect((await dialogue.say(unknownNumber)).text).toContain('I found no complaint with that number');
  });

  it('has an access key handled by the guided assistant, and never sees it', async () => {
    const dialogue = await begin([{ text: 'Hello.' }]);
    const said = await dialogue.say(`${knownNumber} ${knownKey}`);
    expect(said.provenance).toMatchObject({ by: { name: 'guided' }, fallback: 'case_business' });
    expect(dialogue.model.requests).toHaveLength(0);
  });

  it('gives the model the conversation, the facts and the codes, and the key only as a header', async () => {
    const dialogue = await begin((request) => afterTools(request, [recordStory], 'Which office was it?'));
    await dialogue.say(story);
    await dialogue.say('The police station in Lumley.');
    const last = dialogue.model.requests.at(-1)!;
    expect(last.messages.map(({ role }) => role)).toEqual(
      expect.arrayContaining(['system', 'user', 'assistant', 'user']),
    );
    expect(last.messages[0]?.content).toContain('"when":"on Monday"');
    expect(last.path).toBe('/v1/chat/completions');
    expect(last.authorization).toBe(`Bearer ${TEST_KEY}`);
    expect(last.body).not.toContain(TEST_KEY);
  });

  it('records a name that is the whole answer to a question of the model, though it reads none', async () => {
    const identity = { name: 'record_identity', args: { mode: 'named' } };
    const dialogue = await begin((request) => {
      if (request.lastUser.startsWith('On Monday')) return afterTools(request, [recordStory], 'What is your name?');
      return afterTools(request, [identity], 'Thank you, [name].');
    });
    await dialogue.say(story);
    expect((await dialogue.say('Mariama Kamara')).text).toBe('Thank you.');
    expect(dialogue.state().draft.identity).toMatchObject({ mode: 'named', name: 'Mariama Kamara' });
  });

  it('hides who the citizen is, and records it all the same', async () => {
    const identity = { name: 'record_identity', args: { mode: 'named', name: '[name]', phone: '[phone]' } };
    const dialogue = await begin((request) => {
      if (request.lastUser.startsWith('On Monday')) return afterTools(request, [recordStory], 'How may we call you?');
      return afterTools(request, [identity], 'Thank you.');
    });
    await dialogue.say(story);
    await dialogue.say('My name is Mariama Kamara, 076 123 456, mariama@example.org');
    expect(dialogue.state().draft.identity).toMatchObject({
      mode: 'named',
      name: 'Mariama Kamara',
      phone: '076123456',
      email: 'mariama@example.org',
    });
    await dialogue.say('Thank you');
    const sent = dialogue.model.requests.map(({ body }) => body).join('\n');
    for (const secret of ['Mariama', 'Kamara', '123 456', 'mariama@']) expect(sent).not.toContain(secret);
    expect(sent).toContain('[name]');
    expect(sent).toContain('"name\\":\\"given');
  });

  it('never shows the model the number of the filed complaint, nor the key', async () => {
    const dialogue = await begin((request) =>
      request.lastUser.startsWith('On Monday')
        ? afterTools(request, [recordStory, { name: 'show_check_answers' }], 'Thank you.')
        : { text: 'Your number is [tracking number]. Keep it.' },
    );
    await dialogue.say(story);
    await dialogue.say('yes');
    const number = dialogue.state().filed?.trackingNumber ?? '';
    const said = await dialogue.say('What was my number?');
    expect(said.text).toContain(`Your number is ${number}. Keep it.`);
    expect(dialogue.shown()).toContain(number);
    const sent = dialogue.model.requests.map(({ body }) => body).join('\n');
    expect(sent).not.toContain(number);
    expect(sent).not.toContain(knownKey);
  });

  it('asks the citizen again by the program when something changed after the answers were shown', async () => {
    const dialogue = await begin((request) =>
      request.lastUser.startsWith('On Monday')
        ? afterTools(
            request,
            [{ name: 'show_check_answers' }, recordStory, { name: 'show_check_answers' }],
            'Thank you.',
          )
        : afterTools(request, [{ name: 'record_details', args: { whole_message: true } }, { name: 'submit' }], 'Kept.'),
    );
    await dialogue.say(story);
    const said = await dialogue.say('They also took my phone away from me.');
    expect(types(said)).not.toContain('SubmitComplaint');
    expect(said).toMatchObject({ asked: 'confirm', state: 'submission' });
    expect(said.text).toContain('They also took my phone away from me.');
  });

  it('records how the reply was made', async () => {
    const dialogue = await begin((request) => afterTools(request, [recordStory], 'Which office was it?'));
    const { provenance } = await dialogue.say(story);
    expect(provenance).toMatchObject({
      model: 'scripted',
      promptVersion: 'leoma.v2',
      tools: [{ name: 'record_details', outcome: 'ok' }],
      retries: 0,
    });
    expect(provenance?.promptHash).toMatch(/^[0-9a-f]{64}$/);
    expect(provenance?.requestHash).toMatch(/^[0-9a-f]{64}$/);
    expect(provenance?.tokensIn).toBeGreaterThan(100);
    expect(provenance?.tokensEstimated).toBeUndefined();
    expect(provenance?.firstTokenMs).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(provenance?.exchange ?? '')).toHaveLength(2);
  });

  it('estimates tokens, and says so, when the server does not count them', async () => {
    const dialogue = await begin([{ text: 'Hello, I am a computer helper.', usage: null }]);
    const { provenance } = await dialogue.say('hello');
    expect(provenance).toMatchObject({ tokensEstimated: true });
    expect(provenance?.tokensOut).toBeGreaterThan(4);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { SeenRequest, Step } from '../../support/scripted-model.js';
import { factsIn, modelDialogues, story, testKnowledge } from './support/model-dialogue.js';

// What a citizen told in a turn in which the model recorded nothing is not lost.

const { begin, endAll } = modelDialogues();
afterEach(endAll);

const more = 'They also took my telephone and did not give it back.';
const { texts } = testKnowledge.texts.en;

interface Told {
  readonly message: number;
  readonly begins: string;
}
const toldIn = (request: SeenRequest): readonly Told[] => factsIn(request)['told_but_not_kept'] as Told[];
const numbersIn = (request: SeenRequest): readonly number[] => toldIn(request).map(({ message }) => message);

/** Listens for two turns and records in the third what the test says. */
const listening =
  (record: (request: SeenRequest) => Step['calls']) =>
  (request: SeenRequest): Step => {
    if (!request.lastUser.includes('the station')) return { text: 'I see. Go on.' };
    return request.toolResults.length === 0 ? { calls: record(request) ?? [] } : { text: 'Thank you.' };
  };
const record = (args: object) => [{ name: 'record_details', args: { whole_message: false, ...args } }];

describe('a story that no tool recorded in its turn', () => {
  it('is shown to the model by its number and its beginning, until it is kept', async () => {
    const dialogue = await begin(listening((request) => record({ earlier_messages: numbersIn(request) })));
    await dialogue.say(story);
    await dialogue.say('It was at the station.');
    await dialogue.say('Thank you very much.');
    const [first, second, , third] = dialogue.model.requests;
    expect(toldIn(first!)).toEqual([]);
    expect(toldIn(second!)).toEqual([{ message: 0, begins: `${story.slice(0, 80)}…` }]);
    expect(toldIn(third!).map(({ begins }) => begins)).toEqual(['It was at the station.']);
  });

  it('becomes the description word for word, before what this message tells', async () => {
    const dialogue = await begin(
      listening((request) => record({ whole_message: true, earlier_messages: [...numbersIn(request)].reverse() })),
    );
    await dialogue.say(story);
    await dialogue.say(more);
    const said = await dialogue.say('It was at the station.');
    expect(said.provenance?.tools).toEqual([{ name: 'record_details', outcome: 'ok' }]);
    expect(dialogue.state().draft.description).toBe(`${story}\n\n${more}\n\nIt was at the station.`);
  });

  it('is kept once, however often the model names it', async () => {
    const dialogue = await begin(
      listening((request) => [
        ...record({ earlier_messages: [...numbersIn(request), ...numbersIn(request)] }),
        ...record({ earlier_messages: numbersIn(request) }),
      ]),
    );
    await dialogue.say(story);
    await dialogue.say('It was at the station.');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('is only what the citizen wrote: other numbers keep nothing, and cost the rest of the call nothing', async () => {
    const dialogue = await begin(listening(() => record({ whole_message: true, earlier_messages: [1, 999] })));
    await dialogue.say(story);
    const said = await dialogue.say('It was at the station.');
    expect(said.provenance?.tools).toEqual([{ name: 'record_details', outcome: 'partly_kept' }]);
    expect(dialogue.state().draft.description).toBe('It was at the station.');
    const [result] = dialogue.model.requests.at(-1)!.toolResults;
    expect(result).toMatchObject({ ok: true, not_kept: expect.stringContaining('1, 999') as string });
  });

  it('is not who the citizen is, nor a few words', async () => {
    const dialogue = await begin(listening(() => []));
    for (const text of ['hello there', 'My name is Mariama Kamara, 076 123 456']) await dialogue.say(text);
    await dialogue.say(story);
    expect(toldIn(dialogue.model.requests.at(-1)!)).toEqual([]);
  });

  it('is masked in the facts like everywhere', async () => {
    const dialogue = await begin(listening(() => []));
    await dialogue.say('My name is Mariama Kamara and the police took 500 Leones from me, call 076 123 456.');
    await dialogue.say(story);
    expect(toldIn(dialogue.model.requests.at(-1)!)[0]?.begins).toContain('[name]');
    expect(dialogue.model.requests.at(-1)!.body).not.toMatch(/Mariama|123 456/u);
  });
});

describe('a detail that is no quote', () => {
  it('is left out alone, and the model is told which and why', async () => {
    const dialogue = await begin(
      listening(() => record({ whole_message: true, happened_where: 'in Freetown', institution_words: 'the station' })),
    );
    const said = await dialogue.say('It was at the station.');
    expect(said.provenance?.tools).toEqual([{ name: 'record_details', outcome: 'partly_kept' }]);
    expect(dialogue.state().draft).toMatchObject({
      description: 'It was at the station.',
      institutionWords: 'the station',
      happenedWhere: null,
    });
    const [result] = dialogue.model.requests.at(-1)!.toolResults;
    expect(result?.['not_kept']).toMatch(/^happened_where: Not a quote/u);
  });

  it('is refused when nothing else is left', async () => {
    const dialogue = await begin(listening(() => record({ happened_where: 'in Freetown' })));
    const said = await dialogue.say('It was at the station.');
    expect(said.provenance?.tools).toEqual([{ name: 'record_details', outcome: 'not_their_words' }]);
    expect(dialogue.state().filing).toBe(false);
  });

  it('that is too long does not cost the description', async () => {
    const long = `It was at the station. ${'They asked again and again. '.repeat(200)}`.trim();
    const dialogue = await begin(listening(() => record({ whole_message: true, tried_before: long })));
    await dialogue.say(long);
    expect(dialogue.state().draft).toMatchObject({ description: long, triedBefore: null });
  });
});

describe('when the model is away', () => {
  const down: Step = { status: 401 };

  it('the story that it had not kept is the description, and the citizen is told', async () => {
    const dialogue = await begin([{ text: 'I am sorry. Which office was it?' }, down]);
    await dialogue.say(story);
    const said = await dialogue.say('Police');
    expect(said.text).toContain(texts.earlier_kept);
    expect(said.provenance).toMatchObject({ by: { name: 'guided' }, fallback: 'auth' });
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('a few words to its question are not taken for the story: the citizen is asked for it', async () => {
    const dialogue = await begin([{ text: 'Hello! Which office is it about?' }, down]);
    await dialogue.say('hello');
    const said = await dialogue.say('The police');
    expect(said).toMatchObject({ asked: 'description', state: 'complaint_collection' });
    expect(said.text).toContain(texts.description_ask);
    expect(dialogue.state().draft.description).toBeNull();
    await dialogue.say(story);
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('nor for more of a story: what was asked is asked again', async () => {
    const calls = [{ name: 'record_details', args: { whole_message: true } }, { name: 'show_check_answers' }];
    const dialogue = await begin([{ calls }, { text: 'Who was there?' }, down]);
    await dialogue.say(story);
    const said = await dialogue.say('The younger officer');
    expect(said).toMatchObject({ asked: 'confirm', state: 'submission' });
    expect(said.text).toContain(texts.confirm_ask);
    expect(dialogue.state().draft.description).toBe(story);
    await dialogue.say('yes');
    expect(dialogue.state().ended).toBe('filed');
  });

  it('small talk does not become the description', async () => {
    const dialogue = await begin([{ text: 'Hello! I am a computer helper.' }, down]);
    await dialogue.say('Hello, how are you doing today?');
    await dialogue.say(story);
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('its words and those of the fixed assistant are told apart when it is back', async () => {
    const dialogue = await begin([{ text: 'Which office was it?' }, { status: 400 }, { text: 'I am back.' }]);
    await dialogue.say(story);
    await dialogue.say(more);
    await dialogue.say('Thank you for that.');
    const replies = dialogue.model.requests.at(-1)!.messages.filter(({ role }) => role === 'assistant');
    expect(replies.map(({ content }) => content.startsWith('[The program answered in fixed words:]'))).toEqual([
      false,
      true,
    ]);
  });
});

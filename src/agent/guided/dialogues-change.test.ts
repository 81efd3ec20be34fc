import { describe, expect, it } from 'vitest';
import { sayAll, startDialogue, type Said } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);

describe('a change of mind', () => {
  it.each([
    ['at the evidence', [story]],
    ['at the court question', [story, 'skip']],
    ['at the proposal', [story, 'skip', 'no']],
    ['at the identity', [story, 'skip', 'no', 'yes']],
    ['at the name', [story, 'skip', 'no', 'yes', 'with my name']],
    ['at the card', [story, 'submit']],
  ])('%s: the description may be replaced', async (_where, before) => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, ...before, 'change the description')).asked).toBe('description');
    await dialogue.say('The teacher beat my son at school.');
    expect(dialogue.state().draft.description).toBe('The teacher beat my son at school.');
    expect((await sayAll(dialogue, 'submit', 'yes')).state).toBe('completed');
  });

  it.each([
    ['at the evidence', [story]],
    ['at the proposal', [story, 'skip', 'no']],
    ['at the identity', [story, 'skip', 'no', 'yes']],
    ['at the card', [story, 'submit']],
  ])('%s: the office may be corrected', async (_where, before) => {
    const dialogue = startDialogue();
    await sayAll(dialogue, ...before, 'no, it is the ministry of health');
    expect(dialogue.state().draft.classification).toMatchObject({ institution: 'ministry_health' });
  });

  it.each([
    ['at the start', []],
    ['at the evidence', [story]],
    ['at the card', [story, 'submit']],
  ])('%s: start again empties the draft', async (_where, before) => {
    const dialogue = startDialogue();
    const asked = await sayAll(dialogue, ...before, 'start again');
    if (asked.asked === 'restart_confirm') await dialogue.say('yes');
    expect(dialogue.state().draft.description).toBeNull();
    expect(dialogue.wire()).toBe('complaint_collection');
  });

  it('shows the card again after a change, and only then files on yes', async () => {
    const dialogue = startDialogue();
    const again = await sayAll(dialogue, story, 'submit', 'also, it was last Monday in the evening');
    expect(again.text).toContain('once more');
    expect(again.text).toContain('last Monday');
    expect((await dialogue.say('yes')).state).toBe('completed');
  });

  it('keeps the old words on skip', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'change the description', 'skip');
    expect(dialogue.state().draft.description).toBe(story);
    expect(dialogue.wire()).toBe('submission');
  });

  it('asks what to change after a no at the card', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'submit', 'no')).asked).toBe('change_what');
    expect((await dialogue.say('my name')).asked).toBe('identity');
  });

  it('withdraws, and a new story begins a new complaint', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'withdraw', 'yes')).state).toBe('completed');
    await dialogue.say('The teacher beat my son at school.');
    expect(dialogue.state().draft.description).toBe('The teacher beat my son at school.');
  });

  it('goes on in Krio, and back', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'speak Krio')).text).toContain('Krio');
    expect((await dialogue.say('speak English')).text).toContain('English');
  });
});

describe('an answer that was to be changed', () => {
  const said = [story, 'skip', 'no', 'yes', 'Fatmata Kamara, 076 123 456'];
  const parts = [
    ['change the description', 'Keep the old words'],
    ['change the files', 'Keep it as it is'],
    ['change the category', 'Keep it as it is'],
    ['change my name', 'Keep it as it is'],
  ] as const;

  it.each(parts)('stays as it was by one tap, back at the card: %s', async (wish, label) => {
    const dialogue = startDialogue();
    await sayAll(dialogue, ...said);
    const before = dialogue.state().draft;
    const reply = await dialogue.say(wish);
    const keep = reply.quickReplies?.find((one) => one.label === label);
    const card = await dialogue.say(keep?.send ?? '');
    expect(card.asked).toBe('confirm');
    expect(card.text).toContain('These are your answers');
    expect(dialogue.state().draft).toEqual(before);
    expect((await dialogue.say('yes')).state).toBe('completed');
  });

  it.each([
    ['chenj wetin apin', 'Lɛf di ol wɔd dɛn'],
    ['chenj mi nem', 'Lɛf am lɛk aw i de'],
  ])('stays as it was in Krio: %s', async (wish, label) => {
    const dialogue = startDialogue(undefined, 'kri');
    await sayAll(dialogue, ...said);
    const before = dialogue.state().draft;
    const reply = await dialogue.say(wish);
    expect(reply.quickReplies?.map((one) => one.label)).toContain(label);
    expect((await dialogue.say(label)).asked).toBe('confirm');
    expect(dialogue.state().draft).toEqual(before);
  });

  it.each(['skip', 'no, leave it as it is', 'Do not change anything', 'cancel'])(
    'of who they are stays as it was on %j',
    async (text) => {
      const dialogue = startDialogue();
      await sayAll(dialogue, ...said, 'change my name', text);
      expect(dialogue.state().draft.identity).toMatchObject({ mode: 'named', name: 'Fatmata Kamara' });
      expect(dialogue.wire()).toBe('submission');
    },
  );

  it('stays as it was before the card was shown, and the questions go on', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'change the description', 'keep the old words');
    expect(reply.asked).toBe('evidence');
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('is not doubled by the old words that still stood in the box', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, ...said, 'change the description', 'keep the old words', story);
    expect(dialogue.state().draft.description).toBe(story);
    expect(reply.asked).toBe('confirm');
  });
});

describe('kind of problem and office', () => {
  const atCard = async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'skip', 'no', 'yes', 'Fatmata Kamara, 076 123 456');
    return dialogue;
  };

  it.each([
    ['change the office', 'institution', 'Which office is this about?', 'what kind'],
    ['the office is wrong', 'institution', 'Which office is this about?', 'what kind'],
    ['change the kind of problem', 'kind', 'What kind of problem is it?', 'Which office'],
    ['change the category or the office', 'category', 'Which office is this about, or what kind of problem', '#'],
  ])('%j asks for that alone', async (wish, asked, words, never) => {
    const reply = await (await atCard()).say(wish);
    expect(reply.asked).toBe(asked);
    expect(reply.text).toContain(words);
    expect(reply.text).not.toContain(never);
  });

  it('change one without the other', async () => {
    const dialogue = await atCard();
    const before = dialogue.state().draft.classification;
    expect((await sayAll(dialogue, 'change the office', 'ministry of health')).asked).toBe('confirm');
    expect(dialogue.state().draft.classification).toMatchObject({
      institution: 'ministry_health',
      category: before?.category,
    });
    expect((await sayAll(dialogue, 'change the kind of problem', 'not sure')).asked).toBe('confirm');
    expect(dialogue.state().draft.classification).toMatchObject({ institution: 'ministry_health', category: null });
  });

  it('asks for the same once more when the answer was not understood', async () => {
    const dialogue = await atCard();
    const reply = await sayAll(dialogue, 'change the kind of problem', 'qwe asd');
    expect(reply.asked).toBe('kind');
    expect(dialogue.state().draft.institutionWords).toBeNull();
    expect((await dialogue.say('keep it as it is')).asked).toBe('confirm');
  });

  it("keeps an office that is on no list in the citizen's own words", async () => {
    const dialogue = await atCard();
    await sayAll(dialogue, 'change the office', 'the small house by the wharf');
    expect(dialogue.state().draft).toMatchObject({
      institutionWords: 'the small house by the wharf',
      classification: { institution: null },
    });
  });
});

it.each(['what happens now?', 'what happens next?', 'wetin go apin naw?'])(
  '%j at the card is answered, and becomes no part of what happened',
  async (text) => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'submit', text);
    expect(reply.text).toContain('you decide whether to file');
    expect(dialogue.state().draft.description).toBe(story);
    expect((await dialogue.say('yes')).state).toBe('completed');
  },
);

describe('how the citizen wants to be known', () => {
  it('says what follows from being anonymous before filing', async () => {
    const dialogue = startDialogue();
    const card = await sayAll(dialogue, story, 'skip', 'no', 'yes', 'anonymous');
    expect(card.text).toContain('cannot seek a remedy for you yourself');
    expect((await dialogue.say('yes')).state).toBe('completed');
    expect(dialogue.state().filed?.standing).toBe('informant');
  });

  it('takes "anonymous" from within the story and does not ask again', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, `${story} I want to stay anonymous.`, 'skip', 'no');
    expect(dialogue.state().draft.identity?.mode).toBe('anonymous');
    expect((await dialogue.say('yes')).state).toBe('submission');
  });

  it('takes confidential with a telephone number alone', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'skip', 'no', 'yes', 'confidential', '076 555 444');
    expect(dialogue.state().draft.identity).toMatchObject({ mode: 'confidential', phone: '076555444', name: null });
  });

  it('keeps a telephone number that comes without a name', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'skip', 'no', 'yes', 'with my name', '076 555 444');
    expect(reply.text).toContain('as confidential');
    await dialogue.say('my name is Musa Conteh');
    expect(dialogue.state().draft.identity).toMatchObject({ name: 'Musa Conteh', phone: '076555444' });
  });

  it('does not ask for a contact twice', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'skip', 'no', 'yes', 'Fatmata Kamara')).asked).toBe('contact');
    expect((await dialogue.say('skip')).asked).toBe('confirm');
    expect((await dialogue.say('also, it was raining that day')).asked).toBe('confirm');
  });

  it.each(['with my name', 'With my name, please'])(
    'asks for the contact plainly when %j comes in its place, and thanks for nothing',
    async (text) => {
      const dialogue = startDialogue();
      const reply = await sayAll(dialogue, story, 'skip', 'no', 'yes', 'Fatmata Kamara', text);
      expect(reply.asked).toBe('contact');
      expect(reply.text).toContain('Your name is noted already');
      expect(reply.text).not.toContain('Thank you');
      expect((await dialogue.say('skip')).asked).toBe('confirm');
    },
  );

  it('takes "with my name" from somebody confidential as the wish to be named', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'skip', 'no', 'yes', 'confidential', 'Fatmata Kamara', 'with my name');
    expect(reply.text).toContain('I have noted your name.');
    expect(dialogue.state().draft.identity).toMatchObject({ mode: 'named', name: 'Fatmata Kamara' });
  });

  it('says of a confidential name only what is so', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'skip', 'no', 'yes', 'confidential', 'Fatmata Kamara', 'confidential');
    expect(reply.text).toContain('confidential already');
    expect(reply.text).not.toContain('Thank you');
  });

  it('shares the name with the institution only when told so', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'skip', 'no', 'yes', 'Fatmata Kamara, 076 123 456');
    expect(dialogue.state().draft.identity?.shareNameWithInstitution).toBe(false);
    await dialogue.say('share my name');
    expect(dialogue.state().draft.identity?.shareNameWithInstitution).toBe(true);
  });

  it('lets an informant step forward after filing', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'yes', 'with my name', 'Musa Conteh');
    expect(dialogue.state().filed?.standing).toBe('complainant');
  });

  it('does not make a complainant anonymous after filing', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'skip', 'no', 'yes', 'Fatmata Kamara, 076 123 456', 'yes', 'anonymous');
    expect(dialogue.state().filed?.standing).toBe('complainant');
  });
});

describe('a person', () => {
  it('is asked for at any point, and the conversation goes on', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'talk to a person');
    expect(dialogue.state().assistance).toBe('waiting_human');
    expect((await sayAll(dialogue, 'submit', 'yes')).state).toBe('completed');
  });

  it('is called on signs of distress, with care and with the story kept', async () => {
    const dialogue = startDialogue();
    const reply = await dialogue.say('The officer beat me and he will kill me if I talk to anybody');
    expect(reply.text).toContain('You are not alone');
    expect(types(reply)).toContain('RequestHuman');
    expect(dialogue.state().draft.description).toContain('he will kill me');
  });
});

import { describe, expect, it } from 'vitest';
import { knownNumber, sayAll, startDialogue, unknownNumber, type Said } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);
const voice = { name: 'note.ogg', mimeType: 'audio/ogg' };

describe('the shortest way to file', () => {
  it('is the description, submit, yes', async () => {
    const dialogue = startDialogue();
    const first = await dialogue.say(story);
    expect(first.text).toContain('I am Leoma, a computer helper');
    expect(first.text).toContain('written it down');
    expect(first.state).toBe('evidence_upload');
    const card = await dialogue.say('submit');
    expect(card.state).toBe('submission');
    expect(card.text).toContain(story);
    expect(card.text).toContain('counts as information');
    const filed = await dialogue.say('yes');
    expect(filed.state).toBe('completed');
    expect(filed.text).toContain(dialogue.state().filed?.trackingNumber);
  });

  it('gives the access key once and never in the text', async () => {
    const dialogue = startDialogue();
    const filed = await sayAll(dialogue, story, 'submit', 'yes');
    expect(filed.onceText).toBe('ABCD-EFGH-JKMN-PQRS');
    expect(filed.text).not.toContain(filed.onceText);
    expect(dialogue.replies().filter(({ onceText }) => onceText !== undefined)).toHaveLength(1);
  });

  it('says what happens next and promises nothing', async () => {
    const filed = await sayAll(startDialogue(), story, 'submit', 'yes');
    expect(filed.text).toContain('What happens next');
    expect(filed.text).toContain('I cannot say how it will end');
  });

  it('keeps the description verbatim', async () => {
    const dialogue = startDialogue();
    const words = '  Hello,\n the NURSE "refused"…  ';
    await dialogue.say(words);
    expect(dialogue.state().draft.description).toBe(words);
  });

  it('records no class when nothing in the words points to one', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'Nobody ever listens when we come there', 'submit', 'yes');
    expect(dialogue.state().draft.classification).toMatchObject({ category: null, institution: null });
  });

  it('needs a yes of its own: submit before the answers were shown files nothing', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit');
    expect(dialogue.state().filed).toBeNull();
  });
});

describe('the long way', () => {
  const steps = ['hello', 'I want to file a complaint', 'The nurse at Connaught hospital asked for a bribe.'];

  it('goes through all the states and asks one thing at a time', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, ...steps);
    await dialogue.say('', [{}]);
    await sayAll(dialogue, 'done', 'no', 'yes', 'with my name', 'Fatmata Kamara', '076 123 456', 'yes');
    expect([...new Set(dialogue.replies().map(({ state }) => state))]).toEqual([
      'greeting',
      'complaint_collection',
      'evidence_upload',
      'classification',
      'identity_collection',
      'submission',
      'completed',
    ]);
    for (const { text } of dialogue.replies().slice(0, -1)) {
      expect(text.split('\n\n').at(-1)?.match(/\?/gu)?.length ?? 0).toBeLessThanOrEqual(1);
    }
    expect(dialogue.state().draft.identity).toMatchObject({
      mode: 'named',
      name: 'Fatmata Kamara',
      phone: '076123456',
      shareNameWithInstitution: false,
    });
    expect(dialogue.state().evidence).toHaveLength(1);
  });

  it('shows on the card what was told, and nothing else', async () => {
    const dialogue = startDialogue();
    const card = await sayAll(dialogue, ...steps, 'skip', 'no', 'yes', 'Fatmata Kamara, 076 123 456');
    expect(card.text).toContain('What happened: The nurse at Connaught hospital');
    expect(card.text).toContain('Office: Ministry of Health and Sanitation');
    expect(card.text).toContain('Your name: Fatmata Kamara, 076123456');
    expect(card.text).not.toContain('counts as information');
  });

  it('never asks for a name that was written in the story', async () => {
    const dialogue = startDialogue();
    const asked = await sayAll(
      dialogue,
      'My name is Musa Conteh, call me on 076 123 456. They sacked me without a hearing.',
      'skip',
      'no',
      'yes',
    );
    expect(asked.asked).toBe('identity_known');
    expect(asked.text).toContain('Musa Conteh, 076123456');
    expect(JSON.stringify(asked.quickReplies)).not.toContain('Musa');
    const card = await dialogue.say('yes');
    expect(card.state).toBe('submission');
    expect(dialogue.state().draft.identity).toMatchObject({ name: 'Musa Conteh', phone: '076123456' });
  });

  it('asks for more once when there is only one word, and takes it then', async () => {
    const dialogue = startDialogue();
    expect((await dialogue.say('corruption')).asked).toBe('more');
    expect((await dialogue.say('skip')).asked).toBe('evidence');
    expect(dialogue.state().draft.description).toBe('corruption');
  });

  it('adds what comes after "also"', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'also, my brother saw it');
    expect(dialogue.state().draft.description).toBe(`${story}\n\nalso, my brother saw it`);
  });

  it('takes a voice note for a description', async () => {
    const dialogue = startDialogue();
    const reply = await dialogue.say('', [voice]);
    expect(reply.text).toContain('voice note');
    expect((await sayAll(dialogue, 'submit', 'yes')).state).toBe('completed');
  });

  it('asks what happened when there are only pictures', async () => {
    const reply = await startDialogue().say('', [{ mimeType: 'image/png' }]);
    expect(reply.asked).toBe('description');
  });

  it('offers taps for every closed question', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'hello', story, 'skip', 'no', 'yes', 'anonymous');
    for (const { asked, quickReplies } of dialogue.replies()) {
      expect(quickReplies?.length, asked).toBeGreaterThan(0);
    }
  });

  it('every tap is understood', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'hello', story, 'skip', 'no', 'no', 'not sure', 'anonymous', 'no');
    for (const { asked, quickReplies } of dialogue.replies()) {
      for (const { send } of quickReplies ?? []) {
        const other = startDialogue();
        await other.say('hello');
        const reply = await other.say(send);
        expect(reply.text.length, `${asked}: ${send}`).toBeGreaterThan(0);
      }
    }
  });
});

describe('asking instead of proposing', () => {
  it('asks for the office when the words point nowhere', async () => {
    const asked = await sayAll(startDialogue(), 'Nobody ever listens when we come there', 'skip', 'no');
    expect(asked.asked).toBe('category');
  });

  it("keeps the citizen's words for an office that is on no list", async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'Nobody ever listens when we come there', 'skip', 'no', 'Xyz board');
    expect(dialogue.state().draft.institutionWords).toBe('Xyz board');
    expect(dialogue.wire()).toBe('identity_collection');
  });

  it('asks which one after a no, and takes the answer', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'skip', 'no', 'no')).asked).toBe('category');
    await dialogue.say('Ministry of Health');
    expect(dialogue.state().draft.classification).toMatchObject({ institution: 'ministry_health', outcome: 'changed' });
  });
});

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
    await sayAll(dialogue, ...before, 'start again');
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
    expect((await sayAll(dialogue, story, 'withdraw')).state).toBe('completed');
    await dialogue.say('The teacher beat my son at school.');
    expect(dialogue.state().draft.description).toBe('The teacher beat my son at school.');
  });

  it('goes on in Krio, and back', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'speak Krio')).text).toContain('Krio');
    expect((await dialogue.say('speak English')).text).toContain('English');
  });
});

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

describe('outside the mandate', () => {
  it('explains, refers, and leaves the choice when a court has the matter', async () => {
    const dialogue = startDialogue();
    const told = await sayAll(dialogue, story, 'skip', 'yes');
    expect(told.asked).toBe('mandate');
    expect(told.text).toContain('Legal Aid Board');
    expect((await dialogue.say('file anyway')).asked).toBe('confirm_class');
  });

  it('explains for a private matter', async () => {
    const told = await sayAll(startDialogue(), 'My landlord threw me out without notice', 'skip');
    expect(told.asked).toBe('mandate');
    expect(told.text).toContain('public offices only');
  });

  it('does not mistake a story about a public office for a private matter', async () => {
    const asked = await sayAll(startDialogue(), 'The police beat my husband at the station', 'skip');
    expect(asked.asked).toBe('court');
  });

  it('files nothing on "do not file", and still does when the citizen changes their mind', async () => {
    const dialogue = startDialogue();
    const ended = await sayAll(dialogue, 'My landlord threw me out without notice', 'skip', 'do not file');
    expect(ended.state).toBe('completed');
    expect(dialogue.state().ended).toBe('signposted');
    expect((await sayAll(dialogue, 'submit', 'yes')).state).toBe('completed');
    expect(dialogue.state().ended).toBe('filed');
  });
});

describe('a tracking number', () => {
  it('is looked up in the middle, and the conversation goes back to its question', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'skip');
    const found = await dialogue.say(knownNumber.toLowerCase().replaceAll('-', ' '));
    expect(found.text).toContain('Received');
    expect(found.text).toContain('Next: An officer reads your complaint.');
    expect(found.asked).toBe('court');
    expect(found.state).toBe('classification');
    expect(types(found)).toContain('RecordTrackingLookup');
  });

  it('with a typing error is not looked up', async () => {
    const dialogue = startDialogue();
    const typo = knownNumber.slice(0, -1) + (knownNumber.endsWith('0') ? '1' : '0');
    const reply = await dialogue.say(typo);
    expect(reply.text).toContain('typing error');
    expect(types(reply)).not.toContain('RecordTrackingLookup');
    expect(reply.state).toBe('tracking');
  });

  it('that is unknown is said to be', async () => {
    expect((await startDialogue().say(unknownNumber)).text).toContain('no complaint with that number');
  });

  it('is asked for, and "back" leads back', async () => {
    const dialogue = startDialogue();
    expect((await sayAll(dialogue, story, 'track my complaint')).state).toBe('tracking');
    expect((await dialogue.say('back')).asked).toBe('evidence');
  });

  it('is asked for, and a story leads back too', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, 'track my complaint', story);
    expect(dialogue.wire()).toBe('evidence_upload');
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('after filing', () => {
  const file = async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'submit', 'yes');
    return dialogue;
  };

  it('tells how the complaint stands', async () => {
    expect((await (await file()).say('how does it stand')).text).toContain('Received');
  });

  it('takes more evidence', async () => {
    const dialogue = await file();
    expect((await dialogue.say('add evidence')).state).toBe('evidence_upload');
    await dialogue.say('', [{}]);
    expect((await dialogue.say('done')).state).toBe('completed');
    expect(dialogue.state().evidence).toHaveLength(1);
  });

  it('files no second time', async () => {
    const dialogue = await file();
    const number = dialogue.state().filed?.trackingNumber;
    expect((await sayAll(dialogue, 'submit', 'yes')).text.length).toBeGreaterThan(0);
    expect(dialogue.state().filed?.trackingNumber).toBe(number);
  });

  it('keeps more words beside the complaint and offers a new one', async () => {
    const reply = await (await file()).say('They came back and took my phone as well');
    expect(reply.text).toContain('new complaint');
  });

  it('begins a new complaint', async () => {
    const dialogue = await file();
    expect((await sayAll(dialogue, 'new complaint', 'The council never answers us', 'submit', 'yes')).state).toBe(
      'completed',
    );
    expect(dialogue.state().earlierComplaintIds).toHaveLength(1);
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

describe('the assistant', () => {
  it('greets once and works on the first message at once', async () => {
    const dialogue = startDialogue();
    await sayAll(dialogue, story, 'hello');
    expect(dialogue.replies().filter(({ text }) => text.includes('I am Leoma'))).toHaveLength(1);
    expect(dialogue.state().draft.description).toBe(story);
  });

  it('answers questions and asks its own again', async () => {
    const dialogue = startDialogue();
    const reply = await sayAll(dialogue, story, 'is it free?');
    expect(reply.text).toContain('It is free.');
    expect(reply.asked).toBe('evidence');
  });

  it('says that it is a computer', async () => {
    expect((await startDialogue().say('are you a human?')).text).toContain('I am not a person');
  });

  it('gives the same words and commands for the same state and message', async () => {
    const script = ['hello', story, 'skip', knownNumber, 'no', 'yes', 'anonymous', 'what did I say', 'yes'];
    const [one, other] = [startDialogue(), startDialogue()];
    await sayAll(one, ...script);
    await sayAll(other, ...script);
    expect(one.replies()).toEqual(other.replies());
  });
});

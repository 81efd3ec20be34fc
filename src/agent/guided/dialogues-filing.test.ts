import { describe, expect, it } from 'vitest';
import { knownKey, sayAll, startDialogue } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
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
    expect(filed.onceText).toBe(`Your access key: ${knownKey}`);
    expect(filed.text).not.toContain(knownKey);
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

  it('every tap is understood where it is offered', async () => {
    const script = ['hello', story, 'skip', 'no', 'no', 'not sure', 'with my name', 'anonymous', 'no', 'back', 'yes'];
    for (let length = 1; length <= script.length; length += 1) {
      const before = script.slice(0, length);
      const { quickReplies = [] } = await sayAll(startDialogue(), ...before);
      for (const { send } of quickReplies) {
        const reply = await sayAll(startDialogue(), ...before, send);
        expect(reply.text, `${before.join(', ')}: ${send}`).not.toContain('did not understand');
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

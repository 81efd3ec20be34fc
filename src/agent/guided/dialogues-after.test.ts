import { describe, expect, it } from 'vitest';
import { knownNumber, sayAll, startDialogue, unknownNumber, type Said } from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);

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

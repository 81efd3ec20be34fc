import { describe, expect, it } from 'vitest';
import {
  knownKey,
  knownNumber,
  sayAll,
  startDialogue,
  unknownNumber,
  type Said,
} from '../../../test/support/dialogue.js';

const story = 'The police at Lumley station asked me for money before they would take my statement.';
const wrongKey = 'WXYZ-2345-EFGH-67JK';
const types = (said: Said): string[] => said.commands.map(({ type }) => type);

describe('number and access key', () => {
  it('in one message open the complaint', async () => {
    const dialogue = startDialogue();
    const opened = await dialogue.say(`${knownNumber} ${knownKey.toLowerCase()}`);
    expect(opened.text).toContain('This is your complaint.');
    expect(opened.text).toContain('Received');
    expect(opened.text).toContain('2025-01-09');
    expect(types(opened)).toContain('GrantCaseAccess');
    expect(dialogue.state().openedCases).toHaveLength(1);
  });

  it('one after the other open it too, in either order', async () => {
    const one = startDialogue();
    expect((await sayAll(one, 'track my complaint', knownNumber, knownKey)).text).toContain('This is your complaint.');
    const other = startDialogue();
    expect((await other.say(`my key is ${knownKey}`)).text).toContain('tracking number');
    expect((await other.say(knownNumber)).text).toContain('This is your complaint.');
  });

  it('show what was written only with the part that is shown once', async () => {
    const opened = await startDialogue().say(`${knownNumber} ${knownKey}`);
    expect(opened.onceText).toContain('They took my land and sold it.');
    expect(opened.onceText).toContain('2025-01-02: It was Bo');
    expect(opened.text).not.toContain('They took my land and sold it.');
  });

  it('that do not belong together open nothing', async () => {
    const dialogue = startDialogue();
    const reply = await dialogue.say(`${knownNumber} ${wrongKey}`);
    expect(reply.text).toContain('does not fit');
    expect(dialogue.state().openedCases).toEqual([]);
    expect((await dialogue.say(knownNumber)).text).toContain('Received');
  });

  it('of no complaint are said to be', async () => {
    expect((await startDialogue().say(`${unknownNumber} ${knownKey}`)).text).toContain('no complaint with that number');
  });

  it('with a typing error in the number are not tried', async () => {
    const typo = knownNumber.slice(0, -1) + (knownNumber.endsWith('0') ? '1' : '0');
    const reply = await startDialogue().say(`${typo} ${knownKey}`);
    expect(reply.text).toContain('typing error');
    expect(types(reply)).not.toContain('RecordTrackingLookup');
  });

  it('lead back to the complaint under way', async () => {
    const dialogue = startDialogue();
    const opened = await sayAll(dialogue, story, 'skip', `${knownNumber} ${knownKey}`);
    expect(opened.asked).toBe('court');
    expect(dialogue.state().draft.description).toBe(story);
  });
});

describe('an access key', () => {
  it.each([
    ['at the beginning', []],
    ['at the description', ['I want to file a complaint']],
    ['at the evidence', [story]],
    ['at the office', [story, 'skip', 'no', 'no']],
    ['at the name', [story, 'skip', 'no', 'yes', 'with my name']],
    ['at the card', [story, 'submit']],
    ['after filing', [story, 'submit', 'yes']],
  ])('%s becomes no part of what is kept', async (_where, before) => {
    const dialogue = startDialogue();
    for (const text of before) await dialogue.say(text);
    await dialogue.say(wrongKey);
    await dialogue.say('back');
    const { draft, filed } = dialogue.state();
    expect(JSON.stringify({ draft, filed, replies: dialogue.replies() })).not.toContain('WXYZ');
  });

  it('within a story is left out of it', async () => {
    const dialogue = startDialogue();
    const long = `${story} They did the same to my brother and to many others who live on our street, every week again.`;
    await dialogue.say(`${long} My key is ${knownKey} if you need it.`);
    expect(dialogue.state().draft.description).toBe(`${long} My key is •••• if you need it.`);
  });
});

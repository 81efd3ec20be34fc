import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownNumber, sayAll, startDialogue, testGuidedAgent, unknownNumber } from '../../../test/support/dialogue.js';

const agent = testGuidedAgent();
const statements = readFileSync(new URL('../../../samples/civic-statements.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((row) => (JSON.parse(row) as { text: string }).text);

const phrases = [
  ...['hello', 'kushɛ', 'help', 'is it free?', 'who are you', 'what happens next', 'thanks', '???', '…', '👍'],
  ...[
    'yes',
    'no',
    'not sure',
    'skip',
    'done',
    'submit',
    'back',
    'file anyway',
    'do not file',
    'start again',
    'withdraw',
  ],
  ...[
    'anonymous',
    'confidential',
    'with my name',
    'Fatmata Kamara',
    '076 123 456',
    'fatu@example.org',
    'share my name',
  ],
  ...[
    'change the description',
    'the category is wrong',
    'no, it is the police',
    'change something',
    'my name',
    'police',
  ],
  ...['track my complaint', knownNumber, unknownNumber, 'OMB-1111-2222-3333', 'how does it stand', 'add evidence'],
  ...[
    'talk to a person',
    'I want to die',
    'speak Krio',
    'speak English',
    'what did I say',
    'new complaint',
    'corruption',
  ],
  ...[
    'My landlord threw me out',
    'it is in court',
    'also, my brother saw it',
    'where: Bo',
    'I want to file a complaint',
  ],
];
const message = fc.record({
  text: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...phrases) },
    { weight: 2, arbitrary: fc.constantFrom(...statements) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  ),
  files: fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constantFrom([{}], [{ mimeType: 'audio/ogg' }], [{}, {}]) },
  ),
});

const isBlank = (text: string): boolean => text.replace(/[\s\p{Cf}\p{Cc}]/gu, '') === '';

describe('whatever citizens say, in any order', () => {
  it('gets exactly one reply with words in it, and description, submit, yes still ends completed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 14 }), fc.constantFrom(...statements), async (said, story) => {
        const dialogue = startDialogue(agent);
        for (const { text, files } of said) {
          if (isBlank(text) && files.length === 0) continue;
          const before = dialogue.replies().length;
          const reply = await dialogue.say(text, files);
          expect(dialogue.replies().length).toBe(before + 1);
          expect(reply.text.trim()).not.toBe('');
          expect(reply.commands.filter(({ type }) => type === 'ReplyAsAgent')).toHaveLength(1);
          expect(reply.asked).toBeDefined();
          expect(reply.text).not.toMatch(/\{\w+\}/u);
        }
        expect((await sayAll(dialogue, story, 'submit', 'yes')).state).toBe('completed');
      }),
      { numRuns: 400, seed: 20_240_501 },
    );
  });

  it('never puts what they wrote into quick replies, which are kept in clear', async () => {
    const secret = 'Zyxwvut';
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 8 }), async (said) => {
        const dialogue = startDialogue(agent);
        await dialogue.say(`${secret} took my land. My name is ${secret} Kamara, ${secret}@example.org`);
        for (const { text, files } of said) if (!isBlank(text)) await dialogue.say(`${text} ${secret}`, files);
        expect(
          JSON.stringify(dialogue.replies().map(({ quickReplies, asked }) => [quickReplies, asked])),
        ).not.toContain(secret);
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it('files every statement of the sample the shortest way', async () => {
    for (const text of statements) {
      const dialogue = startDialogue(agent);
      const filed = await sayAll(dialogue, text, 'submit', 'yes');
      expect(filed.state, text).toBe('completed');
      expect(dialogue.state().ended, text).toBe('filed');
      expect(dialogue.state().draft.description, text).toBe(text);
    }
  });

  it('leads every statement of the sample the long way', async () => {
    for (const text of statements) {
      const dialogue = startDialogue(agent);
      await dialogue.say(text);
      for (let step = 0; step < 9 && dialogue.state().ended === null; step += 1) {
        const asked = dialogue.replies().at(-1)?.asked;
        await dialogue.say(asked === 'confirm' ? 'yes' : asked === 'mandate' ? 'file anyway' : 'skip');
      }
      expect(dialogue.state().ended, text).toBe('filed');
    }
  });

  it('understands a very long message quickly enough to be harmless', async () => {
    for (const piece of [
      'a',
      'nɔ ',
      'wait ',
      'hello ',
      'thanks ',
      'no ',
      'my name is ',
      '0 ',
      'omb-',
      'A',
      'hi ',
      'x@',
      '. ',
      'i want to ',
      'OMB 1 ',
      "'",
    ]) {
      const dialogue = startDialogue(agent);
      const reply = await dialogue.say(piece.repeat(Math.floor(8000 / piece.length)).trim());
      expect(reply.text).not.toBe('');
    }
  });
});

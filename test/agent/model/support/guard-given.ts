import { readFileSync } from 'node:fs';
import type { Truth } from '../../../../src/agent/model/guard-effects.js';
import type { GuardGiven } from '../../../../src/agent/model/guard.js';

export const nothingTrue: Truth = { filed: false, sent: false, looked: false, person: false, withdrawn: false };

/** A conversation in which nothing was done yet. */
export const guardGiven: GuardGiven = {
  truth: nothingTrue,
  ownNumber: null,
  said: ['My number is 076 123 456 and they wrote OMB-1234-5678-9ABC on it.'],
  maxChars: 300,
  words: {
    notFiled: 'Nothing is filed yet.',
    notDone: 'That is not done.',
    noPromise: 'I cannot promise that.',
    free: 'It is free.',
    who: 'I am a computer helper.',
  },
};

interface Sentences {
  /** The correction that is due, and the sentence. */
  readonly lies: readonly (readonly [string, string])[];
  readonly honest: readonly string[];
  /** What must be so, and the sentence that is honest then. */
  readonly honestWhen: readonly (readonly [keyof Truth, string])[];
  readonly heldOut: { readonly lies: readonly string[]; readonly honest: readonly string[] };
}

/** What a model might say, honest or not. */
export const guardSentences = JSON.parse(
  readFileSync(new URL('../guard-sentences.json', import.meta.url), 'utf8'),
) as Sentences;

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The words that tell the model who it is, with what a reply records of them. */
export interface Prompt {
  /** Name of the file without its ending, such as `leoma.v2`. */
  readonly version: string;
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly hash: string;
}

export const CURRENT_PROMPT = 'leoma.v2';

/**
 * A prompt out of a text, under a name.
 * @param version as it is to be recorded, at most 40 characters
 */
export const promptOf = (version: string, text: string): Prompt => ({
  version: version.slice(0, 40),
  text: text.trim(),
  hash: createHash('sha256').update(text.trim()).digest('hex'),
});

/**
 * Reads a prompt that belongs to the program. A version that was used is never changed: a new one is a new file beside it.
 * @throws when there is no such version
 */
export const loadPrompt = (version: string = CURRENT_PROMPT): Prompt => {
  if (!/^[a-z]+\.v\d+$/u.test(version)) throw new Error('A prompt version looks like leoma.v1');
  return promptOf(version, readFileSync(new URL(`./prompts/${version}.md`, import.meta.url), 'utf8'));
};

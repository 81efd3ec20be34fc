import { createInterface } from 'node:readline/promises';
import { isDatabaseAway } from '../platform/database-away.js';

/** Where a command writes: results for programs and people to `out`, progress and complaints to `err`. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** 0: done and well. 1: done, and the answer is no. 2: could not be done. */
export type ExitCode = 0 | 1 | 2;

/** The output of this process. */
export const processOutput: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Asks a yes-or-no question on the terminal. Without a terminal nobody can answer: no, and it says what is needed. */
export const confirmOnTerminal = async (
  question: string,
  { output, isTty }: { readonly output: Output; readonly isTty: boolean } = {
    output: processOutput,
    isTty: process.stdin.isTTY,
  },
): Promise<boolean> => {
  if (!isTty) {
    output.err(`${question}\nThis needs a yes, and there is no terminal to give it on: run it on one, or add --yes.\n`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
};

/** What went wrong, for a person: the message alone, never a stack. */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // A host with two addresses that both refuse gives an error without a word.
  const said = error.message === '' ? (code ?? error.name) : error.message;
  return isDatabaseAway(error) && code !== 'store_unavailable' ? `The database does not answer (${said})` : said;
};

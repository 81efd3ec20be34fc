import { onOneLine } from './replay/text.js';

interface LogLine {
  readonly level?: string;
  readonly msg?: string;
  readonly code?: string;
  readonly err?: { readonly message?: string };
}

/** What is told without having been asked for. Debug lines are for whoever set DEBUG, as they are. */
const forPeople: readonly (string | undefined)[] = ['warn', 'error', 'fatal'];

const parsed = (line: string): LogLine | undefined => {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
};

const sentenceOf = (line: string): string => {
  const { level, msg, code, err } = parsed(line) ?? {};
  if (msg === undefined || !forPeople.includes(level)) return line;
  const why = err?.message ?? code;
  return `${onOneLine(msg)}${why === undefined ? '' : ` (${onOneLine(why)})`}\n`;
};

/**
 * Where the log lines of a command go: somebody sits at the terminal, so each becomes a sentence. What several connections say at
 * once is said once.
 */
export function plainLog(write: (text: string) => void): { write(line: string): void } {
  let last = '';
  return {
    write(line) {
      const text = sentenceOf(line);
      if (text !== last) write(text);
      last = text;
    },
  };
}

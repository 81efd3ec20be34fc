import { readFileSync } from 'node:fs';

/** A fenced block of a Markdown page. */
export interface Snippet {
  readonly language: string;
  /** Where it belongs in a site, as its fence says (`file=…`). */
  readonly file: string | null;
  readonly text: string;
  /** Line of the opening fence in the page, from 1. */
  readonly line: number;
}

/** All fenced blocks of a page, in its order. */
export const readSnippets = (page: string): readonly Snippet[] => {
  const source = readFileSync(page, 'utf8');
  return [...source.matchAll(/^```(\w*)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    file: match[2] ?? null,
    text: match[3] ?? '',
    line: source.slice(0, match.index).split('\n').length,
  }));
};

/**
 * The files of a site. Where the page shows a file twice, the second replaces the first.
 * @param version `first` or `last` of such files
 */
export const siteFiles = (snippets: readonly Snippet[], version: 'first' | 'last'): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const { file, text } of snippets)
    if (file !== null && (version === 'last' || !files.has(file))) files.set(file, text);
  return files;
};

/** What a shell file of `NAME=value` lines sets. */
export const readEnvironment = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

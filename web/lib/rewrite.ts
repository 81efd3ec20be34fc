import { keepInTab, REWRITE_KEY, tabStorage } from './tab';

// What happened, being written anew on the check page. It stands apart from the message box, so that it is never sent as an
// answer to anything else; and it is kept over a reload until it is used or thrown away.

interface Rewrite {
  /** The words that stood in the complaint when it was begun. */
  readonly old: string;
  readonly text: string;
}

const isRewrite = (value: unknown): value is Rewrite =>
  typeof value === 'object' && value !== null && 'old' in value && 'text' in value;

/** What was written, with what has been added to the complaint since; null when other words stand there now. */
export const goOnWith = ({ old, text }: Rewrite, now: string): string | null =>
  now.startsWith(old) ? text + now.slice(old.length) : null;

/** The words that were begun in the place of those that stand in the complaint now, or null. */
export const begunRewrite = (now: string): string | null => {
  try {
    const kept: unknown = JSON.parse(tabStorage.getItem(REWRITE_KEY) ?? 'null');
    return isRewrite(kept) ? goOnWith(kept, now) : null;
  } catch {
    return null;
  }
};

/** Keeps what is being written; nothing when it is what stands in the complaint already. */
export const keepRewrite = (old: string, text: string): void =>
  keepInTab(REWRITE_KEY, text === old ? '' : JSON.stringify({ old, text }));

export const dropRewrite = (): void => keepInTab(REWRITE_KEY, '');

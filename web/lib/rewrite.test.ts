import { beforeEach, describe, expect, it, vi } from 'vitest';
import { begunRewrite, dropRewrite, goOnWith, keepRewrite } from './rewrite';
import { forgetTab } from './tab';

/** The storage of a tab. */
beforeEach(() => {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
    clear: () => items.clear(),
  });
});

describe('Words that are being written anew', () => {
  it('go on where they were, with what was added to the complaint since', () => {
    expect(goOnWith({ old: 'Old.', text: 'New.' }, 'Old.')).toBe('New.');
    expect(goOnWith({ old: 'Old.', text: 'New.' }, 'Old.\n\nMore.')).toBe('New.\n\nMore.');
  });

  it('are not put in the place of words that they were not begun from', () => {
    expect(goOnWith({ old: 'Old.', text: 'New.' }, 'Something else.')).toBeNull();
  });

  it('are kept in the tab until they are dropped, or are the old ones again', () => {
    keepRewrite('Old.', 'New.');
    expect(begunRewrite('Old.')).toBe('New.');
    keepRewrite('Old.', 'Old.');
    expect(begunRewrite('Old.')).toBeNull();
    keepRewrite('Old.', 'New.');
    dropRewrite();
    expect(begunRewrite('Old.')).toBeNull();
  });

  it('are forgotten with the chat', () => {
    keepRewrite('Old.', 'New.');
    forgetTab();
    expect(begunRewrite('Old.')).toBeNull();
  });
});

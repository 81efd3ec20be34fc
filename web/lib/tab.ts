import type { StorageLike } from '@citizen-interface/client';

// What this tab keeps of the conversation (client/README.md, "What is kept in sessionStorage, and why"), under these keys.

export const CHAT_KEY = 'citizen-interface';
export const LANGUAGE_KEY = 'citizen-language';
export const DRAFT_KEY = 'citizen-draft';
/** What happened, being written anew (`rewrite.ts`). */
export const REWRITE_KEY = 'citizen-draft-anew';
/** Files that are uploaded and in no message yet (`kept-files.ts`). */
export const FILES_KEY = 'citizen-files';
/** The page was left by "Exit this page": going back in this tab shows nothing of it (`small/small.ts`). */
export const LEFT_KEY = 'citizen-left';
/** The scripts of the chat have come; `document.body.dataset.live` says the same to who asks later (`small/early.ts`). */
export const LIVE_EVENT = 'chat-live';
/** Begins the keys of the light chats (`small/live.ts`). */
export const LIGHT_PREFIX = 'lite-';
/** Where the tabs of this browser tell each other that a chat was removed (its session), or that the pages were left. */
export const TABS = 'citizen';

const fallback = new Map<string, string>();

const store = (): Storage | null => {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
};

/**
 * sessionStorage, or the memory of this page where it is full or forbidden. Touches nothing before it is used.
 * Writing throws when only the memory has it, so that the client can say so.
 */
export const tabStorage: StorageLike = {
  getItem: (key) => fallback.get(key) ?? store()?.getItem(key) ?? null,
  setItem: (key, value) => {
    try {
      // Where storage is forbidden there is none, and this throws like a full one.
      (store() as Storage).setItem(key, value);
      fallback.delete(key);
    } catch (error) {
      fallback.set(key, value);
      throw error;
    }
  },
  removeItem: (key) => {
    fallback.delete(key);
    store()?.removeItem(key);
  },
};

/** Keeps a small thing that may be lost; an empty one is removed. */
export const keepInTab = (key: string, value: string): void => {
  try {
    if (value === '') tabStorage.removeItem(key);
    else tabStorage.setItem(key, value);
  } catch {
    // The memory of the page has it.
  }
};

/** Forgets the light chats of this tab. */
export const forgetLight = (): void => {
  for (const key of Object.keys(store() ?? {})) if (key.startsWith(LIGHT_PREFIX)) tabStorage.removeItem(key);
};

/** Tells the other tabs; where browsers have no such thing, nobody. */
export const tellTabs = (what: string): void => {
  try {
    new BroadcastChannel(TABS).postMessage(what);
  } catch {
    // Nothing to be done there: docs/web.md says which tabs are not reached.
  }
};

/**
 * Forgets everything of the conversation in this tab (nothing else is kept here), and tells tabs that hold the same one.
 * @param session its id; null or undefined before there is one
 */
export const forgetTab = (session?: string | null): void => {
  fallback.clear();
  store()?.clear();
  if (session) tellTabs(session);
};

/** The session as the client keeps it, for what the client does not do; null before there is one. */
export const sessionInTab = (): { readonly sessionId?: string; readonly token?: string } | null => {
  try {
    const kept = JSON.parse(tabStorage.getItem(CHAT_KEY) ?? 'null') as {
      session?: { sessionId?: string; token?: string };
    } | null;
    return kept?.session ?? null;
  } catch {
    return null;
  }
};

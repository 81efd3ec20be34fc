import path from 'node:path';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { repositoryRoot } from '../../demo/server-process.js';

// The published client as its source, in Node. What is used of its types is written here: those of the source need a browser's.

export interface Shown {
  readonly id: string;
  readonly role: string;
  readonly text: string;
  readonly state: 'waiting' | 'sent' | 'received' | 'failed';
  readonly media: readonly { readonly uploadId?: string; readonly name?: string; readonly size?: number }[];
  readonly progress?: number;
}

export interface Library {
  connect(): void;
  close(): void;
  send(text: string, files?: readonly object[]): string;
  upload(file: object, options?: { readonly onProgress: (share: number) => void }): Promise<{ uploadId: string }>;
  subscribe(listener: () => void): () => void;
  on(event: 'ack', listener: (ack: { readonly id: string; readonly duplicate: boolean }) => void): () => void;
  on(event: 'session', listener: (session: { readonly reason: string }) => void): () => void;
  getSnapshot(): {
    readonly phase: string;
    readonly isConnected: boolean;
    readonly sessionId: string | null;
    readonly messages: readonly Shown[];
    readonly transport: string | null;
    readonly position: string | null;
  };
}

interface Module {
  readonly createCitizenClient: (options: object) => Library;
}

/** The sessionStorage of one tab. `copy`: that of a tab that was duplicated or loaded again. */
export interface TabStorage {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
  readonly copy: () => TabStorage;
}

export const newTab = (values = new Map<string, string>()): TabStorage => ({
  getItem: (key) => values.get(key) ?? null,
  setItem: (key, value) => void values.set(key, value),
  removeItem: (key) => void values.delete(key),
  copy: () => newTab(new Map(values)),
});

/** Makes a client of the library for a server, not connected yet. */
export const newLibrary = async (url: string, tab: TabStorage, environment: object = {}): Promise<Library> => {
  const { createCitizenClient } = (await import(path.join(repositoryRoot(), 'client', 'src', 'index.ts'))) as Module;
  return createCitizenClient({
    sessionUrl: `${url}/api/agent/session`,
    environment: { WebSocket, storage: tab, ...environment },
  });
};

/** Who said what, in order. */
export const linesOf = (client: Library): readonly string[] =>
  client.getSnapshot().messages.map(({ role, text }) => `${role}: ${text}`);

/** What each side said, in order: an answer may come before or after the citizen's next message. */
const bySide = (lines: readonly string[]): readonly (readonly string[])[] => [
  lines.filter((line) => line.startsWith('citizen: ')),
  lines.filter((line) => !line.startsWith('citizen: ')),
];

/** Waits until a client shows these lines and no others, in the order of each side, all of them confirmed. */
export const shows = async (client: Library, lines: readonly string[]): Promise<void> => {
  await expect.poll(() => bySide(linesOf(client)), { timeout: 30_000 }).toEqual(bySide(lines));
  await expect
    .poll(() => client.getSnapshot().messages.every(({ state }) => state === 'received'), { timeout: 30_000 })
    .toBe(true);
};

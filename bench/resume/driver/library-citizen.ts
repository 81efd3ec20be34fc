import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import WebSocket from 'ws';
import { repositoryRoot } from '../../../demo/server-process.js';
import { now, type Absence, type Citizen, type Said } from './citizen.js';
import type { V1CitizenOptions } from './v1-citizen.js';

// The published client library, built, in an environment whose network can be cut.

interface Shown {
  readonly id: string;
  readonly role: string;
  readonly replyId?: string;
}
interface Client {
  connect(): void;
  close(): void;
  send(text: string): string;
  on(event: 'message', listener: (message: Shown) => void): void;
  on(event: 'ack', listener: (ack: { readonly id: string }) => void): void;
  on(event: 'state', listener: (phase: string) => void): void;
  on(event: 'error', listener: (error: { readonly code: string }) => void): void;
  getSnapshot(): { readonly sessionId: string | null; readonly messages: readonly { readonly state: string }[] };
}
interface Library {
  readonly createCitizenClient: (options: object) => Client;
}

const libraryFile = (): string => path.join(repositoryRoot(), 'client', 'dist', 'esm', 'index.js');

/** Whether the library is there and built. */
export const hasLibrary = (): boolean => existsSync(libraryFile());

/** The storage of one tab. */
const createStorage = () => {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
};

/** A network that can be cut, with its sockets. */
const createNetwork = (nextUrl: () => string) => {
  let current: WebSocket | null = null;
  let isSilent = false;
  let offlineUntil = 0;
  class CuttableSocket {
    onopen: ((event: object) => void) | null = null;
    onmessage: ((event: { readonly data: unknown }) => void) | null = null;
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    readonly #socket: WebSocket | null;
    constructor(_url: string, protocols: string[]) {
      this.#socket = now() < offlineUntil ? null : new WebSocket(nextUrl(), protocols, { perMessageDeflate: false });
      const socket = this.#socket;
      if (socket === null) {
        setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 1);
        return;
      }
      current = socket;
      isSilent = false;
      socket.on('open', () => this.onopen?.({}));
      socket.on('message', (raw: Buffer) => {
        if (!isSilent || current !== socket) this.onmessage?.({ data: raw.toString('utf8') });
      });
      socket.on('error', () => this.onerror?.({}));
      socket.on('close', (code, reason) => this.onclose?.({ code, reason: reason.toString('utf8') }));
    }
    send(text: string): void {
      if (!isSilent || current !== this.#socket) this.#socket?.send(text, () => undefined);
    }
    close(code?: number): void {
      this.#socket?.close(code);
    }
  }
  const cut = (silentMs: number, offlineMs: number): boolean => {
    if (isSilent || current?.readyState !== WebSocket.OPEN) return false;
    isSilent = true;
    const cutOff = current;
    setTimeout(() => {
      offlineUntil = now() + offlineMs;
      cutOff.terminate();
    }, silentMs);
    return true;
  };
  return { CuttableSocket, cut };
};

export const createLibraryCitizen = async ({
  bases,
  firstBase,
  chance,
  expectsAnswers,
}: V1CitizenOptions): Promise<Citizen> => {
  const { createCitizenClient } = (await import(pathToFileURL(libraryFile()).href)) as Library;
  let baseAt = firstBase;
  const nextUrl = (): string => {
    const base = bases[baseAt % bases.length] ?? '';
    baseAt += 1;
    return `${base.replace(/^http/, 'ws')}/ws`;
  };
  const network = createNetwork(nextUrl);
  let nextId = '';
  const client = createCitizenClient({
    sessionUrl: `${bases[firstBase % bases.length] ?? ''}/api/agent/session`,
    environment: {
      WebSocket: network.CuttableSocket,
      XMLHttpRequest: null,
      storage: createStorage(),
      chance,
      uuid: () => nextId,
    },
  });
  const said: Said[] = [];
  const byId = new Map<string, Said>();
  const heard: string[] = [];
  const absences: Absence[] = [];
  const errors: string[] = [];
  let [cuts, lastHeardAt, answers] = [0, 0, 0];
  let lostAt: number | null = null;
  let isLive = false;
  let onLive = (): void => undefined;

  client.on('message', (message) => {
    lastHeardAt = now();
    if (message.role === 'citizen') return;
    heard.push(message.id);
    if (message.role === 'agent') answers += 1;
  });
  client.on('ack', ({ id }) => {
    const message = byId.get(id);
    if (message !== undefined) message.acknowledgedAt ??= now();
  });
  client.on('error', ({ code }) => void errors.push(code));
  client.on('state', (phase) => {
    if (isLive && phase !== 'live') lostAt ??= now();
    isLive = phase === 'live';
    if (!isLive) return;
    if (lostAt !== null) absences.push({ announcedAt: null, lostAt, backAt: now(), code: 0 });
    lostAt = null;
    onLive();
  });
  await new Promise<void>((resolve) => {
    onLive = resolve;
    client.connect();
  });
  return {
    name: client.getSnapshot().sessionId ?? '',
    connect: () => Promise.resolve(),
    say: (id, text, due) => {
      nextId = id;
      const message: Said = { id, due, late: now() - due };
      said.push(message);
      byId.set(id, message);
      client.send(text);
    },
    cut: ({ silentMs, offlineMs }) => {
      if (isLive && network.cut(silentMs, offlineMs)) cuts += 1;
    },
    isSettled: () =>
      isLive &&
      client.getSnapshot().messages.every(({ state }) => state === 'received') &&
      (!expectsAnswers || answers >= said.length),
    lastHeardAt: () => lastHeardAt,
    record: () => ({ name: client.getSnapshot().sessionId ?? '', said, heard, absences, cuts, errors }),
    close: () => client.close(),
  };
};

// Everything that the client takes from its surroundings. Tests and unusual hosts pass their own.

export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string): void;
  close(code?: number): void;
}

export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike;

export interface StorageLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Surroundings {
  readonly online?: boolean;
  readonly visible?: boolean;
}

export interface Environment {
  /** Absent where there is none: that counts as blocked, and SSE is used. */
  readonly WebSocket: SocketConstructor | undefined;
  /** For the progress of uploads; default: the page's own, null: use fetch. */
  readonly XMLHttpRequest?: (new () => XMLHttpRequest) | null;
  readonly fetch: typeof fetch;
  /** sessionStorage, or null when the page may not have one. */
  readonly storage: StorageLike | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1 (exclusive). */
  readonly chance: () => number;
  readonly uuid: () => string;
  readonly setTimer: (run: () => void, ms: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
  /** Tells changes of network and view, and at once what is not as usual. Gives the function that ends it. */
  readonly watch: (tell: (change: Surroundings) => void) => () => void;
}

/** A version 4 UUID; also where `crypto.randomUUID` is missing (pages without https). */
export const uuidFrom = (source: Pick<Crypto, 'getRandomValues'> & Partial<Pick<Crypto, 'randomUUID'>>): string =>
  source.randomUUID?.() ??
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () =>
    ((source.getRandomValues(new Uint8Array(1))[0] ?? 0) & 15).toString(16),
  );

const pageStorage = (): StorageLike | null => {
  try {
    // Reading the property alone throws where storage is forbidden; in Node 20 it does not exist.
    return (globalThis as { sessionStorage?: StorageLike }).sessionStorage ?? null;
  } catch {
    return null;
  }
};

const watchPage = (tell: (change: Surroundings) => void): (() => void) => {
  if (typeof document === 'undefined') return () => undefined;
  const view = (): void => tell({ visible: !document.hidden });
  const network = (): void => tell({ online: navigator.onLine });
  const end = new AbortController();
  const { signal } = end;
  document.addEventListener('visibilitychange', view, { signal });
  for (const name of ['online', 'offline']) addEventListener(name, network, { signal });
  if (document.hidden) view();
  if (!navigator.onLine) network();
  return () => end.abort();
};

/** The browser's own; asked only when the client connects, so that making a client on a server does nothing. */
export const browserEnvironment = (): Environment => ({
  WebSocket: (globalThis as { WebSocket?: SocketConstructor }).WebSocket,
  fetch: (...request) => fetch(...request),
  storage: pageStorage(),
  now: () => Date.now(),
  chance: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  uuid: () => uuidFrom(crypto),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as number),
  watch: watchPage,
});

import { endpoints, unanswered } from './api.js';
import { browserEnvironment, type Environment } from './environment.js';
import { CitizenError, makeError } from './errors.js';
import { initialState, OUTBOX_SIZE } from './machine/basics.js';
import type { ClientEvents, HistoryPage } from './machine/types.js';
import { createRuntime } from './runtime.js';
import type { Snapshot } from './snapshot.js';
import { load } from './storage.js';
import type { Uploaded, UploadOptions } from './upload.js';

export interface ClientOptions {
  /** Answers POST with a session. Default `/api/agent/session`. */
  readonly sessionUrl?: string | undefined;
  /** Sent as JSON with that POST, for what your own route needs. */
  readonly sessionBody?: unknown;
  /** Origin of the rest of the API when the session is made by a route of your own; default: beside `sessionUrl`. */
  readonly apiUrl?: string | undefined;
  /**
   * Answers POST with a new token in place of the chat server, for sessions of logged-in users; `:id` stands for the session.
   * The last token comes in `Authorization`; the answer is `{ token, expiresAt }`.
   */
  readonly tokenUrl?: string | undefined;
  /** Overrides the `websocketUrl` of the session. */
  readonly websocketUrl?: string | undefined;
  /** Start after this position, for an application that keeps the transcript itself; `'stored'`: where this tab was. */
  readonly position?: string | undefined;
  /**
   * `'asked'`: of a long conversation only the newest part (about 200 frames) is loaded at first, and `history(snapshot.earlier)`
   * fetches the page before it. Default: all of it is loaded, page by page.
   */
  readonly earlier?: 'asked' | undefined;
  /** Key in sessionStorage; give each of several chats on one origin its own. */
  readonly storageKey?: string | undefined;
  /** Any part of the surroundings, for tests and hosts that are no browser. `storage: null` stores nothing. */
  readonly environment?: Partial<Environment> | undefined;
}

export interface CitizenClient {
  /** Connects and stays connected; also "try now", and "start again" after a failure. */
  readonly connect: () => void;
  /** The same, under the name of the button that a replaced tab shows (close code 4409). */
  readonly useHere: () => void;
  /** Disconnects. Session and outbox stay in this tab's storage, so that the next `connect` goes on. */
  readonly close: () => void;
  /** Disconnects and forgets the conversation: at once nothing of it stays in storage or in the snapshot. */
  readonly end: () => void;
  /**
   * Sends a message, now or when the connection is back. Gives its id. Files that `upload` has taken already go with it as they are.
   * @throws CitizenError `message_empty` or `outbox_full`.
   */
  readonly send: (text: string, files?: readonly (File | Uploaded)[]) => string;
  /** Sends a failed message again, with its id. */
  readonly retry: (id: string) => void;
  /** Takes a message that is not on its way out of the outbox. */
  readonly discard: (id: string) => void;
  /** Uploads a file. @throws CitizenError */
  readonly upload: (file: File, options?: UploadOptions) => Promise<Uploaded>;
  readonly setTyping: (isTyping: boolean) => void;
  /** The person has seen everything up to here. */
  readonly markRead: () => void;
  /** Stops a reply that is being written. */
  readonly cancel: (replyId: string) => void;
  /** Earlier messages (at most 100); they join the transcript as well. @throws CitizenError */
  readonly history: (before?: string, limit?: number) => Promise<HistoryPage>;
  /** Listens; gives the function that ends it. */
  readonly on: <K extends keyof ClientEvents>(event: K, listener: (payload: ClientEvents[K]) => void) => () => void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Snapshot;
}

/**
 * Makes a client. Nothing happens, and no browser is needed, before `connect`.
 * @returns a record of functions that need no `this`.
 */
export const createCitizenClient = (options: ClientOptions = {}): CitizenClient => {
  const { storageKey = 'citizen-interface', position, sessionBody, websocketUrl } = options;
  const at = endpoints(options.sessionUrl ?? '/api/agent/session', options.apiUrl, options.tokenUrl);
  let surroundings: Environment | undefined;
  const env = (): Environment => (surroundings ??= { ...browserEnvironment(), ...options.environment });
  const initial = {
    ...initialState,
    position: position === 'stored' ? null : (position ?? null),
    earlier: options.earlier,
  };
  const runtime = createRuntime({ env, at, initial, storageKey, sessionBody, websocketUrl });
  const { dispatch } = runtime;

  let restored = false;
  let unwatch: (() => void) | null = null;
  let isTyping = false;
  const files = new Map<string, readonly (File | Uploaded)[]>();

  const connect = (): void => {
    const stored = restored ? null : load(env().storage, storageKey);
    restored = true;
    unwatch ??= env().watch((change) => dispatch({ ...change, type: 'surroundings' }));
    dispatch({ type: 'start', restored: stored && position !== 'stored' ? { ...stored, position: null } : stored });
  };

  const leave = (type: 'stop' | 'end'): void => {
    unwatch?.();
    unwatch = null;
    dispatch({ type });
  };

  // Uploading is loaded when it is first needed; while it cannot be, there is no connection.
  const later = () =>
    import('./upload.js').catch(() => {
      throw new CitizenError(unanswered.error);
    });
  const attach = async (id: string, list: readonly (File | Uploaded)[]): Promise<void> => {
    try {
      const tell = (share: number): void => dispatch({ type: 'progress', id, share });
      const media = await (await later()).attachFiles(runtime, at, list, tell);
      dispatch({ type: 'uploaded', id, media });
    } catch (cause) {
      files.set(id, list); // for `retry`
      const known = (cause as Partial<CitizenError>).error;
      dispatch({ type: 'upload_failed', id, error: known ?? makeError('upload_interrupted', 'Unreadable.') });
    }
  };

  return {
    connect,
    useHere: connect,
    close: () => leave('stop'),
    end: () => leave('end'),
    send: (text, list = []) => {
      if (text.trim() === '' && list.length === 0) {
        throw new CitizenError(makeError('message_empty', 'Nothing to send.'));
      }
      if (runtime.state().outbox.filter((item) => ['sent', 'waiting'].includes(item.state)).length >= OUTBOX_SIZE) {
        throw new CitizenError(makeError('outbox_full', 'Too many messages.', true));
      }
      const id = env().uuid();
      // Those that are uploaded already need nothing more, not even a connection now.
      const media = list.filter((item) => 'uploadId' in item);
      const uploading = media.length < list.length;
      dispatch({ type: 'send', id, text, media, uploading });
      if (uploading) void attach(id, list);
      return id;
    },
    retry: (id) => {
      const list = files.get(id);
      files.delete(id);
      dispatch({ type: 'retry', id, uploading: !!list });
      if (list) void attach(id, list);
    },
    discard: (id) => {
      files.delete(id);
      dispatch({ type: 'discard', id });
    },
    upload: async (file, uploadOptions = {}) => (await later()).uploadFile(runtime, at, file, uploadOptions),
    setTyping: (next) => {
      if (next !== isTyping) dispatch({ type: 'typing', isTyping: (isTyping = next) });
    },
    markRead: () => dispatch({ type: 'read' }),
    cancel: (replyId) => dispatch({ type: 'cancel', id: env().uuid(), replyId }),
    history: async (before, limit = 100) => {
      const page = await runtime.page(before ?? null, limit);
      if ('code' in page) throw new CitizenError(page);
      return page;
    },
    on: runtime.on,
    subscribe: runtime.subscribe,
    getSnapshot: runtime.snapshot,
  };
};

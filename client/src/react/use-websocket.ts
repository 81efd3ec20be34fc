'use client';

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import {
  CitizenError,
  createCitizenClient,
  emptySnapshot,
  type ChatMessage,
  type CitizenClient,
  type ClientError,
  type ClientOptions,
  type MediaInfo,
  type MessageState,
  type Phase,
  type QuickReply,
  type Role,
  type Snapshot,
  type StreamingReply,
} from '../index.js';

/**
 * One item of `messages`, in the look that integrators know. What the office said is `type: 'message'`; what this citizen said
 * is `type: 'own'`, so that a page which shows every `message` as the office's and its own bubbles by itself stays right.
 * A new page looks at `role` and needs no list of its own.
 */
export interface HookMessage {
  readonly type: 'message' | 'own';
  readonly id: string;
  readonly role: Role;
  /** `waiting`, `sent`, `received` or `failed`; always `received` for what the office said. */
  readonly state: MessageState;
  readonly at: string;
  readonly data: {
    readonly message: string;
    readonly sessionId: string | null;
    readonly trackingNumber?: string | undefined;
    readonly state?: string | undefined;
    readonly media: readonly MediaInfo[];
    readonly quickReplies: readonly QuickReply[];
    readonly replyId?: string | undefined;
  };
  readonly error?: ClientError | undefined;
  readonly progress?: number | undefined;
}

export interface UseWebSocketOptions extends ClientOptions {
  /** A client that the application makes, connects and closes itself, for instance to share it. */
  readonly client?: CitizenClient;
}

export interface Chat {
  readonly isConnected: boolean;
  /** Sends a message with files; gives its id, or null when it was refused at once (see `error`). */
  readonly sendMessage: (message: string, media?: readonly File[]) => string | null;
  readonly messages: readonly HookMessage[];
  readonly error: string | null;
  readonly sessionId: string | null;
  /** State of the connection. */
  readonly status: Phase;
  /** Someone of the office (or the assistant) is typing. */
  readonly typing: boolean;
  /** The reply that is being written, or null. */
  readonly streaming: StreamingReply | null;
  /** With an id: send that failed message again. Without: connect now, also after a failure or in a replaced tab. */
  readonly retry: (id?: string) => void;
  /** Where the conversation stands: state and tracking number. */
  readonly conversation: Snapshot['conversation'];
  readonly snapshot: Snapshot;
  readonly client: CitizenClient;
}

/**
 * What the address means: `ws(s)://host` is where the socket and the API are, with the session made by the page's own
 * `/api/agent/session`; `http(s)://host` is a server that does all of it; nothing is the page's own server.
 */
export const optionsOf = (url: string | undefined, options: ClientOptions): ClientOptions => {
  const base = url?.replace(/\/$/, '');
  if (!base) return options;
  if (/^wss?:/.test(base))
    return { websocketUrl: base, apiUrl: base.replace(/^ws(s?:\/\/[^/?]+).*$/, 'http$1'), ...options };
  return { sessionUrl: `${base}/api/agent/session`, ...options };
};

const toHookMessage = (message: ChatMessage, sessionId: string | null): HookMessage => ({
  type: message.role === 'citizen' ? 'own' : 'message',
  id: message.id,
  role: message.role,
  state: message.state,
  at: message.at,
  data: {
    message: message.text,
    sessionId,
    trackingNumber: message.trackingNumber,
    state: message.sessionState,
    media: message.media,
    quickReplies: message.quickReplies,
    replyId: message.replyId,
  },
  error: message.error,
  progress: message.progress,
});

const onServer = (): Snapshot => emptySnapshot;

/**
 * A chat for a React component: connects after the component is mounted and closes when it is unmounted (session and outbox
 * stay for the next mount in this tab). Safe under StrictMode (one connection, one session) and in server rendering.
 * @param url see `optionsOf`; options are read once per `url`.
 */
export const useWebSocket = (url?: string, options: UseWebSocketOptions = {}): Chat => {
  const given = options.client;
  // Making a client has no effect outside, so a render that React throws away costs nothing.
  const client = useMemo(() => given ?? createCitizenClient(optionsOf(url, options)), [url, given]);
  const snapshot = useSyncExternalStore(client.subscribe, client.getSnapshot, onServer);
  const [refusal, setRefusal] = useState<string | null>(null);

  useEffect(() => {
    if (given !== undefined) return;
    let mounted = true;
    // StrictMode mounts, unmounts and mounts in one go; only the last of these connects.
    queueMicrotask(() => {
      if (mounted) client.connect();
    });
    return () => {
      mounted = false;
      client.close();
    };
  }, [client, given]);

  const sendMessage = useCallback(
    (message: string, media?: readonly File[]): string | null => {
      try {
        setRefusal(null);
        return client.send(message, media);
      } catch (cause) {
        setRefusal(cause instanceof CitizenError ? cause.message : String(cause));
        return null;
      }
    },
    [client],
  );
  const retry = useCallback((id?: string) => (id === undefined ? client.connect() : client.retry(id)), [client]);
  const messages = useMemo(
    () => snapshot.messages.map((message) => toHookMessage(message, snapshot.sessionId)),
    [snapshot.messages, snapshot.sessionId],
  );

  return {
    isConnected: snapshot.isConnected,
    sendMessage,
    messages,
    error: refusal ?? snapshot.error?.message ?? null,
    sessionId: snapshot.sessionId,
    status: snapshot.phase,
    typing: snapshot.typing !== null,
    streaming: snapshot.streaming.at(-1) ?? null,
    retry,
    conversation: snapshot.conversation,
    snapshot,
    client,
  };
};

'use client';

import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Composer } from './composer.js';
import { MessageList } from './message-list.js';
import { englishStrings, type ChatStrings } from './strings.js';
import { useWebSocket, type Chat, type UseWebSocketOptions } from './use-websocket.js';

interface LookProps {
  /** Words that replace the English ones. */
  readonly strings?: Partial<ChatStrings> | undefined;
  readonly className?: string | undefined;
  /** File types of the file button, as in `<input accept>`. */
  readonly accept?: string | undefined;
  /** Called once for each complaint that is filed. */
  readonly onCompleted?: ((trackingNumber: string) => void) | undefined;
}

export interface ChatViewProps extends LookProps {
  /** What `useWebSocket` gives. */
  readonly chat: Chat;
}

export interface ChatInterfaceProps extends LookProps {
  readonly url?: string | undefined;
  readonly options?: UseWebSocketOptions | undefined;
}

type PartProps = { readonly chat: Chat; readonly strings: ChatStrings };

/** How the connection is, in words, and the button to do something about it. */
const Connection = ({ chat, strings }: PartProps): ReactElement => {
  const { phase, catchingUp, error } = chat.snapshot;
  const replaced = phase === 'failed' && error?.code === 'replaced';
  const text = replaced ? strings.replaced : strings.connection[phase];
  return (
    <div className={`ci-connection ci-connection-${phase}`}>
      <p role="status">{phase === 'live' && catchingUp ? strings.catchingUp : text}</p>
      {phase === 'failed' || phase === 'backoff' ? (
        <button type="button" className="ci-button ci-secondary" onClick={() => chat.retry()}>
          {replaced ? strings.useHere : strings.connectNow}
        </button>
      ) : null}
    </div>
  );
};

/** What is happening just now. Shown as it grows, but not read out: the finished message is. */
const Happening = ({ chat, strings }: PartProps): ReactElement | null => {
  const { streaming, typing, client } = chat;
  if (streaming !== null) {
    return (
      <div className="ci-message ci-agent ci-streaming" aria-live="off">
        <p className="ci-who">{strings.writing}</p>
        <p className="ci-text">{streaming.text}</p>
        <button type="button" className="ci-link" onClick={() => client.cancel(streaming.replyId)}>
          {strings.stop}
        </button>
      </div>
    );
  }
  return typing ? (
    <p className="ci-typing" aria-live="off">
      {strings.typing}
    </p>
  ) : null;
};

/** Answers that the last message suggests. */
const Suggestions = ({ chat, strings }: PartProps): ReactElement | null => {
  const replies = chat.messages.at(-1)?.data.quickReplies ?? [];
  if (replies.length === 0) return null;
  return (
    <div className="ci-suggestions" role="group" aria-label={strings.suggestions}>
      {replies.map(({ label, send }) => (
        <button
          key={`${label}-${send}`}
          type="button"
          className="ci-button ci-secondary"
          onClick={() => chat.sendMessage(send)}
        >
          {label}
        </button>
      ))}
    </div>
  );
};

/** Keeps the newest message in view, unless the reader has scrolled up. */
const useStickToEnd = (length: number, streamed: number) => {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current !== null && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [length, streamed]);
  const onScroll = (): void => {
    const { current } = box;
    if (current !== null) atEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < 80;
  };
  return { box, onScroll };
};

const useCompleted = ({ conversation }: Chat, onCompleted: LookProps['onCompleted']): void => {
  const told = useRef<string | null>(null);
  const { state, trackingNumber } = conversation;
  useEffect(() => {
    if (state !== 'completed' || trackingNumber === null || told.current === trackingNumber) return;
    told.current = trackingNumber;
    onCompleted?.(trackingNumber);
  }, [state, trackingNumber, onCompleted]);
};

/** The chat for a page that already uses the hook. */
export const ChatView = ({ chat, strings: own, className, accept, onCompleted }: ChatViewProps): ReactElement => {
  const strings = { ...englishStrings, ...own };
  const { messages, snapshot, client, error } = chat;
  const { phase, catchingUp } = snapshot;
  const [loaded, setLoaded] = useState(false);
  const { box, onScroll } = useStickToEnd(messages.length, chat.streaming?.text.length ?? 0);
  useCompleted(chat, onCompleted);
  useEffect(() => {
    if (phase === 'live') setLoaded(true);
  }, [phase]);
  useEffect(() => {
    if (phase === 'live' && !document.hidden) client.markRead();
  }, [client, phase, messages]);

  return (
    <section className={className === undefined ? 'ci-chat' : `ci-chat ${className}`} aria-label={strings.conversation}>
      <Connection chat={chat} strings={strings} />
      <div
        className="ci-scroll"
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="group"
        aria-label={strings.conversation}
      >
        {messages.length === 0 ? <p className="ci-welcome">{strings.welcome}</p> : null}
        <MessageList
          messages={messages}
          announce={loaded && !(phase === 'live' && catchingUp)}
          strings={strings}
          client={client}
        />
        <Happening chat={chat} strings={strings} />
      </div>
      <Suggestions chat={chat} strings={strings} />
      <div role="alert" className="ci-error">
        {error}
      </div>
      <Composer
        strings={strings}
        client={client}
        accept={accept}
        onSend={(text, files) => chat.sendMessage(text, files) !== null}
      />
    </section>
  );
};

/** A whole chat: `<ChatInterface />` with the page's own server, or with `url` as in `useWebSocket`. */
export const ChatInterface = ({ url, options, ...look }: ChatInterfaceProps): ReactElement => (
  <ChatView chat={useWebSocket(url, options)} {...look} />
);

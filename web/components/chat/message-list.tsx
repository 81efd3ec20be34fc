'use client';

import { memo, useEffect, useLayoutEffect, useRef, useState, type MouseEvent, type ReactElement } from 'react';
import type { ChatMessage, CitizenClient, Snapshot } from '@citizen-interface/client';
import type { ChatWords } from './words';

/** So many messages are in the page at first, and so many more come with each "Show earlier messages". */
const PAGE = 100;

type Words = ChatWords['chat'];
interface FateProps {
  readonly message: ChatMessage;
  readonly words: Words;
  readonly client: CitizenClient;
}
interface BubbleProps extends FateProps {
  /** To where files can be taken back; undefined once the complaint is filed. */
  readonly onFiles: (() => void) | undefined;
  /** Its closed question is still open. */
  readonly isAsking: boolean;
  readonly onAnswer: (text: string) => void;
}

/**
 * What is pressed in a message goes at once: the focus stays at the message, or at the one before when that goes too. Not in
 * the box: on a phone the keyboard would open over what is said next.
 */
const keepFocus = ({ target }: MouseEvent): void => {
  const pressed = target as HTMLElement;
  const own = pressed.closest('.msg');
  const next = pressed.matches('.fate .link:last-child') ? own?.previousElementSibling : own;
  ((next ?? document.getElementById('chat-heading')) as HTMLElement | null)?.focus({ preventScroll: true });
};

/** Hours and minutes, as the clock of this phone has them. */
const timeOf = (at: string): string => (at === '' ? '' : new Date(at).toTimeString().slice(0, 5));

/** What became of a message, in a word; and what to do when it failed. */
const Fate = ({ message, words, client }: FateProps): ReactElement => {
  const { id, state, error, progress } = message;
  return (
    <p className={`fate fate-${state}`}>
      <span>{words[state]}</span>
      {state === 'waiting' && progress !== undefined ? <progress value={progress} max={1} /> : null}
      {state === 'failed' ? (
        <>
          {error === undefined ? null : <span>: {error.message}</span>}{' '}
          {error?.code === 'upload_interrupted' ? null : (
            <button type="button" className="link" onClick={() => client.retry(id)}>
              {words.again}
            </button>
          )}{' '}
          <button type="button" className="link" onClick={() => client.discard(id)}>
            {words.remove}
          </button>
        </>
      ) : null}
    </p>
  );
};

/**
 * Answers to a closed question; what is tapped is sent as a message. They stand with their question: under what the office says
 * after it, a yes would seem to mean that.
 */
const QuickReplies = ({
  message,
  words,
  onAnswer,
}: Omit<BubbleProps, 'client' | 'isAsking' | 'onFiles'>): ReactElement | null =>
  message.quickReplies.length === 0 ? null : (
    <ul className="quick" aria-label={words.answers}>
      {message.quickReplies.map(({ label, send }) => (
        <li key={send}>
          <button type="button" className="button quiet" onClick={() => onAnswer(send)}>
            {label}
          </button>
        </li>
      ))}
    </ul>
  );

/** The question that waits for a tap: until the citizen has said something that is on its way, whatever else comes in. */
const askingIn = (messages: readonly ChatMessage[]): string | undefined => {
  const speaks = ({ role, state }: ChatMessage): boolean =>
    role === 'agent' || (role === 'citizen' && state !== 'failed');
  const last = messages.filter(speaks).at(-1);
  return last?.role === 'agent' ? last.id : undefined;
};

/** One message. Everything in it is text: what people and models write is never taken for markup. */
const Bubble = memo(({ message, words, client, isAsking, onAnswer, onFiles }: BubbleProps): ReactElement => {
  const { role, text, at, media } = message;
  const isOwn = role === 'citizen';
  const names = media.flatMap(({ name }) => name ?? []);
  return (
    <li className={`msg msg-${role}`} tabIndex={-1}>
      <p className="who">
        {isOwn ? words.you : words[role]} <time dateTime={at}>{timeOf(at)}</time>
      </p>
      {text === '' ? null : <p className="text">{text}</p>}
      {names.length === 0 ? null : (
        <p className="sent-files">
          {words.sentFiles} {names.join(', ')}{' '}
          {isOwn && onFiles ? (
            <button type="button" className="link" onClick={onFiles}>
              {words.takeBack}
            </button>
          ) : null}
        </p>
      )}
      {isOwn ? <Fate message={message} words={words} client={client} /> : null}
      {isAsking ? <QuickReplies message={message} words={words} onAnswer={onAnswer} /> : null}
    </li>
  );
});
Bubble.displayName = 'Bubble';

/** Which messages are in the page, and the way to earlier ones; the view stays where it is when they come in above it. */
const useWindow = ({ messages, earlier, phase, catchingUp }: Snapshot, client: CitizenClient) => {
  const [hidden, setHidden] = useState<number | null>(null);
  const [isLoading, setLoading] = useState(false);
  const [isQuiet, setQuiet] = useState(true);
  const fromEnd = useRef<number | null>(null);
  const isLoaded = phase === 'live' && !catchingUp;
  useEffect(() => {
    if (isLoaded) setHidden((now) => now ?? Math.max(0, messages.length - PAGE));
  }, [isLoaded, messages.length]);
  // Not read out: what was said before the page was opened, and what is put in above.
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(!isLoaded || isLoading), 100);
    return () => clearTimeout(timer);
  }, [isLoaded, isLoading]);
  useLayoutEffect(() => {
    if (fromEnd.current !== null) scrollTo(0, document.documentElement.scrollHeight - fromEnd.current);
    fromEnd.current = null;
  }, [hidden, isLoading]);

  const start = hidden ?? Math.max(0, messages.length - PAGE);
  const more = async (): Promise<void> => {
    setQuiet(true);
    setLoading(true);
    try {
      if (start === 0 && earlier !== null) await client.history(earlier, PAGE);
    } catch {
      // The button is still there.
    }
    fromEnd.current = document.documentElement.scrollHeight - scrollY;
    setHidden(Math.max(0, start - PAGE));
    setLoading(false);
  };
  const canMore = hidden !== null && (start > 0 || earlier !== null);
  return { shown: messages.slice(start), canMore, isLoading, isQuiet, more };
};

interface ListProps {
  readonly snapshot: Snapshot;
  readonly client: CitizenClient;
  readonly words: Words;
  readonly onAnswer: (text: string) => void;
  readonly onFiles: BubbleProps['onFiles'];
}

/** The transcript. A screen reader is told each finished message once. */
export const MessageList = ({ snapshot, client, words, onAnswer, onFiles }: ListProps): ReactElement => {
  const { shown, canMore, isLoading, isQuiet, more } = useWindow(snapshot, client);
  const asking = askingIn(snapshot.messages);
  return (
    <>
      {canMore ? (
        <button type="button" className="link earlier" disabled={isLoading} onClick={() => void more()}>
          {isLoading ? words.earlierLoading : words.earlier}
        </button>
      ) : null}
      <div role="log" aria-label={words.log} aria-live={isQuiet ? 'off' : 'polite'} aria-relevant="additions">
        <ol className="messages" onClickCapture={keepFocus}>
          {shown.map((message) => (
            <Bubble
              key={message.id}
              {...{ message, words, client, onAnswer, onFiles }}
              isAsking={message.id === asking}
            />
          ))}
        </ol>
      </div>
    </>
  );
};

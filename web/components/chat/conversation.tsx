'use client';

import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import { useFileTray } from '../../hooks/use-file-tray';
import { useNewsInTitle } from '../../hooks/use-news';
import { useView, type View } from '../../hooks/use-view';
import { useWebSocket } from '../../hooks/useWebSocket';
import type { Language } from '../../lib/words';
import { patiently } from '../../lib/patiently';
import { forgetTab, keepInTab, LANGUAGE_KEY, tabStorage } from '../../lib/tab';
import { emptyTray } from '../../lib/tray';
import { ChatView } from './chat-view';
import { Later } from './later';
import type { ChatWords } from './words';

const TrayWork = lazy(() => patiently(() => import('./tray-work')));

interface ConversationProps {
  readonly language: Language;
  readonly words: ChatWords;
  readonly trackHref: string;
}

type Chat = ReturnType<typeof useWebSocket>;

/** Who changes the page's language in the middle of a conversation wants the helper to speak it too. */
const useSpoken = ({ snapshot, client }: Chat, language: Language, words: string): void => {
  const { phase, messages } = snapshot;
  const isBegun = messages.length > 0;
  useEffect(() => {
    if (phase !== 'live') return;
    const spoken = tabStorage.getItem(LANGUAGE_KEY);
    keepInTab(LANGUAGE_KEY, language);
    if (isBegun && spoken !== null && spoken !== language) client.send(words);
  }, [phase, isBegun, language, words, client]);
};

/** A complaint that was filed while this page looked on: show its number, once. */
const useFiledNow = ({ snapshot }: Chat, show: () => void): void => {
  const { phase, conversation, catchingUp } = snapshot;
  const filed = conversation.state === 'completed' ? conversation.trackingNumber : null;
  const [before, setBefore] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    if (phase !== 'live' || catchingUp || before === filed) return;
    setBefore(filed);
    if (before !== undefined && filed !== null) show();
  }, [phase, catchingUp, filed, before, show]);
};

/** The views, and where the focus goes when the conversation is shown again: it would be lost with the view that has gone. */
const useViews = () => {
  const { view, show } = useView();
  const focus = useRef<string | null>(null);
  useEffect(() => {
    if (view !== '' || focus.current === null) return;
    document.getElementById(focus.current)?.focus({ preventScroll: true });
    focus.current = null;
  }, [view]);
  const go = useCallback(
    (next: View, id = 'chat-heading') => {
      focus.current = next === '' ? id : null;
      show(next);
    },
    [show],
  );
  return { view, show: go };
};

/** The chat was removed in another tab (`small/small.ts`): this one has forgotten what it kept, and shows it no longer. */
const useForgotten = (forget: () => void): void =>
  useEffect(() => {
    addEventListener('forgotten', forget);
    return () => removeEventListener('forgotten', forget);
  });

/** What had the focus has gone with the chat; a function that stays the same, so that it is called once. */
const takeFocus = (box: HTMLElement | null): void => box?.focus();

const Removed = ({ words }: { readonly words: ChatWords }): ReactElement => (
  <div ref={takeFocus} className="notice" role="status" tabIndex={-1}>
    <p>{words.chat.forgotten}</p>
    <p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {words.chat.newChat}
      </button>
    </p>
  </div>
);

/** The conversation of this tab: messages, or the check of the answers (`check`), or the number (`filed`). */
export const Conversation = ({ language, words, trackHref }: ConversationProps): ReactElement => {
  const chat = useWebSocket(undefined, {
    earlier: 'asked',
    sessionBody: { language },
    environment: { storage: tabStorage },
  });
  const { client, isConnected } = chat;
  const files = useFileTray(client);
  const { view, show } = useViews();
  const [isRemoved, setRemoved] = useState(false);
  useNewsInTitle(chat.snapshot.messages);
  useSpoken(chat, language, words.chat.speak);
  useFiledNow(chat, () => show('filed'));

  const forget = (): void => {
    forgetTab(chat.sessionId);
    client.end();
    files.put(emptyTray);
    show('');
    setRemoved(true);
  };
  useForgotten(forget);
  if (isRemoved) return <Removed words={words} />;
  return (
    <>
      {files.isUsed ? (
        <Suspense>
          <TrayWork {...{ client, isConnected, files }} />
        </Suspense>
      ) : null}
      {view === 'check' || view === 'filed' ? (
        <Later {...{ view, chat, words, files, language, show, trackHref }} onForget={forget} />
      ) : (
        <ChatView {...{ chat, words, files, show }} isAsking={view === 'ask'} onForget={forget} />
      )}
    </>
  );
};

'use client';

import { useCallback, useEffect, type ReactElement } from 'react';
import { useStickToEnd } from '../../hooks/use-stick-to-end';
import type { FileTray } from '../../hooks/use-file-tray';
import type { useWebSocket } from '../../hooks/useWebSocket';
import type { View } from '../../hooks/use-view';
import { Groups } from '../groups';
import { Composer } from './composer';
import { ConnectionLine } from './connection-line';
import { Forget } from './forget';
import { MessageList } from './message-list';
import type { ChatWords } from './words';

interface ChatViewProps {
  readonly chat: ReturnType<typeof useWebSocket>;
  readonly words: ChatWords;
  readonly files: FileTray;
  /** The citizen came to ask, not to file. */
  readonly isAsking: boolean;
  readonly show: (view: View) => void;
  readonly onForget: () => void;
}

type PartProps = Pick<ChatViewProps, 'chat' | 'words'>;

/** What is happening just now: shown as it grows, never read out. The finished message is. */
const Happening = ({ chat, words }: PartProps): ReactElement | null => {
  const { streaming, typing, client, isConnected } = chat;
  if (streaming === null)
    return typing ? (
      <p className="typing" aria-hidden="true">
        {words.chat.typing}
      </p>
    ) : null;
  return (
    <div className="msg msg-agent streaming">
      <div aria-hidden="true">
        <p className="who">{words.chat.typing}</p>
        <p className="text">{streaming.text}</p>
      </div>
      <button type="button" className="link" hidden={!isConnected} onClick={() => client.cancel(streaming.replyId)}>
        {words.chat.stop}
      </button>
    </div>
  );
};

/** Where the way goes on: to the check of the answers, or to the number. */
const NextStep = ({ chat, words, show }: PartProps & Pick<ChatViewProps, 'show'>): ReactElement | null => {
  const { state, trackingNumber } = chat.conversation;
  if (state === 'submission')
    return (
      <div className="notice next-step">
        <p>{words.chat.checkReady}</p>
        <button type="button" className="button" onClick={() => show('check')}>
          {words.chat.checkGo}
        </button>
      </div>
    );
  if (trackingNumber === null) return null;
  return (
    <div className="notice next-step">
      <p>
        {words.chat.filedReady}{' '}
        <strong className="number-inline">
          <Groups value={trackingNumber} />
        </strong>
      </p>
      <button type="button" className="button" onClick={() => show('filed')}>
        {words.chat.filedGo}
      </button>
    </div>
  );
};

/** The conversation itself. */
export const ChatView = ({ chat, words, files, isAsking, show, onForget }: ChatViewProps): ReactElement => {
  const { snapshot, client, streaming, conversation } = chat;
  const { phase, messages } = snapshot;
  const { end, hasNews, toEnd } = useStickToEnd(
    [messages.length, streaming?.text.length, chat.typing, conversation.state],
    {
      heard: messages.filter(({ role }) => role !== 'citizen').at(-1)?.id,
      own: messages.filter(({ role }) => role === 'citizen').at(-1)?.id,
    },
    files.tray.items.length,
  );
  useEffect(() => {
    if (phase === 'live' && !document.hidden) client.markRead();
  }, [client, phase, messages]);

  const toCheck = useCallback(() => show('check'), [show]);
  const isEmpty = messages.length === 0;
  const isLoading = isEmpty && phase !== 'live' && phase !== 'backoff' && phase !== 'failed';
  return (
    <div className="chat">
      <h1 className="chat-heading" id="chat-heading" tabIndex={-1}>
        {words.chat.heading}
      </h1>
      <div className="msg msg-agent welcome">
        <p className="who">{words.chat.agent}</p>
        <p className="text">{isAsking ? words.chat.welcomeAsk : words.chat.welcome}</p>
      </div>
      {isLoading ? <p className="typing">{words.chat.loading}</p> : null}
      <MessageList
        snapshot={snapshot}
        client={client}
        words={words.chat}
        onAnswer={chat.sendMessage}
        onFiles={conversation.state === 'completed' ? undefined : toCheck}
      />
      <Happening chat={chat} words={words} />
      <NextStep chat={chat} words={words} show={show} />
      <Composer
        client={client}
        words={words}
        files={files}
        rest={end}
        above={
          <>
            {hasNews ? (
              <button type="button" className="button news" onClick={toEnd}>
                {words.chat.news}
              </button>
            ) : null}
            <ConnectionLine chat={chat} words={words.connection} />
          </>
        }
        below={
          <div className="chat-tools">
            <button type="button" className="link" onClick={() => chat.sendMessage(words.chat.personSend)}>
              {words.chat.person}
            </button>
            <Forget words={words.chat} onForget={onForget} />
          </div>
        }
      />
    </div>
  );
};

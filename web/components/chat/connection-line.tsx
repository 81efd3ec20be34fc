'use client';

import { useEffect, useState, type ReactElement } from 'react';
import type { useWebSocket } from '../../hooks/useWebSocket';
import type { ChatWords } from './words';

type Props = { readonly chat: ReturnType<typeof useWebSocket>; readonly words: ChatWords['connection'] };

const wordsFor = ({ chat, words }: Props): string => {
  const { phase, catchingUp, error } = chat.snapshot;
  switch (phase) {
    case 'idle':
      // Before the scripts and the connection are there the page says that the conversation is being opened.
      return '';
    case 'connecting':
    case 'greeting':
      return words.connecting;
    case 'replaying':
      return words.catchingUp;
    case 'live':
      return catchingUp ? words.catchingUp : words.live;
    case 'backoff':
      return words.backoff;
    case 'failed':
      if (error?.code === 'replaced') return words.replaced;
      return error?.code === 'session_closed' ? words.ended : `${words.failed} ${error?.message ?? ''}`;
  }
};

/** What the citizen should know about what was written and is not sent. */
const useWarning = ({ chat: { client }, words }: Props): string | null => {
  const [warning, setWarning] = useState<string | null>(null);
  useEffect(() => {
    const ends = [
      client.on('error', ({ code }) => code === 'storage_unavailable' && setWarning(words.unsaved)),
      client.on('session', ({ reason }) => reason === 'unknown' && setWarning(words.lost)),
    ];
    return () => ends.forEach((end) => end());
  }, [client, words]);
  return warning;
};

/** How the connection is, in words. */
export const ConnectionLine = (props: Props): ReactElement => {
  const { chat, words } = props;
  const { phase, error } = chat.snapshot;
  const warning = useWarning(props);
  const canTry = phase === 'backoff' || (phase === 'failed' && error?.code !== 'session_closed');
  return (
    <div className={`connection connection-${phase}`}>
      <p role="status">{wordsFor(props)}</p>
      {canTry ? (
        <button type="button" className="link" onClick={() => chat.retry()}>
          {error?.code === 'replaced' ? words.here : words.now}
        </button>
      ) : null}
      {warning === null ? null : <p role="alert">{warning}</p>}
    </div>
  );
};

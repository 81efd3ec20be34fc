'use client';

import type { ReactElement } from 'react';
import type { CitizenClient } from '../index.js';
import type { ChatStrings } from './strings.js';
import type { HookMessage } from './use-websocket.js';

interface MessageProps {
  readonly message: HookMessage;
  readonly strings: ChatStrings;
  readonly client: CitizenClient;
}

/** What became of a citizen's message, in words. */
const Fate = ({ message, strings, client }: MessageProps): ReactElement => {
  const { id, state, error, progress } = message;
  return (
    <p className={`ci-fate ci-fate-${state}`}>
      {strings.states[state]}
      {error === undefined ? null : <>: {error.message}</>}
      {progress === undefined || state !== 'waiting' ? null : (
        <>
          {' '}
          <progress value={progress} max={1} aria-label={strings.uploading(Math.round(progress * 100))} />
        </>
      )}
      {state !== 'failed' ? null : (
        <>
          {' '}
          {error?.code === 'upload_interrupted' ? null : (
            <button type="button" className="ci-link" onClick={() => client.retry(id)}>
              {strings.retry}
            </button>
          )}{' '}
          <button type="button" className="ci-link" onClick={() => client.discard(id)}>
            {strings.remove}
          </button>
        </>
      )}
    </p>
  );
};

const Message = ({ message, strings, client }: MessageProps): ReactElement => {
  const { role, data, at } = message;
  const names = data.media.flatMap(({ name }) => name ?? []);
  return (
    <li className={`ci-message ci-${role}`}>
      <p className="ci-who">
        {strings.roles[role]} <time dateTime={at}>{strings.time(at)}</time>
      </p>
      {/* Text only: what a citizen or a model wrote is never taken for markup. */}
      <p className="ci-text">{data.message}</p>
      {names.length === 0 ? null : <p className="ci-files">{strings.files(names)}</p>}
      {role === 'citizen' ? <Fate message={message} strings={strings} client={client} /> : null}
    </li>
  );
};

/**
 * The transcript. A screen reader is told each message once, when it is complete; replies being written stand outside.
 * @param announce false while the conversation is being loaded, so that it is not read out from the start.
 */
export const MessageList = ({
  messages,
  announce,
  strings,
  client,
}: {
  readonly messages: readonly HookMessage[];
  readonly announce: boolean;
  readonly strings: ChatStrings;
  readonly client: CitizenClient;
}): ReactElement => (
  <div role="log" aria-label={strings.conversation} aria-live={announce ? 'polite' : 'off'} aria-relevant="additions">
    <ol className="ci-messages">
      {messages.map((message) => (
        <Message key={message.id} message={message} strings={strings} client={client} />
      ))}
    </ol>
  </div>
);

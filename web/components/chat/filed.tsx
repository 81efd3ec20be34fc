'use client';

import { useEffect, useRef, useState, type ReactElement } from 'react';
import { fill } from '../../lib/fill';
import { accessKeyIn } from '../../lib/tracking-number';
import { Groups } from '../groups';
import { Forget } from './forget';
import type { SubPageProps } from './later';
import type { ChatWords } from './words';

type Words = ChatWords['filed'];

const useKeep = (number: string, key: string | null, words: Words) => {
  const [told, setTold] = useState('');
  const text = fill(words.fileText, { number, key: key === null ? '' : fill(words.fileKey, { key }) });
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setTold(words.copied),
      () => setTold(words.copyFailed),
    );
  };
  const download = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = words.fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  return { told, setTold, copy: typeof navigator.clipboard === 'object' ? copy : null, download };
};

const Ticket = ({
  number,
  accessKey,
  words,
}: {
  readonly number: string;
  readonly accessKey: string | null;
  readonly words: Words;
}): ReactElement => {
  const { told, setTold, copy, download } = useKeep(number, accessKey, words);
  return (
    <>
      <div className="ticket">
        <h2>{words.number}</h2>
        <Groups value={number} />
        {accessKey === null ? (
          <p className="hint">{words.keyGone}</p>
        ) : (
          <>
            <h2>{words.key}</h2>
            <Groups value={accessKey} />
            <p>{words.keyText}</p>
          </>
        )}
      </div>
      <p className="row no-print">
        {copy === null ? null : (
          <button type="button" className="button quiet" onClick={copy}>
            {words.copy}
          </button>
        )}
        <button type="button" className="button quiet" onClick={() => print()}>
          {words.print}
        </button>
        <button type="button" className="button quiet" onClick={download}>
          {words.download}
        </button>
        <button type="button" className="button" onClick={() => setTold(words.savedDone)}>
          {words.saved}
        </button>
      </p>
      <p role="status" className="no-print">
        {told}
      </p>
    </>
  );
};

/** The confirmation: number and key to keep, and what happens next. It can be reached again as long as the session lives. */
export default function Filed({ chat, words: all, show, trackHref, onForget }: SubPageProps): ReactElement {
  const words = all.filed;
  const { messages, phase, catchingUp } = chat.snapshot;
  const { trackingNumber } = chat.conversation;
  const heading = useRef<HTMLHeadingElement>(null);
  const isFiled = trackingNumber !== null;
  useEffect(() => heading.current?.focus(), [isFiled]);
  const back = (
    <button type="button" className="link no-print" onClick={() => show('')}>
      {words.back}
    </button>
  );
  if (!isFiled) {
    const isKnown = phase === 'live' && !catchingUp;
    const text = isKnown ? words.none : phase === 'backoff' ? all.connection.backoff : words.loading;
    return (
      <>
        <p role="status">{text}</p>
        <p>{back}</p>
      </>
    );
  }
  const keys = messages.flatMap(({ role, text }) => (role === 'agent' ? (accessKeyIn(text) ?? []) : []));
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {words.heading}
      </h1>
      <p className="lead">{words.lead}</p>
      <Ticket number={trackingNumber} accessKey={keys.at(-1) ?? null} words={words} />
      <h2>{words.nextHeading}</h2>
      <ol className="steps">
        {words.next.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>{words.promise}</p>
      <p className="row">
        {back}
        <a className="no-print" href={trackHref}>
          {words.track}
        </a>
      </p>
      <div className="no-print">
        <Forget words={all.chat} onForget={onForget} />
      </div>
    </>
  );
}

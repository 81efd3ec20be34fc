'use client';

import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useAnswers } from '../../hooks/use-answers';
import type { Answers } from '../../lib/answers';
import { begunRewrite, dropRewrite } from '../../lib/rewrite';
import { GivenFiles, Unsent, useTakeBack, type Say } from './check-files';
import { rowsOf, Summary, type Part } from './check-rows';
import type { SubPageProps } from './later';
import { MAX_CHARS, Rewrite } from './rewrite';
import type { ChatWords } from './words';

/** What the helper understands as the wish to change a part, in every language. */
const changes: Readonly<Record<Part, string>> = {
  description: 'change the description',
  evidence: 'change the files',
  kind: 'change the kind of problem',
  office: 'change the office',
  identity: 'change my name',
};

/** "File" was pressed: until the office has filed it (the conversation says so) or has said something else. */
const useFiling = ({ chat, show }: SubPageProps, heard: number) => {
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const { state, trackingNumber } = chat.conversation;
  useEffect(() => {
    if (state !== 'completed' || trackingNumber === null) return;
    dropRewrite();
    show('filed');
  }, [state, trackingNumber, show]);
  const isFiling = heardAt !== null && heardAt === heard;
  return { isFiling, file: (words: string) => chat.sendMessage(words) !== null && setHeardAt(heard) };
};

/**
 * New words for what happened: the wish and the words go as two messages, one behind the other. Until the answers to both are
 * here, nothing can be filed.
 */
const useRewriting = ({ chat }: SubPageProps, heard: number) => {
  const [isWriting, setWriting] = useState(false);
  const [sentAt, setSentAt] = useState<number | null>(null);
  const use = (text: string): boolean => {
    if (chat.sendMessage(changes.description) === null || chat.sendMessage(text) === null) return false;
    dropRewrite();
    setSentAt(heard);
    setWriting(false);
    return true;
  };
  return { isWriting, setWriting, use, isSent: sentAt !== null && heard < sentAt + 2 };
};

/** Words that were begun and are not used yet: they are not lost, and not filed. */
const Begun = ({
  answers,
  words,
  onGo,
  say,
}: {
  readonly answers: Answers;
  readonly words: ChatWords['check'];
  readonly onGo: () => void;
  readonly say: Say;
}): ReactElement | null => {
  const [isDropped, setDropped] = useState(false);
  if (isDropped || begunRewrite(answers.description ?? '') === null) return null;
  const drop = (): void => {
    dropRewrite();
    setDropped(true);
    say(words.begunDropped);
  };
  return (
    <div className="notice">
      <p>{words.begun}</p>
      <p className="row">
        <button type="button" className="button quiet" onClick={onGo}>
          {words.begunGo}
        </button>
        <button type="button" className="link" onClick={drop}>
          {words.begunDrop}
        </button>
      </p>
    </div>
  );
};

/** Check answers: everything that would be filed, each with *Change*. Filing is a step of its own. */
export default function Check(props: SubPageProps): ReactElement {
  const { chat, words: all, files, language, show } = props;
  const words = all.check;
  const heard = chat.snapshot.messages.filter(({ role }) => role !== 'citizen').length;
  const { answers, hasFailed, again } = useAnswers(chat.isConnected ? chat.sessionId : null, heard);
  const { isFiling, file } = useFiling(props, heard);
  const { isWriting, setWriting, use, isSent } = useRewriting(props, heard);
  const { takeBack, told, status, say } = useTakeBack(chat.sessionId, words, again);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isWriting) heading.current?.focus();
  }, [isWriting]);

  const old = answers?.description ?? '';
  const onChange = (part: Part): void => {
    // A longer story was told in several messages, and goes into none.
    if (part === 'description' && old.length <= MAX_CHARS) {
      setWriting(true);
      return;
    }
    chat.sendMessage(changes[part]);
    show('', 'message');
  };
  if (isWriting)
    return <Rewrite old={old} words={words} full={all.chat.outboxFull} onUse={use} onKeep={() => setWriting(false)} />;
  const offline = chat.isConnected ? null : all.connection.backoff;
  const going = isFiling ? words.filing : isSent ? words.rewriteSent : null;
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {words.heading}
      </h1>
      <p className="lead">{words.lead}</p>
      {hasFailed ? (
        <p role="alert" className="problem">
          {words.failed}{' '}
          <button type="button" className="link" onClick={again}>
            {words.again}
          </button>
        </p>
      ) : null}
      {answers === null ? (
        hasFailed ? null : (
          <p role="status">{chat.status === 'backoff' ? all.connection.backoff : words.loading}</p>
        )
      ) : (
        <>
          <Summary
            rows={rowsOf(
              answers,
              words,
              language,
              <GivenFiles files={answers.files} words={words} onTakeBack={takeBack} />,
            )}
            words={words}
            onChange={onChange}
          />
          <p role="status" tabIndex={-1} ref={status}>
            {told}
          </p>
          <Unsent files={files} words={all} say={say} />
          <Begun answers={answers} words={words} onGo={() => setWriting(true)} say={say} />
          {answers.ready || going !== null ? null : <p className="notice">{words.notReady}</p>}
          <p role="status">{going === null ? '' : (offline ?? going)}</p>
          {going === null ? (
            <button type="button" className="button" onClick={() => file(answers.ready ? 'yes' : 'submit')}>
              {answers.ready ? words.file : words.prepare}
            </button>
          ) : null}
        </>
      )}
      <p>
        <button type="button" className="link" onClick={() => show('')}>
          {words.back}
        </button>
      </p>
    </>
  );
}

'use client';

import { useEffect, useRef, useState, type ReactElement, type SyntheticEvent } from 'react';
import type { Language, Words } from '../../lib/words';
import { dayOf } from '../../lib/day';
import { fill } from '../../lib/fill';
import { sendAnswer, type Tracked, type TrackProblem } from '../../lib/track';
import { Groups } from '../groups';
import { Own, type AnswerWords } from './own-part';

interface CaseProps {
  readonly words: Words['track'];
  readonly answerWords: AnswerWords;
  readonly language: Language;
  readonly found: Tracked;
  /** Empty: only the number was given. */
  readonly accessKey: string;
  readonly problem: TrackProblem | null;
  readonly isLooking: boolean;
  readonly onKey: (key: string) => void;
  readonly onRefresh: () => void;
  readonly onLeave: () => void;
}

/**
 * What comes next. When it is up to the citizen, the server's words name all ways to answer; here it is the one on this page.
 */
const nextOf = ({ citizenMustAct, question, nextStep, transcript }: Tracked, words: CaseProps['words']): string => {
  if (!citizenMustAct) return nextStep;
  if (question) return words.nextAnswer;
  return transcript === undefined ? words.mustActKey : nextStep;
};

const Status = ({ found, words }: Pick<CaseProps, 'found' | 'words'>): ReactElement => (
  <>
    <div className="ticket">
      <h2>{words.status}</h2>
      <p className="standing">{found.words.replace(/\d{4}-\d\d-\d\d/g, dayOf)}</p>
    </div>
    <dl className="facts">
      <div>
        <dt>{words.lastChange}</dt>
        <dd>{dayOf(found.lastChange)}</dd>
      </div>
      <div>
        <dt>{words.next}</dt>
        <dd>{nextOf(found, words)}</dd>
      </div>
      {found.nextStepDue === null ? null : (
        <div>
          <dt>{words.due}</dt>
          <dd>{dayOf(found.nextStepDue)}</dd>
        </div>
      )}
    </dl>
  </>
);

const KeyForm = ({ words, problem, isLooking, onKey }: CaseProps): ReactElement => {
  const [key, setKey] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onKey(key);
  };
  return (
    <form onSubmit={submit} className="section">
      <h2>{words.withKey}</h2>
      <div className="field">
        <label htmlFor="key">{words.key}</label>
        <p className="hint" id="key-hint">
          {words.keyHint}
        </p>
        <p role="alert" className="problem">
          {problem === null ? '' : words[problem]}
        </p>
        <input
          id="key"
          value={key}
          aria-describedby="key-hint"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          onChange={({ target }) => setKey(target.value)}
        />
      </div>
      <button type="submit" className="button">
        {isLooking ? words.looking : words.withKey}
      </button>
    </form>
  );
};

/** The office's question and the box to answer it. What was written stays until the office has it. */
const Question = ({
  found,
  words,
  accessKey,
  onAnswered,
}: CaseProps & { readonly onAnswered: () => void }): ReactElement => {
  const [text, setText] = useState('');
  const [told, setTold] = useState('');
  const [isSending, setSending] = useState(false);
  // One id for this answer, however often it must be sent.
  const id = useRef(crypto.getRandomValues(new Uint32Array(4)).join('-'));
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '') {
      setTold(words.answerEmpty);
      return;
    }
    setSending(true);
    const result = await sendAnswer(found.trackingNumber, accessKey, { text, id: id.current });
    setSending(false);
    if (result.ok) onAnswered();
    else setTold(fill(words.answerFailed, { reason: result.reason ?? words.failed }));
  };
  return (
    <form className="section" onSubmit={(event) => void submit(event)}>
      <h2>{words.answerHeading}</h2>
      <p className="text msg msg-officer">{found.question}</p>
      <label htmlFor="answer">{words.answer}</label>
      <textarea id="answer" rows={4} value={text} onChange={({ target }) => setText(target.value)} />
      <p role="status">{told}</p>
      <button type="submit" className="button" aria-disabled={isSending}>
        {isSending ? words.answerSending : words.answerSend}
      </button>
    </form>
  );
};

/** How a case stands; for whoever holds the key also what was said, and the office's questions. */
export const CaseView = (props: CaseProps): ReactElement => {
  const { words, found, accessKey, onRefresh, onLeave } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const isOwner = found.transcript !== undefined;
  const [isAnswered, setAnswered] = useState(false);
  const thanks = useRef<HTMLParagraphElement>(null);
  const onAnswered = (): void => {
    setAnswered(true);
    onRefresh();
  };
  useEffect(() => heading.current?.focus(), [isOwner]);
  // The box goes with its answer, and the focus must not go with it.
  useEffect(() => {
    if (isAnswered) thanks.current?.focus();
  }, [isAnswered]);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {isOwner ? words.case : words.status}{' '}
        <span className="number-inline">
          <Groups value={found.trackingNumber} />
        </span>
      </h1>
      {found.citizenMustAct ? (
        <p className="notice">
          <strong>{words.mustAct}</strong> {isOwner ? '' : words.mustActKey}
        </p>
      ) : null}
      <p role="status" ref={thanks} tabIndex={-1}>
        {isAnswered ? words.answered : ''}
      </p>
      {found.question ? <Question {...props} onAnswered={onAnswered} /> : null}
      <Status found={found} words={words} />
      {isOwner && accessKey !== '' ? <Own {...props} /> : <KeyForm {...props} />}
      <p>
        <button type="button" className="link" onClick={onLeave}>
          {words.another}
        </button>
      </p>
    </>
  );
};

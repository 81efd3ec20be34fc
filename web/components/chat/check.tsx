'use client';

import { useCallback, useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { fetchAnswers, type Answers } from '../../lib/answers';
import { fill } from '../../lib/fill';
import { DRAFT_KEY, keepInTab, tabStorage } from '../../lib/tab';
import type { Language } from '../../lib/words';
import type { SubPageProps } from './later';
import type { ChatWords } from './words';

type Words = ChatWords['check'];
type Part = 'description' | 'evidence' | 'classification' | 'identity';

/** What the helper understands as the wish to change a part, in every language. */
const changes: Readonly<Record<Part, string>> = {
  description: 'change the description',
  evidence: 'change the files',
  classification: 'change the category',
  identity: 'change my name',
};

/** A longer one was told in several messages, and goes into none. */
const MAX_CHARS = 8_000;

interface Row {
  readonly name: string;
  readonly value: ReactNode;
  /** Null: it can be changed by telling the helper only. */
  readonly part: Part | null;
}

const identityOf = (identity: Answers['identity'], words: Words): string => {
  if (identity === null) return words.identityOpen;
  if (identity.mode === 'anonymous') return `${words.anonymous}. ${words.anonymousNote}`;
  return [words[identity.mode], ...identity.contact].join(', ');
};

/** Who is told the name: what a frightened citizen looks for before filing, said whatever was chosen. */
const toldOf = (identity: Answers['identity'], words: Words): string => {
  if (identity === null) return words.toldOpen;
  if (identity.mode === 'anonymous') return words.toldNobody;
  return identity.mode === 'named' && identity.shareNameWithInstitution ? words.toldBoth : words.toldOffice;
};

const detailRows = (answers: Answers, words: Words): readonly Row[] =>
  [
    { name: words.when, value: answers.happenedWhen },
    { name: words.where, value: answers.happenedWhere },
    { name: words.tried, value: answers.triedBefore },
    { name: words.remedy, value: answers.remedyWanted },
    { name: words.court, value: answers.beforeCourt === 'yes' ? words.courtYes : null },
  ].flatMap(({ name, value }) => (value === null ? [] : [{ name, value, part: null }]));

const rowsOf = (answers: Answers, words: Words, language: Language): readonly Row[] => {
  const { description, files, category, institution, institutionWords, identity } = answers;
  const names = files.map(({ name }) => name).join(', ');
  return [
    {
      name: words.description,
      value: description ?? (files.length > 0 ? words.voice : words.empty),
      part: 'description',
    },
    ...detailRows(answers, words),
    { name: words.files, value: names || words.noFiles, part: 'evidence' },
    { name: words.category, value: category?.[language] ?? words.open, part: 'classification' },
    {
      name: words.institution,
      value: institution?.[language] ?? institutionWords ?? words.open,
      part: 'classification',
    },
    { name: words.identity, value: identityOf(identity, words), part: 'identity' },
    { name: words.told, value: toldOf(identity, words), part: 'identity' },
  ];
};

/** The answers, asked for again whenever the office has said something new. */
const useAnswers = (sessionId: string | null, heard: number) => {
  const [answers, setAnswers] = useState<Answers | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (sessionId === null) return;
    let isCurrent = true;
    fetchAnswers(sessionId).then(
      (given) => {
        if (!isCurrent) return;
        setAnswers(given);
        setFailed(false);
      },
      () => {
        if (isCurrent) setFailed(true);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [sessionId, heard, tries]);
  return { answers, hasFailed, again: useCallback(() => setTries((count) => count + 1), []) };
};

/** "File" was pressed: until the office has filed it (the conversation says so) or has said something else. */
const useFiling = ({ chat, show }: SubPageProps, heard: number) => {
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const { state, trackingNumber } = chat.conversation;
  useEffect(() => {
    if (state === 'completed' && trackingNumber !== null) show('filed');
  }, [state, trackingNumber, show]);
  const isFiling = heardAt !== null && heardAt === heard;
  return { isFiling, file: (words: string) => chat.sendMessage(words) !== null && setHeardAt(heard) };
};

const Summary = ({
  rows,
  words,
  onChange,
}: {
  readonly rows: readonly Row[];
  readonly words: Words;
  readonly onChange: (part: Part) => void;
}): ReactElement => (
  <dl className="summary">
    {rows.map(({ name, value, part }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd className="text">{value}</dd>
        <dd className="summary-change">
          {part === null ? null : (
            <button
              type="button"
              className="link"
              aria-label={fill(words.changeOf, { what: name })}
              onClick={() => onChange(part)}
            >
              {words.change}
            </button>
          )}
        </dd>
      </div>
    ))}
  </dl>
);

/** Check answers: everything that would be filed, each with *Change*. Filing is a step of its own. */
export default function Check(props: SubPageProps): ReactElement {
  const { chat, words: all, language, show } = props;
  const words = all.check;
  const heard = chat.snapshot.messages.filter(({ role }) => role !== 'citizen').length;
  const { answers, hasFailed, again } = useAnswers(chat.isConnected ? chat.sessionId : null, heard);
  const { isFiling, file } = useFiling(props, heard);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  const onChange = (part: Part): void => {
    chat.sendMessage(changes[part]);
    // Nobody has to write a long story again for one word in it; what is being written already is not touched.
    const description = answers?.description ?? '';
    if (part === 'description' && description.length <= MAX_CHARS && !tabStorage.getItem(DRAFT_KEY))
      keepInTab(DRAFT_KEY, description);
    show('', 'message');
  };
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
          <Summary rows={rowsOf(answers, words, language)} words={words} onChange={onChange} />
          {answers.ready ? null : <p className="notice">{words.notReady}</p>}
          <p role="status">{isFiling ? (chat.isConnected ? words.filing : all.connection.backoff) : ''}</p>
          {isFiling ? null : (
            <button type="button" className="button" onClick={() => file(answers.ready ? 'yes' : 'submit')}>
              {answers.ready ? words.file : words.prepare}
            </button>
          )}
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

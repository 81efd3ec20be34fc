import type { ReactElement } from 'react';
import { dayOf } from '../../lib/day';
import type { Filed, Tracked } from '../../lib/track';
import type { Language, Words } from '../../lib/words';

export type AnswerWords = Words['check'];

interface OwnProps {
  readonly found: Tracked;
  readonly words: Words['track'];
  readonly answerWords: AnswerWords;
  readonly language: Language;
}

const rowsOf = (filed: Filed, words: AnswerWords, language: Language) =>
  [
    [words.description, filed.description ?? words.voice],
    [words.when, filed.happenedWhen],
    [words.where, filed.happenedWhere],
    [words.tried, filed.triedBefore],
    [words.remedy, filed.remedyWanted],
    [words.court, filed.beforeCourt === 'yes' ? words.courtYes : null],
    [words.category, filed.category?.[language] ?? words.open],
    [words.institution, filed.institution?.[language] ?? filed.institutionWords ?? words.open],
    [words.identity, filed.identity === null ? null : words[filed.identity]],
  ] as const;

const AsFiled = ({
  filed,
  words,
  language,
}: Pick<OwnProps, 'language'> & { readonly filed: Filed; readonly words: AnswerWords }): ReactElement => (
  <dl className="facts">
    {rowsOf(filed, words, language).map(([name, value]) =>
      value === null ? null : (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="text">{value}</dd>
        </div>
      ),
    )}
  </dl>
);

/** What the holder of the key sees: the complaint as it was filed, its files, and what was said. */
export const Own = ({ found, words, answerWords, language }: OwnProps): ReactElement => {
  const who = { citizen: words.you, agent: words.agent, officer: words.office, system: words.note };
  const { transcript = [], evidence = [], complete = true, filed } = found;
  return (
    <>
      {filed ? (
        <section className="section">
          <h2>{words.asFiled}</h2>
          <AsFiled filed={filed} words={answerWords} language={language} />
        </section>
      ) : null}
      <section className="section">
        <h2>{words.files}</h2>
        {evidence.length === 0 ? <p>{words.noFiles}</p> : null}
        <ul>
          {evidence.map(({ evidenceId, name }) => (
            <li key={evidenceId}>{name}</li>
          ))}
        </ul>
      </section>
      <section className="section">
        <h2>{words.transcript}</h2>
        <ol className="messages">
          {transcript.map(({ role, text, at, listsAnswers }, index) => (
            <li key={index} className={`msg msg-${role}`}>
              <p className="who">
                {who[role]} <time dateTime={at}>{dayOf(at)}</time>
              </p>
              {listsAnswers && filed ? (
                // What was filed stands above: what the answers were on the way there is for those who ask.
                <details>
                  <summary>{words.answersShown}</summary>
                  <p className="text">{text}</p>
                </details>
              ) : (
                <p className="text">{text}</p>
              )}
            </li>
          ))}
        </ol>
        {complete ? null : <p>{words.incomplete}</p>}
      </section>
    </>
  );
};

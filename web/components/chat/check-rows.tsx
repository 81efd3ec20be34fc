import type { ReactElement, ReactNode } from 'react';
import type { Answers } from '../../lib/answers';
import { fill } from '../../lib/fill';
import type { Language } from '../../lib/words';
import type { ChatWords } from './words';

type Words = ChatWords['check'];
export type Part = 'description' | 'evidence' | 'kind' | 'office' | 'identity';

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

/** Everything that would be filed, in order. */
export const rowsOf = (answers: Answers, words: Words, language: Language, given: ReactNode): readonly Row[] => {
  const { description, files, category, institution, institutionWords, identity } = answers;
  return [
    {
      name: words.description,
      value: description ?? (files.length > 0 ? words.voice : words.empty),
      part: 'description',
    },
    ...detailRows(answers, words),
    { name: words.files, value: files.length > 0 ? given : words.noFiles, part: 'evidence' },
    { name: words.category, value: category?.[language] ?? words.open, part: 'kind' },
    {
      name: words.institution,
      value: institution?.[language] ?? institutionWords ?? words.open,
      part: 'office',
    },
    { name: words.identity, value: identityOf(identity, words), part: 'identity' },
    { name: words.told, value: toldOf(identity, words), part: 'identity' },
  ];
};

/** The answers, each with *Change*. */
export const Summary = ({
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

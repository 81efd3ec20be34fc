'use client';

import { useEffect, useRef, useState, type ReactElement, type SyntheticEvent } from 'react';
import type { Language, Words } from '../../lib/words';
import { lookUp, type Tracked, type TrackProblem } from '../../lib/track';
import { parseTrackingNumber } from '../../lib/tracking-number';
import { CaseView } from './case-view';

interface TrackProps {
  readonly language: Language;
  readonly words: Words['track'];
  /** Names of what was filed. */
  readonly answerWords: Words['check'];
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
}

const Field = ({ id, label, hint, value, error, onChange }: FieldProps): ReactElement => (
  <div className={error === null ? 'field' : 'field field-wrong'}>
    <label htmlFor={id}>{label}</label>
    <p className="hint" id={`${id}-hint`}>
      {hint}
    </p>
    {error === null ? null : (
      <p className="problem" id={`${id}-error`}>
        {error}
      </p>
    )}
    <input
      id={id}
      name={id}
      value={value}
      aria-describedby={error === null ? `${id}-hint` : `${id}-hint ${id}-error`}
      aria-invalid={error !== null}
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      onChange={({ target }) => onChange(target.value)}
    />
  </div>
);

/** One for each time that something went wrong: also the same thing once more is told again. */
interface Trouble {
  readonly kind: TrackProblem;
}

/** The problems, with a link to the field; a screen reader is taken there. */
const ProblemSummary = ({
  words,
  problem,
  field,
}: Pick<TrackProps, 'words'> & { readonly problem: Trouble; readonly field: string }): ReactElement => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [problem]);
  return (
    <div ref={box} className="problem-summary" role="alert" tabIndex={-1}>
      {/* No heading: it stands before the first of the page. */}
      <p>
        <strong>{words.problem}</strong>
      </p>
      <p>
        <a href={`#${field}`}>{words[problem.kind]}</a>
      </p>
    </div>
  );
};

interface Found {
  readonly result: Tracked;
  readonly key: string;
}

const useLookUp = (language: Language) => {
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Trouble | null>(null);
  const [isLooking, setLooking] = useState(false);
  const look = async (number: string, key: string): Promise<void> => {
    const parsed = parseTrackingNumber(number);
    if (parsed === null) {
      setProblem({ kind: number.trim() === '' ? 'missing' : 'malformed' });
      return;
    }
    setLooking(true);
    setProblem(null);
    const result = await lookUp(parsed, key.trim(), language);
    setLooking(false);
    if (result.ok) setFound({ result: result.found, key: key.trim() });
    else setProblem({ kind: result.problem });
  };
  const leave = (): void => {
    setFound(null);
    setProblem(null);
  };
  return { found, problem, isLooking, look, leave };
};

/** The form; then how it stands; with the key, the case. */
export const Track = ({ language, words, answerWords }: TrackProps): ReactElement => {
  const [number, setNumber] = useState('');
  const [key, setKey] = useState('');
  const { found, problem, isLooking, look, leave } = useLookUp(language);
  if (found !== null)
    return (
      <CaseView
        {...{ words, answerWords, language, isLooking }}
        problem={problem?.kind ?? null}
        found={found.result}
        accessKey={found.key}
        onKey={(given) => void look(found.result.trackingNumber, given)}
        onRefresh={() => void look(found.result.trackingNumber, found.key)}
        onLeave={() => {
          setKey('');
          leave();
        }}
      />
    );
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void look(number, key);
  };
  const kind = problem?.kind;
  const aboutNumber = kind === 'missing' || kind === 'malformed' || kind === 'unknownNumber' || kind === 'unknown';
  return (
    // Without a script it is sent to the light page, which answers with a page.
    <form onSubmit={submit} method="post" action="/lite/track" noValidate>
      {problem === null ? null : <ProblemSummary words={words} problem={problem} field="trackingNumber" />}
      <h1>{words.heading}</h1>
      <p className="lead">{words.lead}</p>
      <Field
        id="trackingNumber"
        label={words.number}
        hint={words.numberHint}
        value={number}
        error={aboutNumber ? words[kind] : null}
        onChange={setNumber}
      />
      <Field id="accessKey" label={words.keyOptional} hint={words.keyHint} value={key} error={null} onChange={setKey} />
      <button type="submit" className="button" aria-disabled={isLooking}>
        {isLooking ? words.looking : words.look}
      </button>
    </form>
  );
};

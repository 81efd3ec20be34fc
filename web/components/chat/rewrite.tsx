'use client';

import { useEffect, useRef, useState, type ReactElement } from 'react';
import { begunRewrite, keepRewrite } from '../../lib/rewrite';
import type { ChatWords } from './words';

/** As many as one message may have. */
export const MAX_CHARS = 8_000;

interface RewriteProps {
  /** The words that stand in the complaint now. */
  readonly old: string;
  readonly words: ChatWords['check'];
  /** Gives false when they could not be taken. */
  readonly onUse: (text: string) => boolean;
  readonly onKeep: () => void;
  readonly full: string;
}

/** What happened, to be written anew: nobody has to write a long story again for one word in it. */
export const Rewrite = ({ old, words, onUse, onKeep, full }: RewriteProps): ReactElement => {
  const [text, setText] = useState(() => begunRewrite(old) ?? old);
  // What is added in the meantime is not what was begun from.
  const [base] = useState(old);
  const [problem, setProblem] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);

  const use = (): void => {
    const fits = text.trim() !== '' && text.length <= MAX_CHARS;
    if (fits && text.trim() === old.trim()) {
      onKeep();
      return;
    }
    setProblem(fits ? (onUse(text) ? '' : full) : words.rewriteBad);
    box.current?.focus();
  };
  return (
    <form
      className="rewrite"
      onSubmit={(event) => {
        event.preventDefault();
        use();
      }}
    >
      <h1>
        <label htmlFor="rewrite">{words.rewrite}</label>
      </h1>
      <p className="hint" id="rewrite-hint">
        {words.rewriteHint}
      </p>
      <textarea
        ref={box}
        id="rewrite"
        rows={10}
        value={text}
        aria-describedby="rewrite-hint rewrite-problem"
        aria-invalid={problem !== ''}
        onChange={({ target }) => {
          setText(target.value);
          keepRewrite(base, target.value);
        }}
      />
      <p role="alert" className="problem" id="rewrite-problem">
        {problem}
      </p>
      <p className="row">
        <button type="submit" className="button">
          {words.rewriteUse}
        </button>
        <button type="button" className="button quiet" onClick={onKeep}>
          {words.rewriteKeep}
        </button>
      </p>
    </form>
  );
};

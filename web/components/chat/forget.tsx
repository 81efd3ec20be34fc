'use client';

import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { ChatWords } from './words';

/** "Remove this chat from this phone", asked once more before it is done. */
export const Forget = ({
  words,
  onForget,
}: {
  readonly words: ChatWords['chat'];
  readonly onForget: () => void;
}): ReactElement => {
  const [isAsking, setAsking] = useState(false);
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (isAsking) question.current?.focus();
  }, [isAsking]);
  if (!isAsking)
    return (
      <button type="button" className="link" onClick={() => setAsking(true)}>
        {words.forget}
      </button>
    );
  return (
    <div className="notice">
      <p ref={question} tabIndex={-1}>
        {words.forgetAsk}
      </p>
      <p className="row">
        <button type="button" className="button danger" onClick={onForget}>
          {words.forgetYes}
        </button>
        <button type="button" className="button quiet" onClick={() => setAsking(false)}>
          {words.forgetNo}
        </button>
      </p>
    </div>
  );
};

'use client';

import { useCallback, useEffect, useState } from 'react';
import { fetchAnswers, type Answers } from '../lib/answers';

/** The answers, asked for again whenever the office has said something new. */
export const useAnswers = (sessionId: string | null, heard: number) => {
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

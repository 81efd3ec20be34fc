'use client';

import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** How far below the view the end may lie and still count as seen, in pixels. */
const NEAR = 160;
/** Between the head of the page and a long answer, in pixels. */
const GAP = 12;

/** How far to scroll so that the end is seen; of an answer that is taller than the view, its beginning. */
const distance = (end: Element): number => {
  const toEnd = end.getBoundingClientRect().bottom - innerHeight;
  const answer = document.querySelector('.messages > li:last-child:not(.msg-citizen)');
  if (answer === null) return toEnd;
  // The way out stays in view and would hide the beginning.
  const head = document.querySelector('.exit')?.getBoundingClientRect().bottom ?? 0;
  return Math.min(toEnd, answer.getBoundingClientRect().top - head - GAP);
};

export interface EndOfTalk {
  /** For what stands below the conversation, down to the end. */
  readonly end: RefObject<HTMLDivElement | null>;
  /** Something was said below what the reader looks at. */
  readonly hasNews: boolean;
  readonly toEnd: () => void;
}

/** The last messages of both sides, by id. */
interface Last {
  /** Of the office. */
  readonly heard: string | undefined;
  readonly own: string | undefined;
}

/**
 * Keeps the end of the conversation in view when something is added, unless the reader has scrolled up: then it is told. What
 * the reader has just written is always shown.
 * @param changes whatever changes when something is added
 */
export const useStickToEnd = (changes: readonly unknown[], { heard, own }: Last): EndOfTalk => {
  const end = useRef<HTMLDivElement>(null);
  const isNear = useRef(true);
  const [seen, setSeen] = useState(heard);
  const toEnd = (): void => {
    // With nothing said yet the page is read from its beginning.
    if (end.current !== null && (heard ?? own) !== undefined) scrollBy(0, distance(end.current));
    setSeen(heard);
  };
  useEffect(() => {
    const look = (): void => {
      isNear.current = (end.current?.getBoundingClientRect().top ?? 0) < innerHeight + NEAR;
      if (isNear.current) setSeen(heard);
    };
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, [heard]);
  useLayoutEffect(() => {
    if (isNear.current) toEnd();
  }, changes);
  useLayoutEffect(toEnd, [own]);
  return { end, hasNews: seen !== heard, toEnd };
};

'use client';

import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** How far below the view the end may lie and still count as seen, in pixels. */
const NEAR = 160;
/** Between the head of the page and a long answer, in pixels. */
const GAP = 12;

/**
 * How far to scroll so that the end of the talk is seen, with the box to write in at the lower edge: there it stays when an
 * answer comes, and does not move away under a finger. Of an answer that is taller than the view, its beginning.
 * @param isWhole what stands below the box is to be seen too
 */
const distance = (end: Element, isWhole: boolean): number => {
  const toEnd = end.getBoundingClientRect()[isWhole ? 'bottom' : 'top'] - innerHeight;
  const answer = document.querySelector('.messages > li:last-child:not(.msg-citizen)');
  if (answer === null) return toEnd;
  // The way out stays in view and would hide the beginning.
  const head = document.querySelector('.exit')?.getBoundingClientRect().bottom ?? 0;
  return Math.min(toEnd, answer.getBoundingClientRect().top - head - GAP);
};

export interface EndOfTalk {
  /** For what stands below the box to write in. */
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
 * @param filesBelow how many files stand below the box: who has chosen one wants to see it
 */
export const useStickToEnd = (changes: readonly unknown[], { heard, own }: Last, filesBelow: number): EndOfTalk => {
  const end = useRef<HTMLDivElement>(null);
  const isNear = useRef(true);
  const [seen, setSeen] = useState(heard);
  const toEnd = (): void => {
    // With nothing said yet the page is read from its beginning.
    if (end.current !== null && (heard ?? own) !== undefined) scrollBy(0, distance(end.current, filesBelow > 0));
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
  // Also where an answer is so tall that its beginning would be shown.
  useLayoutEffect(() => {
    if (filesBelow > 0) end.current?.scrollIntoView({ block: 'end' });
  }, [filesBelow]);
  return { end, hasNews: seen !== heard, toEnd };
};

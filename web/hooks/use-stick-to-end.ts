'use client';

import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** How far below the view the end may lie and still count as seen, in pixels. */
const NEAR = 160;
/** Between the top of the view and a long answer, in pixels. */
const GAP = 12;

/** How far to scroll so that the end is seen; of an answer that is taller than the view, its beginning. */
const distance = (end: Element): number => {
  const toEnd = end.getBoundingClientRect().bottom - innerHeight;
  const answer = document.querySelector('.messages > li:last-child:not(.msg-citizen)');
  return answer === null ? toEnd : Math.min(toEnd, answer.getBoundingClientRect().top - GAP);
};

/**
 * Keeps the end of the conversation in view when something is added, unless the reader has scrolled up.
 * @param changes whatever changes when something is added
 * @returns for an empty element at the end
 */
export const useStickToEnd = (changes: readonly unknown[]): RefObject<HTMLDivElement | null> => {
  const end = useRef<HTMLDivElement>(null);
  const isNear = useRef(true);
  useEffect(() => {
    const look = (): void => {
      isNear.current = (end.current?.getBoundingClientRect().top ?? 0) < innerHeight + NEAR;
    };
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    if (isNear.current && end.current !== null) scrollBy(0, distance(end.current));
  }, changes);
  return end;
};

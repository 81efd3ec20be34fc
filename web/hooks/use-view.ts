'use client';

import { useCallback, useSyncExternalStore } from 'react';

const views = ['check', 'filed', 'ask'] as const;
/** Sub-pages of the conversation; `''` is the conversation itself. */
export type View = (typeof views)[number] | '';

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};
const current = (): View => views.find((view) => location.hash === `#${view}`) ?? '';

/**
 * Which sub-page the address names. Going there is no step of the history: after "Exit this page" nobody can go back to a page
 * that shows the number.
 */
export const useView = (): { readonly view: View; readonly show: (view: View) => void } => {
  const view = useSyncExternalStore(subscribe, current, () => '' as const);
  const show = useCallback((next: View) => {
    if (current() === next) return;
    location.replace(`#${next}`);
    scrollTo(0, 0);
  }, []);
  return { view, show };
};

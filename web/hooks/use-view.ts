'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** Sub-pages of the conversation; `''` is the conversation itself. */
export type View = 'check' | 'filed' | 'ask' | '';

const CHANGED = 'view';
const subscribe = (listener: () => void): (() => void) => {
  addEventListener(CHANGED, listener);
  return () => removeEventListener(CHANGED, listener);
};
const current = (): View =>
  (history.state as { readonly view?: View } | null)?.view ?? (location.hash === '#ask' ? 'ask' : '');

/**
 * Which sub-page is shown. It is kept beside the address, so that no history tells that something was filed; and going there is no
 * step of the history: after "Exit this page" nobody can go back to a page that shows the number.
 */
export const useView = (): { readonly view: View; readonly show: (view: View) => void } => {
  const view = useSyncExternalStore(subscribe, current, () => '' as const);
  const show = useCallback((next: View) => {
    if (current() === next) return;
    history.replaceState({ view: next }, '');
    dispatchEvent(new Event(CHANGED));
    scrollTo(0, 0);
  }, []);
  return { view, show };
};

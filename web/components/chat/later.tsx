'use client';

import { lazy, Suspense, type ReactElement } from 'react';
import type { FileTray } from '../../hooks/use-file-tray';
import type { useWebSocket } from '../../hooks/useWebSocket';
import type { View } from '../../hooks/use-view';
import { patiently } from '../../lib/patiently';
import type { Language } from '../../lib/words';
import type { ChatWords } from './words';

/** What the sub-pages of the conversation are given. */
export interface SubPageProps {
  readonly chat: ReturnType<typeof useWebSocket>;
  readonly words: ChatWords;
  readonly files: FileTray;
  readonly language: Language;
  /** Goes to another view; in the conversation the element with this id has the focus then (default: its heading). */
  readonly show: (view: View, focus?: string) => void;
  readonly trackHref: string;
  readonly onForget: () => void;
}

const Check = lazy(() => patiently(() => import('./check')));
const Filed = lazy(() => patiently(() => import('./filed')));

/** The sub-pages are loaded when they are needed: on a slow connection the chat comes first. */
export const Later = ({ view, ...props }: SubPageProps & { readonly view: 'check' | 'filed' }): ReactElement => (
  <Suspense fallback={<p role="status">{props.words.filed.loading}</p>}>
    {view === 'check' ? <Check {...props} /> : <Filed {...props} />}
  </Suspense>
);

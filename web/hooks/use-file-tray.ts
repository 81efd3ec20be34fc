'use client';

import { useEffect, useState, type Dispatch, type SetStateAction } from 'react';
import type { CitizenClient } from '@citizen-interface/client';
import { FILES_KEY, tabStorage } from '../lib/tab';
import { afterSend, emptyTray, type Tray } from '../lib/tray';

export interface FileTray {
  readonly tray: Tray;
  readonly put: Dispatch<SetStateAction<Tray>>;
  /** Sends a text with the files that are ready; the others follow by themselves. @throws CitizenError `outbox_full` */
  readonly sendWith: (text: string) => void;
  /** There are files, or were: from then on `TrayWork` sees to them. */
  readonly isUsed: boolean;
}

/** Files on their way, beside the conversation. */
export const useFileTray = (client: CitizenClient): FileTray => {
  const [tray, put] = useState(emptyTray);
  const [isUsed, setUsed] = useState(false);
  const { items } = tray;
  useEffect(() => {
    if (items.length > 0 || tabStorage.getItem(FILES_KEY) !== null) setUsed(true);
  }, [items]);

  // Leaving the page would lose files that are not uploaded: the browser asks first, but nobody who exits (`small.ts` hides the page).
  const isSafe = items.every(({ uploaded, kept }) => uploaded ?? kept);
  useEffect(() => {
    if (isSafe) return;
    const warn = (event: BeforeUnloadEvent): void => {
      if (!document.documentElement.hidden) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isSafe]);

  const sendWith = (text: string): void => {
    const ready = items.flatMap(({ uploaded }) => uploaded ?? []);
    if (text.trim() !== '' || ready.length > 0) client.send(text, ready);
    put(afterSend);
  };
  return { tray, put, sendWith, isUsed };
};

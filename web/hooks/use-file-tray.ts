'use client';

import { useEffect, useReducer, useRef } from 'react';
import type { CitizenClient } from '@citizen-interface/client';
import { patiently } from '../lib/patiently';
import { change, emptyTray, type Tray, type TrayChange } from '../lib/tray';

export interface FileTray {
  readonly tray: Tray;
  readonly tell: (change: TrayChange) => void;
  /** Sends a text with the files that are ready; the others follow by themselves. @throws CitizenError `outbox_full` */
  readonly sendWith: (text: string) => void;
}

/**
 * Files on their way, beside the conversation: one after the other is made smaller (if wished) and uploaded, while the citizen
 * goes on writing. What the network broke goes on when the connection is back.
 */
export const useFileTray = (client: CitizenClient, isConnected: boolean): FileTray => {
  const [tray, tell] = useReducer(change, emptyTray);
  const running = useRef<{ readonly key: string; readonly stop: AbortController } | null>(null);
  const next = tray.items.find(({ state }) => state === 'queued');
  const busy = tray.items.find(({ state }) => state === 'preparing' || state === 'uploading');

  // Whatever is not on its way any more (paused, removed, another size chosen) is cut.
  useEffect(() => {
    if (running.current !== null && running.current.key !== busy?.key) {
      running.current.stop.abort();
      running.current = null;
    }
  }, [busy?.key]);

  useEffect(() => {
    if (next === undefined || busy !== undefined) return;
    const stop = new AbortController();
    running.current = { key: next.key, stop };
    tell({ type: 'preparing', key: next.key });
    // How a file is sent is loaded with the first one.
    void patiently(() => import('../lib/send-file')).then(({ sendFile }) =>
      sendFile(client, next, tray.isSmall, stop.signal, tell),
    );
  }, [next, busy, client, tray.isSmall]);

  useEffect(() => {
    if (isConnected) tell({ type: 'connected' });
  }, [isConnected]);

  useEffect(() => {
    for (const { key, uploaded, goesAlone } of tray.items) {
      if (uploaded === undefined || !goesAlone) continue;
      try {
        client.send('', [uploaded]);
        tell({ type: 'remove', key });
      } catch {
        // The outbox is full: it stays in the tray and goes with the next message.
      }
    }
  }, [tray.items, client]);

  // Leaving the page would lose files that are not sent: the browser asks first, but nobody who exits (`small.ts` hides the page).
  const isEmpty = tray.items.length === 0;
  useEffect(() => {
    if (isEmpty) return;
    const warn = (event: BeforeUnloadEvent): void => {
      if (!document.documentElement.hidden) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isEmpty]);

  const sendWith = (text: string): void => {
    const ready = tray.items.flatMap(({ uploaded }) => uploaded ?? []);
    if (text.trim() !== '' || ready.length > 0) client.send(text, ready);
    tell({ type: 'taken' });
  };
  return { tray, tell, sendWith };
};

'use client';

import { useEffect, useReducer, useRef } from 'react';
import type { CitizenClient } from '@citizen-interface/client';
import { change, emptyTray, sizeLimit, type Tray, type TrayChange, type TrayItem } from '../lib/tray';

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'internal';
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : '');

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
    void send(client, next, tray.isSmall, stop.signal, tell);
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

  const sendWith = (text: string): void => {
    const ready = tray.items.flatMap(({ uploaded }) => uploaded ?? []);
    if (text.trim() !== '' || ready.length > 0) client.send(text, ready);
    tell({ type: 'taken' });
  };
  return { tray, tell, sendWith };
};

const send = async (
  client: CitizenClient,
  { key, file }: TrayItem,
  isSmall: boolean,
  signal: AbortSignal,
  tell: (change: TrayChange) => void,
): Promise<void> => {
  try {
    tell({ type: 'preparing', key });
    const { smallCopy } = await import('../lib/small-copy');
    const ready = isSmall ? await smallCopy(file) : file;
    if (signal.aborted) return;
    if (ready.size > sizeLimit(client.getSnapshot().limits)) {
      tell({ type: 'failed', key, code: 'file_too_large', words: '' });
      return;
    }
    tell({ type: 'uploading', key, size: ready.size });
    const onProgress = (share: number): void => tell({ type: 'progress', key, share });
    const uploaded = await client.upload(ready, { signal, onProgress });
    tell({ type: 'ready', key, uploaded });
  } catch (error) {
    if (!signal.aborted) tell({ type: 'failed', key, code: codeOf(error), words: wordsOf(error) });
  }
};

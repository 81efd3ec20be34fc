'use client';

import { useEffect, useLayoutEffect, useRef } from 'react';
import type { CitizenClient } from '@citizen-interface/client';
import type { FileTray } from '../../hooks/use-file-tray';
import { useTell } from '../../hooks/use-tell';
import { cutIn } from '../../lib/file-fate';
import { keepFiles, keptFiles } from '../../lib/kept-files';
import { sendFile } from '../../lib/send-file';
import type { Tray } from '../../lib/tray';
import type { TrayChange } from '../../lib/tray-change';

interface WorkProps {
  readonly client: CitizenClient;
  readonly isConnected: boolean;
  readonly files: FileTray;
}

/** Uploads are kept in this tab; those of before a reload are in the tray again. */
const useKept = (items: Tray['items'], tell: (told: TrayChange) => void): void => {
  const isBegun = useRef(false);
  // At once: who has pressed Send may reload at once.
  useLayoutEffect(() => {
    // What was kept is taken in before anything takes its place.
    if (isBegun.current) keepFiles(items);
    else tell({ type: 'kept', items: keptFiles() });
    isBegun.current = true;
  }, [items, tell]);
};

/**
 * The files in the tray on their way: one after the other is made smaller (if wished) and uploaded, while the citizen goes on
 * writing. What the network broke goes on when the connection is back. Loaded with the first file; shows nothing.
 */
export default function TrayWork({ client, isConnected, files }: WorkProps): null {
  const { items, isSmall } = files.tray;
  const tell = useTell(files);
  const running = useRef<{ readonly key: string; readonly stop: AbortController } | null>(null);
  const next = items.find(({ state }) => state === 'queued');
  const busy = items.find(({ state }) => state === 'preparing' || state === 'uploading');
  useKept(items, tell);

  // Whatever is not on its way any more (paused, removed, another size chosen, the chat removed) is cut.
  useEffect(() => {
    if (running.current !== null && running.current.key !== busy?.key) {
      running.current.stop.abort();
      running.current = null;
    }
  }, [busy?.key]);
  useEffect(() => () => running.current?.stop.abort(), []);

  useEffect(() => {
    if (next === undefined || busy !== undefined) return;
    const stop = new AbortController();
    running.current = { key: next.key, stop };
    tell({ type: 'preparing', key: next.key });
    void sendFile(client, next, isSmall, stop.signal, tell);
  }, [next, busy, client, isSmall, tell]);

  const cut = useRef<readonly string[]>([]);
  useLayoutEffect(() => {
    cut.current = cutIn(items);
  }, [items]);
  useEffect(() => {
    if (isConnected) for (const key of cut.current) tell({ type: 'go', key });
  }, [isConnected, tell]);

  // What had been sent of a file counts for nothing: it goes again from its beginning.
  const [onItsWay, isUploading] = [busy?.key, busy?.state === 'uploading'];
  useEffect(() => {
    if (onItsWay === undefined || !isUploading) return;
    const to = isConnected ? { isHeld: false } : { isHeld: true, progress: 0 };
    tell({ type: 'going', key: onItsWay, to });
  }, [isConnected, onItsWay, isUploading, tell]);

  useEffect(() => {
    for (const { key, uploaded, goesAlone } of items) {
      if (uploaded === undefined || !goesAlone) continue;
      try {
        client.send('', [uploaded]);
        tell({ type: 'remove', key });
      } catch {
        // The outbox is full: it stays in the tray and goes with the next message.
      }
    }
  }, [items, client, tell]);
  return null;
}

import type { Uploaded } from '@citizen-interface/client';
import { apiBase } from './api-base';
import { FILES_KEY, keepInTab, tabStorage, sessionInTab } from './tab';
import type { Tray, TrayItem } from './tray';

// Files that are at the office and in no message yet, kept in this tab over a reload: a cheap phone reloads tabs by itself.
// Only their ids, names, types and sizes are kept, never what is in them.

export type KeptFile = Pick<TrayItem, 'goesAlone' | 'asItIs'> & { readonly upload: Uploaded };

const isKept = (value: unknown): value is KeptFile =>
  typeof value === 'object' && value !== null && typeof (value as Partial<KeptFile>).upload?.uploadId === 'string';

/** What of a tray can be had again after a reload. */
export const keepable = (items: Tray['items']): readonly KeptFile[] =>
  items.flatMap(({ uploaded, kept, goesAlone, asItIs, failure }) => {
    const upload = uploaded ?? kept;
    return upload === undefined || failure?.code === 'upload_unknown' ? [] : [{ upload, goesAlone, asItIs }];
  });

/** Keeps what of the tray can be kept, in the place of what was kept before; nothing when somebody exits just now. */
export const keepFiles = (items: Tray['items']): void => {
  if (document.documentElement.hidden) return;
  const kept = keepable(items);
  keepInTab(FILES_KEY, kept.length === 0 ? '' : JSON.stringify(kept));
};

/** A file of before a reload. It waits its turn: the office is asked whether it is still there. */
export const itemOf = ({ upload, goesAlone, asItIs }: KeptFile): TrayItem => {
  const { uploadId, name = '', type = '', size = 0 } = upload;
  // There is nothing of the file itself here.
  const file = new File([], name, { type });
  return { key: uploadId, file, state: 'queued', progress: 0, size, kept: upload, goesAlone, asItIs };
};

/** What was kept, in its order. What cannot be read counts as nothing. */
export const keptFiles = (): Tray['items'] => {
  try {
    const kept: unknown = JSON.parse(tabStorage.getItem(FILES_KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isKept).map(itemOf) : [];
  } catch {
    return [];
  }
};

/**
 * Asks whether a message may still name an upload.
 * @throws with the `code` of the server's answer, or `network` when there is none that says anything about the file
 */
export const askForUpload = async ({ uploadId }: Uploaded, signal: AbortSignal): Promise<void> => {
  const headers = { authorization: `Bearer ${sessionInTab()?.token ?? ''}` };
  const response = await fetch(`${apiBase()}/api/uploads/${uploadId}`, { headers, signal, cache: 'no-store' }).catch(
    () => null,
  );
  if (response?.ok) return;
  // Also when the session itself is known or open no more.
  const isGone = [403, 404, 410].includes(response?.status ?? 0);
  throw Object.assign(new Error(), { code: isGone ? 'upload_unknown' : 'network' });
};

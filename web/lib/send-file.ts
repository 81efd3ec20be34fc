import type { CitizenClient, Limits } from '@citizen-interface/client';
import { askForUpload } from './kept-files';
import { smallCopy } from './small-copy';
import type { TrayItem } from './tray';
import type { TrayChange } from './tray-change';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** Largest file that the server takes, in bytes. */
const sizeLimit = (limits: Limits | null): number => limits?.['fileBytes'] ?? MAX_FILE_BYTES;

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'internal';
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/**
 * Makes a file smaller (if wished) and uploads it, telling the tray how it goes; of one that was uploaded before, asks whether
 * it is still there. Never throws; a stopped one tells nothing more.
 */
export const sendFile = async (
  client: CitizenClient,
  { key, file, kept }: TrayItem,
  isSmall: boolean,
  signal: AbortSignal,
  tell: (change: TrayChange) => void,
): Promise<void> => {
  const going = (to: Partial<TrayItem>): void => tell({ type: 'going', key, to });
  try {
    if (kept !== undefined) {
      await askForUpload(kept, signal);
      going({ state: 'ready', progress: 1, uploaded: kept });
      return;
    }
    const ready = isSmall ? await smallCopy(file) : file;
    if (signal.aborted) return;
    if (ready.size > sizeLimit(client.getSnapshot().limits)) {
      going({ state: 'failed', failure: { code: 'file_too_large', words: '' } });
      return;
    }
    const asItIs = isSmall && ready === file && file.type.startsWith('image/');
    going({ state: 'uploading', size: ready.size, progress: 0, asItIs });
    const onProgress = (share: number): void => going({ progress: share });
    const uploaded = await client.upload(ready, { signal, onProgress });
    going({ state: 'ready', progress: 1, uploaded });
  } catch (error) {
    if (!signal.aborted) going({ state: 'failed', failure: { code: codeOf(error), words: wordsOf(error) } });
  }
};

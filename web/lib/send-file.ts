import type { CitizenClient, Limits } from '@citizen-interface/client';
import { smallCopy } from './small-copy';
import type { TrayChange, TrayItem } from './tray';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** Largest file that the server takes, in bytes. */
const sizeLimit = (limits: Limits | null): number => limits?.['fileBytes'] ?? MAX_FILE_BYTES;

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'internal';
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** Makes a file smaller (if wished) and uploads it, telling the tray how it goes. Never throws; a stopped one tells nothing more. */
export const sendFile = async (
  client: CitizenClient,
  { key, file }: TrayItem,
  isSmall: boolean,
  signal: AbortSignal,
  tell: (change: TrayChange) => void,
): Promise<void> => {
  const going = (to: Partial<TrayItem>): void => tell({ type: 'going', key, to });
  try {
    const ready = isSmall ? await smallCopy(file) : file;
    if (signal.aborted) return;
    if (ready.size > sizeLimit(client.getSnapshot().limits)) {
      going({ state: 'failed', failure: { code: 'file_too_large', words: '' } });
      return;
    }
    going({ state: 'uploading', size: ready.size, progress: 0 });
    const onProgress = (share: number): void => going({ progress: share });
    const uploaded = await client.upload(ready, { signal, onProgress });
    going({ state: 'ready', progress: 1, uploaded });
  } catch (error) {
    if (!signal.aborted) going({ state: 'failed', failure: { code: codeOf(error), words: wordsOf(error) } });
  }
};

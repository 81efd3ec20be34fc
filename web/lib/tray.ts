import type { Uploaded } from '@citizen-interface/client';

// The files that a citizen has chosen and not sent yet. Here is what the chat itself does with them; the rules for everything that
// happens to them on their way are loaded with the first file (`tray-change.ts`).

export interface Chosen {
  readonly key: string;
  readonly file: File;
}

export interface TrayItem extends Chosen {
  readonly state: 'queued' | 'preparing' | 'uploading' | 'paused' | 'ready' | 'failed';
  /** Share that has been sent, 0 to 1. */
  readonly progress: number;
  /** There is no connection: it waits for that. */
  readonly isHeld?: boolean | undefined;
  /** Bytes that are sent: of the file or of its smaller copy. */
  readonly size: number;
  readonly uploaded?: Uploaded | undefined;
  /** It was uploaded before this page was loaded, and there is nothing of it here: the office is asked whether it is still there. */
  readonly kept?: Uploaded | undefined;
  /** A smaller copy was wished for, and none could be made. */
  readonly asItIs?: boolean | undefined;
  /** The citizen has pressed Send: it goes as a message of its own as soon as it is ready. */
  readonly goesAlone: boolean;
  readonly failure?: { readonly code: string; readonly words: string } | undefined;
}

export interface Tray {
  readonly items: readonly TrayItem[];
  /** Photos go as smaller copies. */
  readonly isSmall: boolean;
  /** Of those that were chosen last: these were too many. */
  readonly left?: readonly Chosen[];
}

export const emptyTray: Tray = { items: [], isSmall: true };
/** Files in the tray at a time, as many as one message may have. */
export const MAX_FILES = 10;

/** It was refused, or is not at the office any more: a new try would end the same way. */
export const isStuck = ({ failure }: TrayItem): boolean => failure !== undefined && failure.code !== 'network';

/** A file of which nothing has been done yet. */
export const fresh = ({ key, file, goesAlone = false }: Chosen & Partial<TrayItem>): TrayItem => ({
  key,
  file,
  goesAlone,
  state: 'queued',
  progress: 0,
  size: file.size,
});

/** The tray with files that were chosen just now, as many as there is room for. */
export const withFiles = (tray: Tray, files: readonly Chosen[]): Tray => {
  const room = Math.max(0, MAX_FILES - tray.items.length);
  return { ...tray, items: [...tray.items, ...files.slice(0, room).map(fresh)], left: files.slice(room) };
};

/** The tray after Send: what was ready has gone, the others go by themselves. */
export const afterSend = (tray: Tray): Tray => ({
  ...tray,
  left: [],
  items: tray.items.flatMap((item) => (item.uploaded === undefined ? { ...item, goesAlone: true } : [])),
});

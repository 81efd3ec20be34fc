import type { Uploaded } from '@citizen-interface/client';

// The files that a citizen has chosen and not sent yet: a pure machine, so that its rules can be tested without a browser.

export interface TrayItem {
  readonly key: string;
  readonly file: File;
  readonly state: 'queued' | 'preparing' | 'uploading' | 'paused' | 'ready' | 'failed';
  /** Share that has been sent, 0 to 1. */
  readonly progress: number;
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
  /** There is no connection: what is on its way waits for it. */
  readonly isCut?: boolean;
  /** Of those that were chosen last: these were too many. */
  readonly left?: readonly string[];
}

export type TrayChange =
  | { readonly type: 'add'; readonly files: readonly { readonly key: string; readonly file: File }[] }
  | { readonly type: 'pause' | 'go' | 'remove' | 'preparing'; readonly key: string }
  /** Files of before a reload (`kept-files.ts`). */
  | { readonly type: 'kept'; readonly items: readonly TrayItem[] }
  /** How the upload goes on (`send-file.ts`). */
  | { readonly type: 'going'; readonly key: string; readonly to: Partial<TrayItem> }
  | { readonly type: 'size'; readonly isSmall: boolean }
  | { readonly type: 'connected' | 'cut' | 'taken' | 'emptied' };

export const emptyTray: Tray = { items: [], isSmall: true };
/** Files in the tray at a time, as many as one message may have. */
export const MAX_FILES = 10;

/** Whether the choice of a smaller copy means anything for a file. */
export const canBeSmall = ({ file, kept }: TrayItem): boolean => kept === undefined && file.type.startsWith('image/');

/** It was refused, or is not at the office any more: a new try would end the same way. */
export const isStuck = ({ failure }: TrayItem): boolean => failure !== undefined && failure.code !== 'network';

const isOnItsWay = ({ state }: TrayItem): boolean => state === 'preparing' || state === 'uploading';

const changeItem = (tray: Tray, key: string, to: (item: TrayItem) => Partial<TrayItem>): Tray => ({
  ...tray,
  items: tray.items.map((item) => (item.key === key ? { ...item, ...to(item) } : item)),
});

/** A file of which nothing has been done yet. */
const fresh = ({ key, file, goesAlone = false }: Pick<TrayItem, 'key' | 'file'> & Partial<TrayItem>): TrayItem => ({
  key,
  file,
  goesAlone,
  state: 'queued',
  progress: 0,
  size: file.size,
});

/** The tray after a change. */
export const change = (tray: Tray, told: TrayChange): Tray => {
  switch (told.type) {
    case 'add': {
      const room = Math.max(0, MAX_FILES - tray.items.length);
      const left = told.files.slice(room).map(({ file }) => file.name);
      return { ...tray, left, items: [...tray.items, ...told.files.slice(0, room).map(fresh)] };
    }
    case 'kept':
      return { ...tray, items: [...told.items, ...tray.items] };
    case 'emptied':
      return emptyTray;
    case 'remove':
      return { ...tray, items: tray.items.filter(({ key }) => key !== told.key) };
    case 'pause':
      return changeItem(tray, told.key, ({ state }) => (state === 'ready' ? {} : { state: 'paused', progress: 0 }));
    case 'go':
      return changeItem(tray, told.key, () => ({ state: 'queued', progress: 0, failure: undefined }));
    case 'preparing':
      return changeItem(tray, told.key, ({ state }) => (state === 'queued' ? { state: 'preparing' } : {}));
    // What is told of an upload that was stopped meanwhile changes nothing.
    case 'going':
      return changeItem(tray, told.key, (item) => (isOnItsWay(item) ? told.to : {}));
    case 'size':
      return {
        ...tray,
        isSmall: told.isSmall,
        items: tray.items.map((item) => (canBeSmall(item) && item.state !== 'paused' ? fresh(item) : item)),
      };
    // What had been sent of a file counts for nothing: it goes again from its beginning.
    case 'cut':
      return {
        ...tray,
        isCut: true,
        items: tray.items.map((item) => (item.uploaded ? item : { ...item, progress: 0 })),
      };
    case 'connected':
      return {
        ...tray,
        isCut: false,
        items: tray.items.map((item) =>
          item.failure?.code === 'network' ? { ...item, state: 'queued', failure: undefined } : item,
        ),
      };
    case 'taken':
      return {
        ...tray,
        items: tray.items.flatMap((item) => (item.uploaded === undefined ? { ...item, goesAlone: true } : [])),
      };
  }
};

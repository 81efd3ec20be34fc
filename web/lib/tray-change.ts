import { fresh, type Tray, type TrayItem } from './tray';

// What happens to files on their way: a pure machine, so that its rules can be tested without a browser.

export type TrayChange =
  | { readonly type: 'pause' | 'go' | 'remove' | 'preparing'; readonly key: string }
  /** Files of before a reload (`kept-files.ts`). */
  | { readonly type: 'kept'; readonly items: readonly TrayItem[] }
  /** How the upload goes on (`send-file.ts`). */
  | { readonly type: 'going'; readonly key: string; readonly to: Partial<TrayItem> }
  | { readonly type: 'size'; readonly isSmall: boolean };

/** Whether the choice of a smaller copy means anything for a file. */
export const canBeSmall = ({ file, kept }: TrayItem): boolean => kept === undefined && file.type.startsWith('image/');

const isOnItsWay = ({ state }: TrayItem): boolean => state === 'preparing' || state === 'uploading';

const changeItem = (tray: Tray, key: string, to: (item: TrayItem) => Partial<TrayItem>): Tray => ({
  ...tray,
  items: tray.items.map((item) => (item.key === key ? { ...item, ...to(item) } : item)),
});

/** The tray after a change. */
export const change = (tray: Tray, told: TrayChange): Tray => {
  switch (told.type) {
    case 'kept':
      return { ...tray, items: [...told.items, ...tray.items] };
    case 'remove':
      return { ...tray, left: [], items: tray.items.filter(({ key }) => key !== told.key) };
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
  }
};

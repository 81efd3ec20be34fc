import { describe, expect, it } from 'vitest';
import { itemOf } from './kept-files';
import { emptyTray, withFiles, type Tray, type TrayItem } from './tray';
import { change, type TrayChange } from './tray-change';

const photo = new File(['x'], 'ward.jpg', { type: 'image/jpeg' });
const letter = new File(['x'], 'letter.pdf', { type: 'application/pdf' });
const uploaded = { uploadId: 'u1', name: 'ward.jpg', type: 'image/jpeg', size: 1 };
const both = withFiles(emptyTray, [
  { key: 'a', file: photo },
  { key: 'b', file: letter },
]);
const going = (to: Partial<TrayItem>) => ({ type: 'going', key: 'a', to }) as const;
const started = [{ type: 'preparing', key: 'a' }, going({ state: 'uploading', size: 9, progress: 0 })] as const;
const after = (...changes: readonly TrayChange[]): Tray => changes.reduce(change, both);

describe('A chosen file', () => {
  it('is made ready, is uploaded, and is ready', () => {
    expect(after(...started).items[0]).toMatchObject({ state: 'uploading', size: 9, progress: 0 });
    const ready = going({ state: 'ready', progress: 1, uploaded });
    expect(after(...started, ready).items[0]).toMatchObject({ state: 'ready', uploaded });
  });

  it('that is paused is not moved by what its stopped upload still tells', () => {
    const paused = after(...started, { type: 'pause', key: 'a' }, going({ progress: 0.9 }));
    expect(paused.items[0]).toMatchObject({ state: 'paused', progress: 0 });
    expect(change(paused, going({ state: 'ready', progress: 1, uploaded })).items[0]?.uploaded).toBeUndefined();
    expect(change(paused, { type: 'go', key: 'a' }).items[0]?.state).toBe('queued');
  });

  it('that failed goes on when it is told to', () => {
    const failed = after(...started, going({ state: 'failed', failure: { code: 'network', words: '' } }));
    expect(change(failed, { type: 'go', key: 'a' }).items[0]).toMatchObject({ state: 'queued', failure: undefined });
  });

  it('is gone when it was removed, and the others stay', () => {
    expect(after(...started, { type: 'remove', key: 'a' }).items).toMatchObject([{ key: 'b' }]);
  });
});

describe('A file of before a reload', () => {
  const kept = { type: 'kept', items: [itemOf({ upload: { ...uploaded, size: 9 }, goesAlone: false })] } as const;

  it('waits until the office was asked about it, before those chosen since', () => {
    expect(after(kept).items).toMatchObject([
      { state: 'queued', size: 9, file: { name: 'ward.jpg' } },
      { key: 'a' },
      { key: 'b' },
    ]);
    expect(after(kept).items[0]?.uploaded).toBeUndefined();
  });

  it('is not made smaller or larger any more: there is nothing of it here', () => {
    const ready = after(kept, { type: 'preparing', key: 'u1' }, { ...going({ state: 'ready', uploaded }), key: 'u1' });
    expect(change(ready, { type: 'size', isSmall: false }).items[0]).toEqual(ready.items[0]);
  });
});

it('Photos start again when another size is chosen, and nothing else', () => {
  const tray = after(
    ...started,
    going({ state: 'ready', progress: 1, uploaded }),
    { type: 'preparing', key: 'b' },
    { type: 'size', isSmall: false },
  );
  expect(tray).toMatchObject({ isSmall: false, items: [{ state: 'queued' }, { state: 'preparing' }] });
  expect(tray.items[0]?.uploaded).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { itemOf } from './kept-files';
import { change, emptyTray, MAX_FILES, type Tray, type TrayChange, type TrayItem } from './tray';

const photo = new File(['x'], 'ward.jpg', { type: 'image/jpeg' });
const letter = new File(['x'], 'letter.pdf', { type: 'application/pdf' });
const uploaded = { uploadId: 'u1', name: 'ward.jpg', type: 'image/jpeg', size: 1 };
const after = (...changes: readonly TrayChange[]): Tray => changes.reduce(change, emptyTray);
const going = (to: Partial<TrayItem>) => ({ type: 'going', key: 'a', to }) as const;
const added = { type: 'add', files: [{ key: 'a', file: photo }] } as const;
const onItsWay = [added, { type: 'preparing', key: 'a' }, going({ state: 'uploading', size: 9, progress: 0 })] as const;

describe('A chosen file', () => {
  it('waits for its turn, is made ready, is uploaded, and is ready', () => {
    expect(after(added).items[0]?.state).toBe('queued');
    expect(after(...onItsWay).items[0]).toMatchObject({ state: 'uploading', size: 9, progress: 0 });
    expect(after(...onItsWay, going({ state: 'ready', progress: 1, uploaded })).items[0]).toMatchObject({
      state: 'ready',
      uploaded,
    });
  });

  it('that is paused is not moved by what its stopped upload still tells', () => {
    const paused = after(...onItsWay, { type: 'pause', key: 'a' }, going({ progress: 0.9 }));
    expect(paused.items[0]).toMatchObject({ state: 'paused', progress: 0 });
    expect(change(paused, going({ state: 'ready', progress: 1, uploaded })).items[0]?.uploaded).toBeUndefined();
    expect(change(paused, { type: 'go', key: 'a' }).items[0]?.state).toBe('queued');
  });

  it('that the network broke goes on when the connection is back; one that was refused does not', () => {
    const broken = after(...onItsWay, going({ state: 'failed', failure: { code: 'network', words: '' } }), {
      type: 'connected',
    });
    expect(broken.items[0]?.state).toBe('queued');
    const refused = after(...onItsWay, going({ state: 'failed', failure: { code: 'file_type_rejected', words: '' } }), {
      type: 'connected',
    });
    expect(refused.items[0]?.state).toBe('failed');
  });

  it('that is on its way waits while there is no connection, and is then sent from its beginning', () => {
    const cut = after(...onItsWay, going({ progress: 0.22 }), { type: 'cut' });
    expect(cut).toMatchObject({ isCut: true, items: [{ state: 'uploading', progress: 0 }] });
    expect(change(cut, { type: 'connected' })).toMatchObject({ isCut: false, items: [{ state: 'uploading' }] });
  });

  it('that is ready stays so while there is no connection', () => {
    const cut = after(...onItsWay, going({ state: 'ready', progress: 1, uploaded }), { type: 'cut' });
    expect(cut.items[0]).toMatchObject({ state: 'ready', progress: 1 });
  });

  it('leaves the tray with the message when it is ready, and goes alone later when it is not', () => {
    const tray = after(
      ...onItsWay,
      going({ state: 'ready', progress: 1, uploaded }),
      { type: 'add', files: [{ key: 'b', file: letter }] },
      { type: 'taken' },
    );
    expect(tray.items).toMatchObject([{ key: 'b', goesAlone: true }]);
  });
});

describe('A file of before a reload', () => {
  const kept = { type: 'kept', items: [itemOf({ upload: { ...uploaded, size: 9 }, goesAlone: false })] } as const;

  it('waits until the office was asked about it, before those chosen since', () => {
    expect(after(added, kept).items).toMatchObject([
      { state: 'queued', size: 9, file: { name: 'ward.jpg' } },
      { key: 'a' },
    ]);
    expect(after(kept).items[0]?.uploaded).toBeUndefined();
  });

  it('is not made smaller or larger any more: there is nothing of it here', () => {
    const ready = after(kept, { type: 'preparing', key: 'u1' }, { ...going({ state: 'ready', uploaded }), key: 'u1' });
    expect(change(ready, { type: 'size', isSmall: false }).items).toEqual(ready.items);
  });
});

describe('The tray', () => {
  it('starts photos again when another size is chosen, and nothing else', () => {
    const tray = after(
      {
        type: 'add',
        files: [
          { key: 'a', file: photo },
          { key: 'b', file: letter },
        ],
      },
      ...onItsWay.slice(1),
      going({ state: 'ready', progress: 1, uploaded }),
      { type: 'preparing', key: 'b' },
      { type: 'size', isSmall: false },
    );
    expect(tray).toMatchObject({ isSmall: false, items: [{ state: 'queued' }, { state: 'preparing' }] });
    expect(tray.items[0]?.uploaded).toBeUndefined();
  });

  it('is empty when the chat was removed', () => {
    expect(after(...onItsWay, { type: 'emptied' })).toEqual(emptyTray);
  });

  it('holds as many files as a message may have', () => {
    const files = Array.from({ length: MAX_FILES + 3 }, (_, at) => ({ key: String(at), file: letter }));
    expect(after({ type: 'add', files }).items).toHaveLength(MAX_FILES);
  });

  it('knows which of those that were chosen last were too many', () => {
    const files = Array.from({ length: MAX_FILES + 1 }, (_, at) => ({ key: String(at), file: letter }));
    const full = after({ type: 'add', files });
    expect(full.left).toEqual(['letter.pdf']);
    expect(change(change(full, { type: 'remove', key: '0' }), added).left).toEqual([]);
  });

  it('takes none when there are more than enough already', () => {
    const upload = { ...uploaded, size: 9 };
    const items = Array.from({ length: MAX_FILES }, () => itemOf({ upload, goesAlone: false }));
    const full = after(added, { type: 'kept', items }, { type: 'add', files: [{ key: 'z', file: letter }] });
    expect(full.items).toHaveLength(MAX_FILES + 1);
    expect(full.left).toEqual(['letter.pdf']);
  });
});

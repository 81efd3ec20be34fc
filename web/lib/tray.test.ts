import { describe, expect, it } from 'vitest';
import { itemOf } from './kept-files';
import { afterSend, emptyTray, MAX_FILES, withFiles, type Tray } from './tray';
import { change } from './tray-change';

const letter = new File(['x'], 'letter.pdf', { type: 'application/pdf' });
const uploaded = { uploadId: 'u1', name: 'ward.jpg', type: 'image/jpeg', size: 1 };
const some = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({ key: String(from + at), file: letter }));
const holding = (count: number): Tray => withFiles(emptyTray, some(count));

describe('Send', () => {
  it('takes the files that are ready out of the tray, and the others go by themselves later', () => {
    const onItsWay = change(holding(2), { type: 'preparing', key: '0' });
    const tray = change(onItsWay, { type: 'going', key: '0', to: { state: 'ready', progress: 1, uploaded } });
    expect(afterSend(tray).items).toMatchObject([{ key: '1', goesAlone: true }]);
  });
});

describe('The tray', () => {
  it('holds a chosen file, which waits for its turn', () => {
    expect(holding(1).items).toMatchObject([{ key: '0', state: 'queued', progress: 0, size: 1, goesAlone: false }]);
  });

  it('holds as many files as a message may have', () => {
    expect(holding(MAX_FILES + 3).items).toHaveLength(MAX_FILES);
  });

  it('knows which of those that were chosen last were too many', () => {
    const full = holding(MAX_FILES + 1);
    expect(full.left).toMatchObject([{ key: String(MAX_FILES) }]);
    expect(withFiles(change(full, { type: 'remove', key: '0' }), some(1, 20)).left).toEqual([]);
  });

  it('takes none when there are more than enough already', () => {
    const items = Array.from({ length: MAX_FILES }, () => itemOf({ upload: uploaded, goesAlone: false }));
    const full = withFiles(change(holding(1), { type: 'kept', items }), some(1, 20));
    expect(full.items).toHaveLength(MAX_FILES + 1);
    expect(full.left).toMatchObject([{ key: '20' }]);
  });
});

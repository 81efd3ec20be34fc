import { describe, expect, it } from 'vitest';
import { itemOf, keepable } from './kept-files';
import { emptyTray, type TrayItem } from './tray';
import { change } from './tray-change';

const upload = { uploadId: 'u1', name: 'ward.jpg', type: 'image/jpeg', size: 9 };
const before: TrayItem = {
  ...{ key: 'a', file: new File(['x'], 'ward.jpg'), state: 'ready', progress: 1, size: 9, goesAlone: false },
  uploaded: upload,
};

describe('What of the tray is kept over a reload', () => {
  it('is what was uploaded, and nothing that is still going up', () => {
    const { uploaded: _, ...going } = before;
    expect(keepable([before, { ...going, key: 'b', state: 'uploading' }])).toEqual([
      { upload, goesAlone: false, asItIs: undefined },
    ]);
  });

  it('is kept again after a second reload, before the office was asked', () => {
    const kept = keepable([{ ...before, goesAlone: true }]);
    expect(keepable(change(emptyTray, { type: 'kept', items: kept.map(itemOf) }).items)).toEqual(kept);
  });

  it('is not what the office does not know any more', () => {
    const { uploaded, ...item } = before;
    const gone: TrayItem = { ...item, kept: uploaded, state: 'failed', failure: { code: 'upload_unknown', words: '' } };
    expect(keepable([gone])).toEqual([]);
  });
});

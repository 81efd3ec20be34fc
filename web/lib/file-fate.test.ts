import { describe, expect, it } from 'vitest';
import { cutIn, hasSizes, isHeldUp, isHopeless } from './file-fate';
import type { TrayItem } from './tray';

const itemOf = (type: string, code: string, bytes = 'x'): TrayItem => ({
  key: 'a',
  file: new File([bytes], 'a', { type }),
  state: 'failed',
  progress: 0,
  size: bytes.length,
  goesAlone: false,
  failure: { code, words: '' },
});

describe('A file on its way', () => {
  const uploading = { ...itemOf('image/jpeg', ''), failure: undefined, state: 'uploading' } as const;

  it('is held up while there is no connection, until some of it goes again', () => {
    expect(isHeldUp({ ...uploading, isHeld: true })).toBe(true);
    expect(isHeldUp({ ...uploading, isHeld: true, progress: 0.1 })).toBe(false);
    expect(isHeldUp({ ...uploading, isHeld: false })).toBe(false);
  });

  it('is not held up when it was paused', () => {
    expect(isHeldUp({ ...uploading, isHeld: true, state: 'paused' })).toBe(false);
  });
});

it('what the network broke goes on when the connection is back; what was refused does not', () => {
  const broken = { ...itemOf('image/jpeg', 'network'), key: 'broken' };
  expect(cutIn([broken, itemOf('image/jpeg', 'file_type_rejected'), itemOf('image/jpeg', 'busy')])).toEqual(['broken']);
});

describe('A new try', () => {
  it.each(['file_too_large', 'file_type_rejected', 'file_infected', 'upload_unknown'])(
    'helps nobody after %s',
    (code) => expect(isHopeless(itemOf('application/pdf', code))).toBe(true),
  );

  it('helps nobody with a file that is empty', () => {
    expect(isHopeless(itemOf('application/pdf', 'file_size_mismatch', ''))).toBe(true);
  });

  it.each(['network', 'rate_limited', 'busy', 'quota_exceeded', 'file_size_mismatch'])('may help after %s', (code) =>
    expect(isHopeless(itemOf('application/pdf', code))).toBe(false),
  );
});

describe('The size of photos', () => {
  it('can be chosen for a photo, also for one that is too large', () => {
    expect(hasSizes({ ...itemOf('image/jpeg', ''), failure: undefined })).toBe(true);
    expect(hasSizes(itemOf('image/jpeg', 'file_too_large'))).toBe(true);
  });

  it('means nothing for a document, nor for what only calls itself a photo', () => {
    expect(hasSizes(itemOf('application/pdf', 'network'))).toBe(false);
    expect(hasSizes(itemOf('image/jpeg', 'file_type_rejected'))).toBe(false);
  });
});

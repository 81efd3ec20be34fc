import { describe, expect, it } from 'vitest';
import { withDraft } from './draft';

describe('a box and a draft that was kept', () => {
  it.each([
    ['an empty box gets the draft', '', 'At the clinic', 'At the clinic'],
    ['words without a draft stay', 'At the clinic', '', 'At the clinic'],
    ['words that go on from the draft stay', 'At the clinic in Bo', 'At the clinic', 'At the clinic in Bo'],
    ['other words follow the draft', 'yes', 'At the clinic', 'At the clinic\nyes'],
    ['nothing makes nothing', '', '', ''],
  ])('%s', (_what, own, kept, both) => {
    expect(withDraft(own, kept)).toBe(both);
  });
});

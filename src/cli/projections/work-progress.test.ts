import { expect, it } from 'vitest';
import type { WorkProgress } from '../../projections/admin.js';
import { createWorkDisplay } from './work-progress.js';

const at = (over: Partial<WorkProgress> = {}): WorkProgress => ({
  ...{ phase: 'load', position: 450_000n, head: 1_000_000n, eventsPerSecond: 70_000, etaSeconds: 8 },
  ...over,
});
const setup = (isTty: boolean) => {
  const clock = { ms: 0 };
  let text = '';
  const display = createWorkDisplay({ write: (more) => (text += more), isTty, nowMs: () => clock.ms });
  return { clock, display, text: () => text };
};
const LINE = '45% 450,000 of 1,000,000 events, 70,000/s, 8 s left';

it('draws a bar with share, rate and time left on a terminal, and leaves nothing of it', () => {
  const { display, text } = setup(true);
  display.update(at());
  expect(text()).toBe(`\r\u001b[KReading the log [##########..............] ${LINE}`);
  display.finish();
  expect(text().endsWith('\r\u001b[K')).toBe(true);
});

it('draws at most ten times a second, and each phase at once', () => {
  const { clock, display, text } = setup(true);
  for (clock.ms = 0; clock.ms < 1000; clock.ms += 1) display.update(at());
  expect(text().split('\r').length - 1).toBe(10);
  display.update(at({ phase: 'index' }));
  expect(text()).toContain('Making indexes …');
});

it('writes a line for each phase, and one now and then, where there is no terminal', () => {
  const { clock, display, text } = setup(false);
  display.update(at({ phase: 'wait' }));
  display.update(at());
  clock.ms = 4999;
  display.update(at());
  clock.ms = 5000;
  display.update(at({ etaSeconds: null }));
  display.finish();
  expect(text().split('\n')).toEqual([
    'Waiting for its turn: as many rebuilds as MAX_REBUILDS allows are at work …',
    `Reading the log ${LINE}`,
    'Reading the log 45% 450,000 of 1,000,000 events, 70,000/s',
    '',
  ]);
});

it('does not say 100 % before all is done, and does for an empty log', () => {
  const { display, text } = setup(true);
  display.update(at({ position: 999_999n }));
  expect(text()).toContain('99%');
  display.update(at({ phase: 'follow', position: 0n, head: 0n }));
  expect(text()).toContain('100%');
});

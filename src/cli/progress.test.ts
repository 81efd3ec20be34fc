import { expect, it } from 'vitest';
import { createProgress } from './progress.js';

const setup = (isTty: boolean) => {
  const clock = { ms: 0 };
  let text = '';
  const progress = createProgress({ label: 'Checking', write: (more) => (text += more), isTty, nowMs: () => clock.ms });
  return { clock, progress, text: () => text };
};

it('draws a bar with share, rate and time left on a terminal, and leaves nothing of it', () => {
  const { clock, progress, text } = setup(true);
  clock.ms = 2_000;
  progress.update(50_000, 200_000);
  expect(text()).toBe('\r\u001b[KChecking [######..................] 25% 50,000 of 200,000 events, 25,000/s, 6s left');
  progress.finish();
  expect(text().endsWith('\r\u001b[K')).toBe(true);
});

it('does not redraw the bar more than ten times a second', () => {
  const { clock, progress, text } = setup(true);
  for (clock.ms = 0; clock.ms < 1_000; clock.ms++) progress.update(clock.ms, 1_000);
  expect(text().split('\r').length - 1).toBe(10);
});

it('writes plain lines where there is no terminal, and none for something short', () => {
  const { clock, progress, text } = setup(false);
  clock.ms = 4_999;
  progress.update(1, 100);
  expect(text()).toBe('');
  clock.ms = 5_000;
  progress.update(20, 100);
  expect(text()).toBe('Checking 20% 20 of 100 events, 4/s, 20s left\n');
});

it('knows hours, and a total of nothing', () => {
  const { clock, progress, text } = setup(true);
  clock.ms = 1_000;
  progress.update(1, 3_721);
  expect(text()).toContain('1h 02m left');
  clock.ms = 2_000;
  progress.update(0, 0);
  expect(text()).toContain('100% 0 of 0 events');
});

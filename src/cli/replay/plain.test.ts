import { expect, it } from 'vitest';
import type { Replay, StepLine } from '../../replay/replay.js';
import { timelineText } from './plain.js';

const step = (index: number, actor: string, more: Partial<StepLine> = {}): StepLine => ({
  ...{ index, turn: 0, turnKind: 'message', position: String(index + 1), recordedAt: '2026-05-12T14:03:00.000Z' },
  ...{ actor, type: 'AgentReplied', gist: '', skippedBy: [], mark: 'none', ...more },
});
const textOf = (...lines: StepLine[]): string[] => timelineText({ lines } as unknown as Replay).split('\n');

it('the types of the steps stand below each other, whoever did them', () => {
  const [, first = '', second = ''] = textOf(step(0, 'citizen'), step(1, 'agent guided'));
  expect(first.indexOf('AgentReplied')).toBe(second.indexOf('AgentReplied'));
});

it('what a read model leaves out stands below the step, with who decided it and why', () => {
  const skippedBy = [{ readModel: 'transcript', at: '2026-05-12T14:00:00.000Z', by: 'staff-7', reason: 'a\u001b[2Jb' }];
  expect(textOf(step(0, 'citizen', { skippedBy }))).toContain(
    '       ! left out of transcript by staff-7, 2026-05-12 14:00:00 UTC: a·[2Jb',
  );
});

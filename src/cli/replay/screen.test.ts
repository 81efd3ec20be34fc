import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepLine, StepView } from '../../replay/replay.js';
import { screen, type Shown } from './screen.js';
import { initialState, type TuiState } from './state.js';
import { ansiPaint, columnsOf, noPaint } from './text.js';

const line = (index: number): StepLine => ({
  ...{
    index,
    turn: Math.floor(index / 3),
    turnKind: 'message',
    position: String(index + 10),
    actor: 'citizen',
    skippedBy: [],
  },
  ...{ recordedAt: '2026-05-12T14:03:00.000Z', type: index % 4 === 0 ? 'SessionStateChanged' : 'AgentReplied' },
  ...{ gist: `gist \u001b[2J of ${index} 😀`, mark: index % 4 === 0 ? 'state' : 'none' },
});
const lines = Array.from({ length: 40 }, (_, index) => line(index));
const view = (index: number): StepView => ({
  ...line(index),
  event: { position: String(index + 10), type: 'AgentReplied', data: { text: `${'long '.repeat(60)}\u001b[31m` } },
  saw: [
    {
      at: '2026-05-12T14:03:00.000Z',
      role: 'citizen',
      text: 'No medicine\u0007',
      files: ['a.jpg'],
      choices: ['Yes'],
      state: 'greeting',
    },
  ],
  readModels: [{ name: 'session-status', rows: [{ session_id: 'abcd', state: 'greeting' }] }],
  changes: [
    { readModel: 'session-status', key: { session_id: 'abcd' }, column: 'state', before: null, after: 'greeting' },
  ],
});
const shownAt = (index: number): Shown => ({ lines, view: view(index), changes: [], masked: true });
const at = (index: number, more: Partial<TuiState> = {}): TuiState => ({ ...initialState(index), ...more });
const draw = (state: TuiState, columns: number, rows: number): readonly string[] =>
  screen(state, shownAt(state.index), { columns, rows }, noPaint).lines;

describe('the screen of the replay', () => {
  it('says where we are, that it is masked, and which keys there are', () => {
    const text = draw(at(5), 120, 30);
    expect(text[0]).toContain('#6 of 40  position 15  2026-05-12 14:03:00 UTC  citizen');
    expect(text[0]).toMatch(/masked $/);
    expect(text.at(-1)).toContain('q leave');
  });
  it('has the list beside the pane on a wide terminal, with the current step pointed at', () => {
    const here = draw(at(5), 120, 30).filter((each) => each.startsWith('▸'));
    expect(here).toHaveLength(1);
    expect(here[0]).toMatch(/^▸ #6 AgentReplied gist ·\[2J of 5 😀 .*│/u);
  });
  it('has the list above the pane on a narrow one, and only the step on a small one', () => {
    const narrow = draw(at(5), 60, 24);
    expect(narrow.some((each) => each.includes('│'))).toBe(false);
    expect(narrow.filter((each) => /^[▸ ] #/.test(each)).length).toBeGreaterThan(2);
    expect(draw(at(5), 40, 8).filter((each) => /^[▸ ] #/.test(each))).toHaveLength(1);
  });
  it('shows each pane', () => {
    expect(draw(at(1), 100, 30).join('\n')).toContain('No medicine·');
    expect(draw(at(1, { pane: 'models' }), 100, 30).join('\n')).toContain(
      '~ session-status [abcd] state: null → greeting',
    );
    expect(draw(at(1, { pane: 'event' }), 100, 30).join('\n')).toContain('type: AgentReplied');
    expect(draw(at(1, { overlay: 'help' }), 100, 30).join('\n')).toContain('compare with the mark');
  });
  it('shows what is being typed', () => {
    expect(draw(at(1, { prompt: { kind: 'search', text: 'bribe' } }), 80, 24).at(-1)).toBe('Search: bribe▁');
  });
  it.each([
    [80, 24],
    [40, 12],
    [20, 6],
  ])('says how to leave and names every pane whole on a terminal of %i by %i', (columns, rows) => {
    for (const pane of ['saw', 'models', 'event'] as const) {
      const text = draw(at(5, { pane }), columns, rows);
      expect(text.at(-1)).toMatch(/q leave$/);
      if (columns >= 40)
        expect(text.join('\n')).toMatch(/1 (Citizen saw|Saw)\]? .*2 (Read models|Models).* \[?3 Event/);
    }
  });
  it('says where and when also on a small terminal', () => {
    expect(draw(at(5), 40, 12)[0]).toMatch(/^ #6\/40 @15 2026-05-12 14:03:00 +masked $/);
  });
  it('has every key of its help on a small terminal, and says that there is more below', () => {
    const read = [0, 5, 10, 15, 20].flatMap((scroll) => draw(at(5, { overlay: 'help', scroll }), 40, 12));
    const words = read.join(' ').replace(/\s+/g, ' ');
    expect(words).toContain('Keys (↑ ↓ scroll)');
    for (const part of ['a position (@4711),', 'raw event', 'compare with the mark', 'this page, back']) {
      expect(words).toContain(part);
    }
  });
  it('keeps the end of what is being typed in sight', () => {
    const text = '2026-05-12T14:00:00.000Z and more of it';
    expect(draw(at(1, { prompt: { kind: 'jump', text } }), 40, 12).at(-1)).toMatch(/^Jump to: .* and more of it▁$/);
  });
  it('says at once that a read model leaves the event out', () => {
    const skippedBy = [
      { readModel: 'transcript', at: '2026-05-12T14:00:00.000Z', by: 'staff-7', reason: 'sent twice' },
    ];
    const shown = { ...shownAt(5), view: { ...view(5), skippedBy } };
    for (const pane of ['saw', 'models'] as const) {
      const { lines: painted } = screen(at(5, { pane }), shown, { columns: 80, rows: 24 }, noPaint);
      expect(painted.join('\n')).toContain('! left out of transcript by staff-7, 2026-05-12 14:00:00 UTC: sent twice');
    }
  });
  it('marks changes of state on the line of the whole story', () => {
    expect(draw(at(5), 100, 30)[1]).toMatch(/◆.*●.*◆/);
  });
  it('fits any terminal, whatever is shown', () => {
    const states = fc.record({
      index: fc.nat(39),
      pane: fc.constantFrom('saw' as const, 'models' as const, 'event' as const),
      overlay: fc.constantFrom('none' as const, 'help' as const, 'diff' as const),
      scroll: fc.nat(500),
      mark: fc.constantFrom(null, 3),
    });
    const sizes = fc.record({ columns: fc.integer({ min: 20, max: 250 }), rows: fc.integer({ min: 4, max: 80 }) });
    fc.assert(
      fc.property(states, sizes, (state, { columns, rows }) => {
        const painted = draw(at(state.index, state), columns, rows);
        expect(painted).toHaveLength(rows);
        for (const each of painted) expect(columnsOf(each)).toBeLessThanOrEqual(columns);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
  it('lets nothing through that steers a terminal but its own colours', () => {
    const painted = screen(at(4, { pane: 'event' }), shownAt(4), { columns: 100, rows: 30 }, ansiPaint).lines.join('');

    expect(painted.replace(/\u001b\[[\d;]*m/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
  it('has no colours where none are wanted', () => {
    expect(draw(at(5), 100, 30).join('')).not.toContain('\u001b');
  });
});

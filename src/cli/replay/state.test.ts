import { describe, expect, it } from 'vitest';
import type { StepLine } from '../../replay/replay.js';
import { initialState, nextState, type Input, type StoryFacts, type TuiState } from './state.js';

const line = (index: number, turn: number, type: string): StepLine => ({
  ...{ index, turn, turnKind: 'message', position: String((index + 1) * 10), recordedAt: '2026-05-12T14:00:00.000Z' },
  ...{ actor: 'citizen', type, gist: '', skippedBy: [], mark: 'none' },
});
const facts: StoryFacts = {
  lines: [line(0, 0, 'A'), line(1, 1, 'B'), line(2, 1, 'C'), line(3, 2, 'B'), line(4, 2, 'D')],
  findStep: (text) => (text === '#3' ? 2 : text === '35' ? 2 : text === '1' ? -1 : undefined),
  maxScroll: 7,
};
const key = (text: string, name = text): Input => ({ kind: 'key', name, text, ctrl: false });
const named: Readonly<Record<string, Input>> = {
  right: key('', 'right'),
  left: key('', 'left'),
  up: key('', 'up'),
  down: key('', 'down'),
  pagedown: key('', 'pagedown'),
  end: key('', 'end'),
  tab: key('\t', 'tab'),
  backtab: key('\u001b[Z', 'tab'),
  space: key(' ', 'space'),
  return: key('\r', 'return'),
  escape: key('\u001b', 'escape'),
  backspace: key('\u007f', 'backspace'),
  'ctrl-c': { kind: 'key', name: 'c', text: '\u0003', ctrl: true },
  tick: { kind: 'tick' },
};
const press = (state: TuiState, ...keys: string[]): TuiState =>
  keys.reduce((now, each) => nextState(now, named[each] ?? key(each), facts), state);
const begin = initialState(0);

describe('keys of the replay', () => {
  it('step on and back, and stop at both ends', () => {
    expect(press(begin, 'left').index).toBe(0);
    expect(press(begin, 'right', 'right', 'left').index).toBe(1);
    expect(press(begin, 'end', 'right').index).toBe(4);
  });
  it('go to the first step of the next turn and of the turn before', () => {
    expect([press(begin, ']').index, press(begin, ']', ']').index]).toEqual([1, 3]);
    expect(press(begin, 'end', '[').index).toBe(3);
  });
  it('jump to a typed step, and to a position when there are not so many steps', () => {
    expect(press(begin, 'g', '3', 'return').index).toBe(2);
    expect(press(begin, 'g', '3', '5', 'return').index).toBe(2);
  });
  it('say why a jump leads nowhere, and stay', () => {
    expect(press(begin, 'right', 'g', 'x', 'return')).toMatchObject({ index: 1, prompt: null });
    expect(press(begin, 'g', 'x', 'return').message).toMatch(/no moment/);
  });
  it('belong to the prompt while something is typed', () => {
    const typing = press(begin, '/', 'q', 'd', 'backspace');
    expect(typing).toMatchObject({ done: false, prompt: { kind: 'search', text: 'q' } });
    expect(press(typing, 'escape').prompt).toBeNull();
  });
  it('search on and back, round the ends', () => {
    const found = press(begin, '/', 'b', 'return');
    expect(found.index).toBe(1);
    expect([press(found, 'n').index, press(found, 'n', 'n').index, press(found, 'N').index]).toEqual([3, 1, 3]);
    expect(press(begin, '/', 'z', 'z', 'return').message).toBe('"zz" is in no step.');
  });
  it('choose a pane in both directions', () => {
    expect([press(begin, 'tab').pane, press(begin, 'backtab').pane, press(begin, '2').pane]).toEqual([
      'models',
      'event',
      'models',
    ]);
  });
  it('scroll within what there is, the conversation from its end', () => {
    expect([press(begin, 'up').scroll, press(begin, 'down').scroll]).toEqual([1, 0]);
    expect([press(begin, '3', 'down').scroll, press(begin, '3', 'pagedown').scroll]).toEqual([1, 7]);
  });
  it('play to the end and stop there; from the end, from the start', () => {
    const playing = press(begin, 'space');
    expect(playing.playing).toBe(true);
    expect(press(playing, 'tick', 'tick', 'tick', 'tick')).toMatchObject({ index: 4, playing: false });
    expect(press(begin, 'end', 'space')).toMatchObject({ index: 0, playing: true });
    expect(press(begin, 'tick').index).toBe(0);
  });
  it('change the speed between half a step and eight steps a second', () => {
    expect([press(begin, '+').speed, press(begin, '-', '-').speed]).toEqual([2, 0.5]);
    expect(press(begin, '+', '+', '+', '+').speed).toBe(8);
  });
  it('compare with a mark, which must be there', () => {
    expect(press(begin, 'd')).toMatchObject({ overlay: 'none', message: 'Mark the step to compare with first: m' });
    expect(press(begin, 'm', 'right', 'd')).toMatchObject({ overlay: 'diff', mark: 0, index: 1 });
  });
  it('leave, also in the middle of typing', () => {
    expect([press(begin, 'q').done, press(begin, '/', 'ctrl-c').done]).toEqual([true, true]);
  });
  it('that mean nothing change nothing', () => {
    expect(press(begin, 'x', 'constructor')).toEqual(begin);
  });
});

import type { StepLine } from '../../replay/replay.js';
import { onOneLine } from './text.js';

export type Pane = 'saw' | 'models' | 'event';
export const panes: readonly Pane[] = ['saw', 'models', 'event'];

/** Steps per second while it plays. */
const speeds = [0.5, 1, 2, 4, 8] as const;

/** Everything that the screen depends on, besides the story and the size of the terminal. */
export interface TuiState {
  readonly index: number;
  readonly pane: Pane;
  /** Lines away from where a pane begins to be read: its top, but the end of the conversation. */
  readonly scroll: number;
  readonly playing: boolean;
  readonly speed: number;
  /** The step to compare with. */
  readonly mark: number | null;
  readonly overlay: 'none' | 'help' | 'diff';
  /** What is being typed at the bottom line. */
  readonly prompt: { readonly kind: 'jump' | 'search'; readonly text: string } | null;
  readonly query: string;
  /** Said once at the bottom line. */
  readonly message: string;
  readonly done: boolean;
}

/** A key as `node:readline` names it, or the clock while it plays. */
export type Input =
  | { readonly kind: 'key'; readonly name: string; readonly text: string; readonly ctrl: boolean }
  | { readonly kind: 'tick' };

/** What a state is changed against. */
export interface StoryFacts {
  readonly lines: readonly StepLine[];
  /** The step that a typed moment means; -1 before the first, undefined for no moment at all. */
  readonly findStep: (text: string) => number | undefined;
  /** How far the pane can be scrolled, as it was last painted. */
  readonly maxScroll: number;
}

/** The state at the start, at a step. */
export const initialState = (index: number): TuiState => ({
  index,
  pane: 'saw',
  scroll: 0,
  playing: false,
  speed: 1,
  mark: null,
  overlay: 'none',
  prompt: null,
  query: '',
  message: '',
  done: false,
});

const goTo = (state: TuiState, index: number, { lines }: StoryFacts): TuiState => ({
  ...state,
  index: Math.max(0, Math.min(index, lines.length - 1)),
  scroll: 0,
});

/** Scrolling counts lines from the top, and in the conversation from its end backwards. */
const scrolled = (state: TuiState, by: number, { maxScroll }: StoryFacts): TuiState => {
  const towards = state.pane === 'saw' && state.overlay === 'none' ? -by : by;
  return { ...state, scroll: Math.max(0, Math.min(state.scroll + towards, maxScroll)) };
};

const matches = ({ type, gist, actor, position }: StepLine, query: string): boolean =>
  onOneLine(`${type} ${gist} ${actor} ${position}`).toLowerCase().includes(query.toLowerCase());

/** The next step in a direction that matches, going round at the ends. */
function searched(state: TuiState, direction: 1 | -1, facts: StoryFacts): TuiState {
  const { lines } = facts;
  if (state.query === '') return { ...state, message: 'Nothing to look for: / asks.' };
  for (let away = 1; away <= lines.length; away += 1) {
    const index = (((state.index + direction * away) % lines.length) + lines.length) % lines.length;
    const line = lines[index];
    if (line !== undefined && matches(line, state.query)) return goTo(state, index, facts);
  }
  return { ...state, message: `"${state.query}" is in no step.` };
}

/** The first step of the turn after or before this one. */
function nextTurn(state: TuiState, direction: 1 | -1, facts: StoryFacts): TuiState {
  const { lines } = facts;
  const isFirst = (index: number): boolean => lines[index]?.turn !== lines[index - 1]?.turn;
  for (let index = state.index + direction; index >= 0 && index < lines.length; index += direction) {
    if (isFirst(index)) return goTo(state, index, facts);
  }
  return goTo(state, direction === 1 ? lines.length - 1 : 0, facts);
}

function entered(state: TuiState, facts: StoryFacts): TuiState {
  const { prompt } = state;
  const closed = { ...state, prompt: null };
  if (prompt === null || prompt.text.trim() === '') return closed;
  const text = prompt.text.trim();
  if (prompt.kind === 'search') return searched({ ...closed, query: text }, 1, facts);
  const found = facts.findStep(/^\d{1,6}$/.test(text) && Number(text) <= facts.lines.length ? `#${text}` : text);
  if (found === undefined) return { ...closed, message: `"${text}" is no moment: a step, @position, or a time.` };
  return found === -1 ? { ...closed, message: 'The story had not begun then.' } : goTo(closed, found, facts);
}

/** While something is typed at the bottom line, every key belongs to it. */
function typed(state: TuiState, input: Extract<Input, { kind: 'key' }>, facts: StoryFacts): TuiState {
  const { prompt } = state;
  if (prompt === null) return state;
  if (input.name === 'return' || input.name === 'enter') return entered(state, facts);
  if (input.name === 'escape') return { ...state, prompt: null };
  if (input.name === 'backspace') {
    return prompt.text === ''
      ? { ...state, prompt: null }
      : { ...state, prompt: { ...prompt, text: prompt.text.slice(0, -1) } };
  }
  const isText = !input.ctrl && input.text !== '' && !/\p{C}/u.test(input.text);
  return isText ? { ...state, prompt: { ...prompt, text: (prompt.text + input.text).slice(0, 80) } } : state;
}

const played = (state: TuiState, facts: StoryFacts): TuiState => {
  if (!state.playing) return state;
  const last = facts.lines.length - 1;
  const next = goTo(state, state.index + 1, facts);
  return next.index === last ? { ...next, playing: false, message: 'The end.' } : next;
};

const faster = (state: TuiState, by: 1 | -1): TuiState => {
  const at = speeds.findIndex((speed) => speed === state.speed);
  const speed = speeds[Math.max(0, Math.min(at + by, speeds.length - 1))] ?? state.speed;
  return { ...state, speed, message: `${speed} steps a second` };
};

const withPane = (state: TuiState, by: number): TuiState => {
  const at = (panes.indexOf(state.pane) + by + panes.length) % panes.length;
  return { ...state, pane: panes[at] ?? 'saw', scroll: 0, overlay: 'none' };
};

const compared = (state: TuiState): TuiState =>
  state.mark === null
    ? { ...state, message: 'Mark the step to compare with first: m' }
    : { ...state, overlay: state.overlay === 'diff' ? 'none' : 'diff', scroll: 0 };

const PAGE_LINES = 10;
type Command = (state: TuiState, facts: StoryFacts) => TuiState;

const commands: Readonly<Record<string, Command>> = {
  right: (state, facts) => goTo(state, state.index + 1, facts),
  left: (state, facts) => goTo(state, state.index - 1, facts),
  l: (state, facts) => goTo(state, state.index + 1, facts),
  h: (state, facts) => goTo(state, state.index - 1, facts),
  ']': (state, facts) => nextTurn(state, 1, facts),
  '[': (state, facts) => nextTurn(state, -1, facts),
  home: (state, facts) => goTo(state, 0, facts),
  end: (state, facts) => goTo(state, facts.lines.length - 1, facts),
  up: (state, facts) => scrolled(state, -1, facts),
  down: (state, facts) => scrolled(state, 1, facts),
  pageup: (state, facts) => scrolled(state, -PAGE_LINES, facts),
  pagedown: (state, facts) => scrolled(state, PAGE_LINES, facts),
  tab: (state) => withPane(state, 1),
  1: (state) => ({ ...state, pane: 'saw', scroll: 0, overlay: 'none' }),
  2: (state) => ({ ...state, pane: 'models', scroll: 0, overlay: 'none' }),
  3: (state) => ({ ...state, pane: 'event', scroll: 0, overlay: 'none' }),
  space: (state, facts) =>
    state.index === facts.lines.length - 1 && !state.playing
      ? { ...goTo(state, 0, facts), playing: true }
      : { ...state, playing: !state.playing },
  '+': (state) => faster(state, 1),
  '-': (state) => faster(state, -1),
  g: (state) => ({ ...state, prompt: { kind: 'jump', text: '' }, playing: false }),
  '/': (state) => ({ ...state, prompt: { kind: 'search', text: '' }, playing: false }),
  n: (state, facts) => searched(state, 1, facts),
  N: (state, facts) => searched(state, -1, facts),
  m: (state) => ({ ...state, mark: state.index, message: `Marked #${state.index + 1}. d compares with it.` }),
  d: compared,
  '?': (state) => ({ ...state, overlay: state.overlay === 'help' ? 'none' : 'help', scroll: 0 }),
  escape: (state) => ({ ...state, overlay: 'none', playing: false }),
  q: (state) => ({ ...state, done: true }),
};

/** The state after a key or a tick of the clock. Pure; a key that means nothing changes nothing. */
export function nextState(state: TuiState, input: Input, facts: StoryFacts): TuiState {
  if (input.kind === 'tick') return played(state, facts);
  if (input.ctrl && (input.name === 'c' || input.name === 'd')) return { ...state, done: true };
  const quiet = { ...state, message: '' };
  if (state.prompt !== null) return typed(quiet, input, facts);
  if (input.name === 'tab' && input.text === '\u001b[Z') return withPane(quiet, -1);
  const command = [input.text, input.name].find((name) => Object.hasOwn(commands, name));
  return command === undefined || input.ctrl ? quiet : (commands[command]?.(quiet, facts) ?? quiet);
}

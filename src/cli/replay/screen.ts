import type { Change } from '../../replay/diff.js';
import type { StepLine, StepView } from '../../replay/replay.js';
import type { Pane, TuiState } from './state.js';
import { columnsOf, cut, fit, onOneLine, wrap, type Paint, type Tone } from './text.js';
import {
  changeLines,
  eventLines,
  modelLines,
  sawLines,
  skipLines,
  stepText,
  timeOf,
  turnTitle,
  type Line,
} from './words.js';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What the screen shows. */
export interface Shown {
  readonly lines: readonly StepLine[];
  readonly view: StepView;
  /** Differences to the marked step, while they are shown. */
  readonly changes: readonly Change[];
  readonly masked: boolean;
}

export interface Painted {
  /** Exactly as many as the terminal has rows, each as wide as it at most. */
  readonly lines: readonly string[];
  readonly maxScroll: number;
}

/** From this width on the list stands beside the pane, and not above it. */
const SIDE_BY_SIDE_COLUMNS = 90;
/** Below this height there is no scrubber, and the list is the current step alone. */
const SMALL_ROWS = 14;

const help = [
  ['q', 'leave'],
  ['← →  h l', 'step back, step on'],
  ['[ ]', 'turn before, next turn'],
  ['Home End', 'first step, last step'],
  ['space', 'play, stop'],
  ['+ -', 'faster, slower'],
  ['g', 'jump: a step (12), a position (@4711), a time (2026-05-12T14:00)'],
  ['/ n N', 'search, next, before'],
  ['tab 1 2 3', 'what the citizen saw, read models, raw event'],
  ['↑ ↓ PgUp PgDn', 'scroll'],
  ['m d', 'mark this step, compare with the mark'],
  ['? Esc', 'this page, back'],
] as const;
const KEYS_COLUMNS = 15;

const helpLines = (columns: number): Line[] =>
  help.flatMap(([keys, meaning]) =>
    wrap(meaning, columns - KEYS_COLUMNS).map((part, i): Line => {
      return { tone: 'plain', text: `${fit(i === 0 ? keys : '', KEYS_COLUMNS)}${part}` };
    }),
  );

/** From this width on there is room for whole names and sentences. */
const ROOMY_COLUMNS = 60;
const tabs: Readonly<Record<Pane, string>> = { saw: '1 Citizen saw', models: '2 Read models', event: '3 Event' };
const shortTabs: Readonly<Record<Pane, string>> = { saw: '1 Saw', models: '2 Models', event: '3 Event' };
/** The first that fits: who does not find the way out is lost. */
const keyHints = [
  '←/→ step  [ ] turn  space play  g jump  / search  tab pane  m d compare  ? keys  q leave',
  '←/→ step  [ ] turn  / search  tab pane  ? keys  q leave',
  '←/→ step  tab pane  ? keys  q leave',
  '? keys  q leave',
];

function paneLines({ state, shown, columns }: { state: TuiState; shown: Shown; columns: number }): readonly Line[] {
  const { view, changes } = shown;
  if (state.overlay === 'help') return helpLines(columns);
  if (state.overlay === 'diff') {
    const title: Line = { tone: 'bold', text: `What differs from #${(state.mark ?? 0) + 1} to #${state.index + 1}` };
    const none: Line = { tone: 'dim', text: 'Nothing: the read models hold the same.' };
    return [title, ...(changes.length === 0 ? [none] : changeLines(changes, columns))];
  }
  switch (state.pane) {
    case 'saw':
      return [...sawLines(view.saw, columns), ...skipLines(view, columns)];
    case 'models':
      return modelLines(view, columns);
    case 'event':
      return eventLines(view.event, columns);
  }
}

/** The part of a pane that is seen, filled up to its height. */
function visible(state: TuiState, all: readonly Line[], height: number): { lines: Line[]; maxScroll: number } {
  const maxScroll = Math.max(0, all.length - height);
  const scroll = Math.min(state.scroll, maxScroll);
  const from = state.pane === 'saw' && state.overlay === 'none' ? maxScroll - scroll : scroll;
  const seen = all.slice(from, from + height);
  const filling = Array.from({ length: height - seen.length }, (): Line => ({ tone: 'plain', text: '' }));
  return { lines: [...seen, ...filling], maxScroll };
}

const listTone = (line: StepLine): Tone =>
  line.mark === 'trouble' ? 'trouble' : line.mark === 'state' ? 'mark' : 'plain';

/** Steps around the current one, with a title where a turn begins. */
function listLines({ lines }: Shown, { index, mark }: TuiState, columns: number, height: number): Line[] {
  const all: (Line & { current?: true })[] = [];
  for (const line of lines) {
    if (line.turn !== lines[line.index - 1]?.turn) all.push({ tone: 'dim', text: turnTitle(line) });
    const here = line.index === index;
    const sign = here ? '▸' : line.index === mark ? '*' : ' ';
    const text = fit(`${sign} ${stepText(line)}`, columns);
    all.push(here ? { tone: 'selected', text, current: true } : { tone: listTone(line), text });
  }
  const at = all.findIndex(({ current }) => current === true);
  const from = Math.max(0, Math.min(at - Math.floor(height / 2), all.length - height));
  const seen: Line[] = all.slice(from, from + height);
  return [
    ...seen,
    ...Array.from({ length: Math.max(0, height - seen.length) }, (): Line => ({ tone: 'plain', text: '' })),
  ];
}

/** The whole story on one line: where it came into another state, where there was trouble, and where we are. */
function scrubber({ lines }: Shown, { index, mark }: TuiState, columns: number, paint: Paint): string {
  const place = (at: number): number => (lines.length < 2 ? 0 : Math.round((at * (columns - 1)) / (lines.length - 1)));
  const cells: [Tone, string][] = Array.from({ length: columns }, () => ['dim', '─']);
  for (const line of lines) {
    if (line.mark === 'state') cells[place(line.index)] = ['mark', '◆'];
  }
  for (const line of lines) if (line.mark === 'trouble') cells[place(line.index)] = ['trouble', '!'];
  if (mark !== null) cells[place(mark)] = ['bold', '*'];
  cells[place(index)] = ['selected', '●'];
  return cells.map(([tone, text]) => paint(tone, text)).join('');
}

function header({ view, masked, lines }: Shown, state: TuiState, columns: number, paint: Paint): string {
  const right = masked ? ' masked ' : ' IN THE CLEAR ';
  const playing = state.playing ? `▶ ${state.speed}/s ` : '';
  const [step, time] = [view.index + 1, timeOf(view.recordedAt)];
  const left =
    columns < ROOMY_COLUMNS
      ? ` ${playing}#${step}/${lines.length} @${view.position} ${time}`
      : ` ${playing}#${step} of ${lines.length}  position ${view.position}  ${time} UTC  ${onOneLine(view.actor)}`;
  const room = columns - columnsOf(right);
  return room < 12
    ? paint('bold', fit(left, columns))
    : paint('bold', fit(left, room)) + paint(masked ? 'dim' : 'trouble', right);
}

function tabBar(state: TuiState, columns: number, maxScroll: number, paint: Paint): string {
  const title = state.overlay === 'help' ? 'Keys' : state.overlay === 'diff' ? 'Compare' : undefined;
  if (title !== undefined) return paint('bold', fit(maxScroll > 0 ? `${title}  (↑ ↓ scroll)` : title, columns));
  const names = Object.entries(columns < ROOMY_COLUMNS ? shortTabs : tabs);
  const all = names.map(([pane, name]) => (pane === state.pane ? `[${name}]` : ` ${name} `));
  return paint('bold', fit(all.join(' ').trimEnd(), columns));
}

/** What is being typed; its end stays in sight. */
function promptLine({ kind, text }: NonNullable<TuiState['prompt']>, columns: number): string {
  const where = columns < ROOMY_COLUMNS ? 'Jump to: ' : 'Jump to (step, @position, time): ';
  const label = kind === 'jump' ? where : 'Search: ';
  let end = Array.from(text);
  while (end.length > 0 && columnsOf(`${label}${end.join('')}▁`) > columns) end = end.slice(1);
  return cut(`${label}${end.join('')}▁`, columns);
}

function footer(state: TuiState, columns: number, paint: Paint): string {
  const { prompt, message } = state;
  if (prompt !== null) return promptLine(prompt, columns);
  if (message !== '') return paint('mark', cut(onOneLine(message), columns));
  const hint = keyHints.find((each) => columnsOf(each) <= columns) ?? 'q leave';
  return paint('dim', cut(hint, columns));
}

/**
 * The screen for a state: pure, so that tests can read it. Wide terminals have the list of steps beside the pane, narrow ones above
 * it, small ones only the current step.
 */
export function screen(state: TuiState, shown: Shown, { columns, rows }: Size, paint: Paint): Painted {
  const line = ({ tone, text }: Line, width: number): string => paint(tone, fit(text, width));
  const top = [header(shown, state, columns, paint)];
  if (rows >= SMALL_ROWS) top.push(scrubber(shown, state, columns, paint));
  const room = Math.max(1, rows - top.length - 1);
  const end = footer(state, columns, paint);
  if (columns >= SIDE_BY_SIDE_COLUMNS && rows >= SMALL_ROWS) {
    const left = Math.min(56, Math.floor(columns * 0.42));
    const right = columns - left - 3;
    const { lines, maxScroll } = visible(state, paneLines({ state, shown, columns: right }), room - 1);
    const list = listLines(shown, state, left, room).map((each) => line(each, left));
    const pane = [tabBar(state, right, maxScroll, paint), ...lines.map((each) => line(each, right))];
    const body = list.map((each, i) => `${each} ${paint('dim', '│')} ${pane[i] ?? ''}`);
    return { lines: [...top, ...body, end].slice(0, rows), maxScroll };
  }
  const listHeight = rows < SMALL_ROWS ? Math.min(1, room - 1) : Math.max(3, Math.floor(room / 3));
  const height = Math.max(0, room - listHeight - 1);
  const { lines, maxScroll } = visible(state, paneLines({ state, shown, columns }), height);
  const list = listHeight <= 0 ? [] : listLines(shown, state, columns, listHeight).map((each) => line(each, columns));
  const body = [...list, tabBar(state, columns, maxScroll, paint), ...lines.map((each) => line(each, columns))];
  return { lines: [...top, ...body, end].slice(0, rows), maxScroll };
}

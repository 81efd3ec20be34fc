import type { Change } from '../../replay/diff.js';
import type { Replay, StepView } from '../../replay/replay.js';
import { columnsOf, fit, onOneLine, safeJson } from './text.js';
import { changeLines, eventLines, modelLines, sawLines, skipLines, timeOf, turnTitle, type Line } from './words.js';

const COLUMNS = 100;
const SKIP_INDENT = ' '.repeat(7);
const joined = (lines: readonly Line[], indent = '  '): string =>
  lines.map(({ text }) => `${indent}${text}`.trimEnd()).join('\n');

/** The whole timeline, grouped by turn: one line for each step. */
export function timelineText({ lines }: Replay): string {
  const actorColumns = Math.max(0, ...lines.map(({ actor }) => columnsOf(onOneLine(actor))));
  let turn = -1;
  const out: string[] = [];
  for (const step of lines) {
    if (step.turn !== turn) out.push(`${turn === -1 ? '' : '\n'}${turnTitle(step)}`);
    turn = step.turn;
    const place = `#${step.index + 1}`.padStart(5);
    const about = `${place}  ${step.position.padStart(7)}  ${timeOf(step.recordedAt)}  ${fit(onOneLine(step.actor), actorColumns)}  ${step.type}`;
    out.push(`${about}  ${onOneLine(step.gist)}`.trimEnd());
    out.push(...skipLines(step, COLUMNS - SKIP_INDENT.length).map(({ text }) => `${SKIP_INDENT}${text}`));
  }
  return `${out.join('\n')}\n`;
}

/** One moment: what the citizen saw, what the read models held, the raw event. */
export function momentText(view: StepView): string {
  const head = `#${view.index + 1}  position ${view.position}  ${timeOf(view.recordedAt)} UTC  ${view.type}`;
  return [
    `${head}\n${turnTitle(view)}`,
    `\nWhat the citizen saw\n${joined(sawLines(view.saw, COLUMNS))}`,
    `What the read models held\n${joined(modelLines(view, COLUMNS))}`,
    `\nThe event\n${joined(eventLines(view.event, COLUMNS))}\n`,
  ].join('\n');
}

/** What differs between two moments. */
export const diffText = (from: string, to: string, changes: readonly Change[]): string =>
  changes.length === 0
    ? `The read models hold the same at ${from} and at ${to}.\n`
    : `From ${from} to ${to}:\n${joined(changeLines(changes, COLUMNS))}\n`;

const head = ({ index, turn, turnKind, position, recordedAt, actor, type, gist, skippedBy }: StepView) => ({
  ...{ step: index + 1, turn: turn + 1, turnKind, position, recordedAt, actor, type, gist, skippedBy },
});

/** One step as one line of JSON. What the citizen saw is only what is new since the step before. */
export function stepJson(view: StepView, sawBefore: number): string {
  return `${safeJson({ ...head(view), event: view.event, sawNew: view.saw.slice(sawBefore), changes: view.changes })}\n`;
}

/** One moment, whole, as one line of JSON. */
export const momentJson = (view: StepView): string =>
  `${safeJson({ ...head(view), event: view.event, saw: view.saw, readModels: view.readModels, changes: view.changes })}\n`;

export const diffJson = (changes: readonly Change[]): string =>
  changes.map((change) => `${safeJson(change)}\n`).join('');

import type { Change } from '../../replay/diff.js';
import type { Shown } from '../../replay/masking.js';
import type { SawLine, StepLine, StepView } from '../../replay/replay.js';
import type { TurnKind } from '../../replay/timeline.js';
import { onOneLine, printable, wrap, type Tone } from './text.js';

// How a replay is put into lines, for the terminal interface and for plain text alike.

/** A line with the tone in which it is painted. */
export interface Line {
  readonly tone: Tone;
  readonly text: string;
}
const line = (tone: Tone, text: string): Line => ({ tone, text });

const turnNames: Readonly<Record<TurnKind, string>> = {
  opening: 'the conversation',
  message: 'a message of the citizen',
  office: 'the office',
  elsewhere: 'in another conversation',
};
export const turnTitle = ({ turn, turnKind }: Pick<StepLine, 'turn' | 'turnKind'>): string =>
  `Turn ${turn + 1}: ${turnNames[turnKind]}`;

/** `2026-05-12 14:03:22` in UTC. */
export const timeOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** One step on one line. */
export const stepText = ({ index, type, gist }: StepLine): string => onOneLine(`#${index + 1} ${type} ${gist}`);

const roleTones: Readonly<Record<SawLine['role'], Tone>> = {
  citizen: 'citizen',
  agent: 'agent',
  officer: 'office',
  system: 'dim',
};
const roleNames: Readonly<Record<SawLine['role'], string>> = {
  citizen: 'Citizen',
  agent: 'Assistant',
  officer: 'Office',
  system: 'Notice',
};

/** Who decided that a read model leaves this event out, when and why; nothing for nearly all events. */
export const skipLines = ({ skippedBy }: Pick<StepLine, 'skippedBy'>, columns: number): Line[] =>
  skippedBy.flatMap(({ readModel, at, by, reason }) =>
    wrap(`! left out of ${readModel} by ${onOneLine(by)}, ${timeOf(at)} UTC: ${onOneLine(reason)}`, columns).map(
      (text) => line('trouble', text),
    ),
  );

/** The conversation as the citizen had it on the screen. */
export function sawLines(saw: readonly SawLine[], columns: number): Line[] {
  if (saw.length === 0) return [line('dim', 'Nothing yet.')];
  return saw.flatMap(({ at, role, text, files, choices, state }) => [
    line(roleTones[role], `${roleNames[role]}  ${timeOf(at)}  (${state})`),
    ...wrap(printable(text), columns - 2).map((part) => line('plain', `  ${part}`)),
    ...files.map((file) => line('dim', `  + ${onOneLine(file)}`)),
    ...(choices.length === 0
      ? []
      : wrap(`[${choices.map(onOneLine).join('] [')}]`, columns - 2).map((part) => line('dim', `  ${part}`))),
    line('plain', ''),
  ]);
}

const valueText = (value: Shown): string =>
  typeof value === 'string' ? onOneLine(value) : onOneLine(JSON.stringify(value));

/** A row that came or went on one line; a row that changed on one line for each field. */
export function changeLines(changes: readonly Change[], columns: number): Line[] {
  const byRow = new Map<string, Change[]>();
  for (const change of changes) {
    const row = `${change.readModel} ${keyText(change.key)}`;
    byRow.set(row, [...(byRow.get(row) ?? []), change]);
  }
  return [...byRow].flatMap(([row, fields]) =>
    rowTexts(row, fields).flatMap((text) => {
      const [first = '', ...rest] = wrap(text, columns);
      const more = rest.length === 0 ? [] : wrap(text.slice(first.length).trimStart(), Math.max(1, columns - 2));
      return [line('change', first), ...more.map((part) => line('change', `  ${part}`))];
    }),
  );
}

function rowTexts(row: string, fields: readonly Change[]): string[] {
  const listed = (which: 'before' | 'after'): string =>
    fields.map((field) => `${field.column} ${valueText(field[which])}`).join(', ');
  if (fields.length > 1 && fields.every(({ before }) => before === null)) return [`+ ${row} ${listed('after')}`];
  if (fields.length > 1 && fields.every(({ after }) => after === null)) return [`- ${row} ${listed('before')}`];
  return fields.map(({ column, before, after }) => `~ ${row} ${column}: ${valueText(before)} → ${valueText(after)}`);
}

const keyText = (key: Shown): string =>
  typeof key === 'object' && key !== null
    ? `[${Object.values(key as object)
        .map(String)
        .join(' ')}]`
    : '';

function rowLines(row: Shown, columns: number): Line[] {
  return Object.entries(row as Readonly<Record<string, Shown>>)
    .filter(([, value]) => value !== null)
    .flatMap(([name, value]) => wrap(`  ${name}: ${valueText(value)}`, columns).map((text) => line('plain', text)));
}

const stopLines = (name: string, stoppedAt: number, columns: number): Line[] =>
  wrap(`! stopped at #${stoppedAt}, older from there on; why: citizen projections status ${name}`, columns).map(
    (text) => line('trouble', text),
  );

/** What this step changed, and then what each read model held. */
export function modelLines(view: StepView, columns: number): Line[] {
  const { readModels, changes } = view;
  const changed =
    changes.length === 0
      ? [line('dim', 'This step changed nothing here.')]
      : [line('bold', 'Changed by this step'), ...changeLines(changes, columns)];
  const held = readModels.flatMap(({ name, rows, stoppedAt }) => [
    line('plain', ''),
    line('bold', `${name} (${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`),
    ...(stoppedAt === undefined ? [] : stopLines(name, stoppedAt, columns)),
    ...rows.flatMap((row, i) => [...(i === 0 ? [] : [line('dim', '  --')]), ...rowLines(row, columns)]),
  ]);
  return [...skipLines(view, columns), ...changed, ...held];
}

/** The raw event, field by field. */
export function eventLines(event: Shown, columns: number, indent = ''): Line[] {
  const entries = Object.entries(event as Readonly<Record<string, Shown>>);
  return entries.flatMap(([name, value]): Line[] => {
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
      return [line('bold', `${indent}${onOneLine(name)}:`), ...eventLines(value, columns, `${indent}  `)];
    }
    const text = typeof value === 'string' ? printable(value) : JSON.stringify(value);
    const [first = '', ...rest] = wrap(text, Math.max(10, columns - indent.length - name.length - 2));
    return [
      line('plain', `${indent}${onOneLine(name)}: ${first}`),
      ...rest.map((part) => line('plain', `${' '.repeat(indent.length + name.length + 2)}${part}`)),
    ];
  });
}

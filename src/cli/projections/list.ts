import type { ProjectionSummary } from '../../projections/admin.js';
import type { ExitCode } from '../output.js';
import { jsonLine, withNames, type ProjectionsCommand } from './command.js';
import { grouped, tableText } from './text.js';

export interface ListCommand extends ProjectionsCommand {
  /** Empty: all of them, in a table. */
  readonly names: readonly string[];
  readonly width?: number | undefined;
}

const WIDTH = 120;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `812 B`, `1.4 MiB` */
const sizeOf = (bytes: number): string => {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? ''}`;
};

const columns = [
  { heading: 'NAME' },
  { heading: 'VER', right: true },
  { heading: 'COLUMNS', right: true },
  { heading: '≈ROWS', right: true },
  { heading: 'SIZE', right: true },
  { heading: 'COPIES' },
  { heading: 'EVENTS' },
];

/** Counting them would read every table from end to end. */
const FOOTER =
  '\n≈ROWS: rows of the live copy, as PostgreSQL estimates them; right after a rebuild it may still say 0.\n';

const cellsOf = ({ name, version, columns: fields, events, copies }: ProjectionSummary): string[] => {
  const live = copies.find((copy) => copy.role === 'live' && copy.version === version);
  return [
    name,
    String(version),
    String(fields.length),
    live === undefined ? '-' : grouped(live.rows),
    sizeOf(copies.reduce((sum, { bytes }) => sum + bytes, 0)),
    copies.map((copy) => `v${copy.version} ${copy.role}`).join(', ') || 'none yet',
    `${events.length}: ${events.join(', ')}`,
  ];
};

const wholeText = ({ name, version, key, columns: fields, events, copies }: ProjectionSummary): string => {
  const typeOf = (column: (typeof fields)[number]): string => `${column.type}${column.nullable ? ' or null' : ''}`;
  const wide = Math.max(...fields.map((column) => column.name.length));
  return [
    `${name}, version ${version}`,
    'Columns:',
    ...fields.map((column) => {
      const isKey = key.includes(column.name) ? ' (key)' : '';
      return `  ${column.name.padEnd(wide)}  ${typeOf(column)}${isKey}`;
    }),
    'Events that it listens to:',
    ...events.map((event) => `  ${event}`),
    'Copies in the database:',
    ...copies.map(
      (copy) =>
        `  version ${copy.version}, ${copy.role}, ${copy.state}: ${copy.table}, position ${grouped(copy.position)}, ` +
        `about ${grouped(copy.rows)} rows, ${sizeOf(copy.bytes)}`,
    ),
    ...(copies.length === 0 ? ['  none yet: they are made when a server starts'] : []),
    '',
  ].join('\n');
};

/**
 * `citizen projections list [name…] [--json]`: what the code defines and what the database has of it.
 * @returns 0, or 2 when it could not be told
 */
export const runList = (command: ListCommand): Promise<ExitCode> =>
  withNames(command, command.names, async () => {
    const { admin, output, names, json, width = WIDTH } = command;
    const all = await admin.list();
    const asked = all.filter(({ name }) => names.length === 0 || names.includes(name));
    if (json === true) output.out(jsonLine(asked));
    else if (names.length === 0) output.out(`${tableText(columns, asked.map(cellsOf), Math.max(width, 80))}${FOOTER}`);
    else output.out(asked.map(wholeText).join('\n'));
    return 0;
  });

import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import type { Figure } from './figures.js';

/** One line of the table of section "Measurements": a figure beside its peer or limit. */
export interface Measurement {
  readonly what: string;
  readonly unit: string;
  readonly ours: Figure;
  readonly peer?: { readonly name: string; readonly figure: Figure } | undefined;
  /** Ours in relation to the peer, and what it must at least (or at most) be. */
  readonly ratio?: { readonly value: number; readonly target: string; readonly met: boolean } | undefined;
}

const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(3));
const shown = ({ median, least, greatest, rounds }: Figure): string =>
  `${number(median)} (${number(least)} to ${number(greatest)}, ${rounds} rounds)`;

/** Prints the measurements as a Markdown table and keeps them, with the machine, in bench/results/<name>.json. */
export async function report(name: string, pool: pg.Pool, measurements: readonly Measurement[]): Promise<void> {
  const { rows } = await pool.query<{ version: string; fsync: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync`,
  );
  const machine = {
    processors: `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}`,
    loadAverage: os.loadavg().map((load) => Number(load.toFixed(2))),
    node: process.version,
    postgres: rows[0]?.version,
    fsync: rows[0]?.fsync,
  };
  console.log(`\n${machine.processors}, Node ${machine.node}, PostgreSQL ${machine.postgres}, fsync ${machine.fsync},`);
  console.log(`load average at the end ${machine.loadAverage.join(' ')}\n`);
  console.log('| what | unit | ours: median (spread) | peer or limit | ratio | target |\n|---|---|---|---|---|---|');
  for (const { what, unit, ours, peer, ratio } of measurements) {
    const beside = peer === undefined ? '' : `${peer.name}: ${shown(peer.figure)}`;
    const verdict = ratio === undefined ? '' : `${ratio.target} ${ratio.met ? '(met)' : '(MISSED)'}`;
    console.log(`| ${what} | ${unit} | ${shown(ours)} | ${beside} | ${ratio?.value.toFixed(2) ?? ''} | ${verdict} |`);
  }
  mkdirSync('bench/results', { recursive: true });
  const file = path.join('bench', 'results', `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, measurements }, null, 2)}\n`);
  console.log(`\nKept in ${file}`);
}

/** Keeps the figures of a measurement that has a table of its own in bench/results/<name>.json. */
export function keep(name: string, figures: object): void {
  mkdirSync('bench/results', { recursive: true });
  const machine = { processors: os.cpus().length, loadAverage: os.loadavg(), node: process.version };
  const file = path.join('bench', 'results', `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, ...figures }, null, 2)}\n`);
  console.log(`\nKept in ${file}`);
}

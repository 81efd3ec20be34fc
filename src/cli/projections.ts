import type pg from 'pg';
import type { EventLog } from '../events/event-log.js';
import type { Projection } from '../projections/projection.js';
import { projections as allProjections } from '../projections/read-models/index.js';
import { rebuildProjections, type RebuildProgress, type RebuildResult } from '../projections/rebuild.js';
import { ownerName } from '../projections/start.js';
import { readStatus, type ProjectionStatus } from '../projections/status.js';
import { messageOf, type ExitCode, type Output } from './output.js';
import { createProgress } from './progress.js';

interface Common {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly output: Output;
  readonly isTty: boolean;
  /** Default: all read models of this program. */
  readonly projections?: readonly Projection[];
  readonly nowMs?: () => number;
  /** Stops a rebuild; the next one goes on from there. */
  readonly signal?: AbortSignal | undefined;
}
export interface StatusCommand extends Common {
  readonly command: 'status';
  /** One JSON array instead of a table; positions are decimal strings. */
  readonly json?: boolean | undefined;
}
export interface RebuildCommand extends Common {
  readonly command: 'rebuild';
  /** Names of projections; empty: all of them, from one read of the log. */
  readonly names: readonly string[];
}

const grouped = (count: number | bigint): string => count.toLocaleString('en-US');

/** `0 s`, `12 s`, `3 min`, `5 h`, `2 d`; a dash when it is not known. */
function ageOf(seconds: number | null): string {
  if (seconds === null) return '-';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

const headings = ['NAME', 'VERSION', 'STATE', 'POSITION', 'HEAD', 'BEHIND', 'BEHIND FOR', 'EVENTS/S', 'OWNER'];

const cellsOf = (status: ProjectionStatus): string[] => [
  status.name,
  String(status.version),
  status.state === 'running' ? status.role : status.state,
  String(status.position),
  String(status.head),
  grouped(status.lagEvents),
  ageOf(status.lagSeconds),
  grouped(Math.round(status.eventsPerSecond)),
  status.owner ?? '-',
];

function tableText(statuses: readonly ProjectionStatus[]): string {
  const rows = [headings, ...statuses.map(cellsOf)];
  const widths = headings.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const errors = statuses.flatMap(({ name, error }) =>
    error === null
      ? []
      : [`${name} stopped at ${error.eventType}, position ${error.position ?? '?'}: ${error.message}`],
  );
  return `${[...lines, ...errors].join('\n')}\n`;
}

const jsonText = (statuses: readonly ProjectionStatus[]): string =>
  `${JSON.stringify(statuses, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`;

async function runStatus({ pool, log, output, json }: StatusCommand): Promise<ExitCode> {
  try {
    const statuses = await readStatus(pool, () => log.head());
    output.out(json === true ? jsonText(statuses) : tableText(statuses));
    return statuses.some(({ state }) => state === 'failed') ? 1 : 0;
  } catch (error) {
    output.err(`The state of the projections could not be read: ${messageOf(error)}\n`);
    return 2;
  }
}

const phases: Readonly<Record<RebuildProgress['phase'], string>> = {
  wait: 'Waiting for other rebuilds',
  compare: 'Comparing',
  load: 'Reading the log',
  index: 'Making indexes',
  follow: 'Catching up',
  swap: 'Taking over',
};

/** A progress bar while the log is read, and one line for each other step. */
function progressOf({ output, isTty, nowMs = () => performance.now() }: RebuildCommand) {
  const write = (text: string): void => output.err(text);
  const bar = createProgress({ label: phases.load, write, isTty, nowMs });
  const seen = { start: undefined as bigint | undefined, phase: 'load' as RebuildProgress['phase'] };
  return {
    update({ phase, position, head }: RebuildProgress): void {
      if (phase === 'load') {
        seen.start ??= position;
        bar.update(Number(position - seen.start), Number(head - seen.start));
      } else if (phase !== seen.phase && phase !== 'swap') {
        bar.finish();
        write(`${phases[phase]} …\n`);
      }
      seen.phase = phase;
    },
    finish: () => bar.finish(),
  };
}

function resultText({ projection: { name, version }, outcome, failure }: RebuildResult): string {
  switch (outcome) {
    case 'rebuilt':
      return `${name}: rebuilt, version ${version} is live\n`;
    case 'busy':
      return `${name}: another process is rebuilding it; see "citizen projections status"\n`;
    case 'cancelled':
      return `${name}: the rebuild was called off\n`;
    case 'failed':
      return (
        `${name}: stopped at ${failure?.eventType ?? 'an event'}, position ${failure?.position ?? '?'}: ` +
        `${failure?.message ?? ''}. The rows of before are served on.\n`
      );
  }
}

async function runRebuild(command: RebuildCommand): Promise<ExitCode> {
  const { pool, log, output, names, signal, projections = allProjections } = command;
  const unknown = names.find((name) => !projections.some((projection) => projection.name === name));
  if (unknown !== undefined) {
    const known = projections.map(({ name }) => name).join(', ');
    output.err(`There is no projection "${unknown}". There are: ${known}.\n`);
    return 2;
  }
  const wanted = projections.filter(({ name }) => names.length === 0 || names.includes(name));
  const progress = progressOf(command);
  try {
    const onProgress = (at: RebuildProgress): void => progress.update(at);
    const results = await rebuildProjections(wanted, { pool, log, owner: ownerName(), signal, onProgress });
    progress.finish();
    for (const result of results) output.out(resultText(result));
    return results.every(({ outcome }) => outcome === 'rebuilt') ? 0 : 1;
  } catch (error) {
    progress.finish();
    const again = 'What was built is kept: run it again and it goes on.';
    if (signal?.aborted === true) output.err(`Stopped. ${again}\n`);
    else output.err(`The rebuild did not end: ${messageOf(error)}. ${again}\n`);
    return 2;
  }
}

/**
 * `citizen projections status [--json]` and `citizen projections rebuild [name…]`. Works beside running servers: they go on
 * serving and feeding the live tables. Progress goes to `err`, results to `out`.
 * @returns 0 when all is well; 1 when a projection stands failed, or was not rebuilt; 2 when it could not be done at all
 */
export const runProjections = async (command: StatusCommand | RebuildCommand): Promise<ExitCode> =>
  command.command === 'status' ? runStatus(command) : runRebuild(command);

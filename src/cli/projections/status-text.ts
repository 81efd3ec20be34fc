import type { ProjectionStatus } from '../../projections/admin.js';
import { ageOf, grouped, percentOf, tableText } from './text.js';

const phases: Readonly<Record<NonNullable<ProjectionStatus['phase']>, string>> = {
  load: 'loading',
  index: 'indexing',
  follow: 'catching up',
  swap: 'taking over',
  compare: 'comparing',
};

/** One or two words for what a copy does. */
export function stateOf({ role, state, phase, position, head, owner, waiting }: ProjectionStatus): string {
  if (role === 'previous') return 'kept';
  if (state !== 'running') return state;
  if (waiting !== null) return 'waiting';
  if (role === 'live') return 'running';
  const done = `${percentOf(position, head)}%`;
  if (owner === null) return `stopped ${done}`;
  return phase === 'index' || phase === 'swap' ? phases[phase] : `${phases[phase ?? 'load']} ${done}`;
}

/** Whether a newer version serves: then it concerns only processes of an older release. */
export const isOutdated = ({ name, version }: ProjectionStatus, all: readonly ProjectionStatus[]): boolean =>
  all.some((other) => other.name === name && other.role === 'live' && other.version > version);

/** The name, and which copy of it when it is not the live one. */
const copyOf = ({ name, version, role }: ProjectionStatus): string =>
  role === 'live' ? name : `The ${role} copy of ${name} (version ${version})`;

/** Why the database takes no rows, in words before the code. */
function wordsFor(reason: string): string {
  const known: Readonly<Record<string, string>> = {
    blocked: 'a lock of somebody else',
    disk_full: 'the disk is full',
    '42501': 'a right is missing',
    '42703': 'a column is missing',
    '42P01': 'a table is missing',
  };
  const words = known[reason];
  return words === undefined ? `code ${reason}` : `${words}, ${reason}`;
}

/** What a person should know or do about one copy; lines. */
export function notesOn(status: ProjectionStatus, all: readonly ProjectionStatus[]): string[] {
  const { name, role, state, error, waiting, owner, pausedReason, lagEvents, position } = status;
  if (role === 'previous') return [];
  if (isOutdated(status, all)) {
    const drop = `once no process of it runs: citizen projections drop-old ${name}`;
    return owner === null ? [`Version ${status.version} of ${name} belongs to an older release; ${drop}`] : [];
  }
  if (state === 'failed') {
    const where = error === null ? 'an event' : `${error.eventType}, position ${error.position ?? '?'}`;
    const more = `  Its rows are served on. The error, and what to do: citizen projections status ${name}`;
    return [`${copyOf(status)} stopped at ${where}: ${error?.message ?? 'unknown'}`, more];
  }
  if (state === 'paused') {
    const why = pausedReason === null ? '' : ` (${pausedReason})`;
    return [`${copyOf(status)} is paused${why}. Go on with: citizen projections resume ${name}`];
  }
  if (waiting !== null) {
    const tries = `${waiting.failures} ${waiting.failures === 1 ? 'try' : 'tries'} failed since ${waiting.since}`;
    const why = `${wordsFor(waiting.reason)}; ${tries}`;
    return [`${copyOf(status)} waits: the database does not take its rows. It goes on by itself.`, `  (${why})`];
  }
  if (owner !== null) return [];
  if (role === 'building') {
    const again = `citizen projections rebuild ${name}; throw it away with: citizen projections cancel ${name}`;
    return [`A rebuild of ${name} was stopped at position ${grouped(position)}.`, `  Go on with: ${again}`];
  }
  if (role === 'live' && lagEvents > 0n)
    return [`Nobody applies events to ${name}, version ${status.version}: no server with this version is running.`];
  return [];
}

const columns = [
  { heading: 'NAME' },
  { heading: 'VER', right: true },
  { heading: 'COPY' },
  { heading: 'STATE' },
  { heading: 'POSITION', right: true },
  { heading: 'BEHIND', right: true },
  { heading: 'FOR', right: true },
  { heading: 'EVENTS/S', right: true },
  { heading: 'LEFT', right: true },
  { heading: 'OWNER' },
];

const cellsOf = (status: ProjectionStatus): string[] => [
  status.name,
  String(status.version),
  status.role,
  stateOf(status),
  grouped(status.position),
  status.lagIsDistance === true ? '-' : grouped(status.lagEvents),
  ageOf(status.lagSeconds),
  grouped(Math.round(status.eventsPerSecond)),
  status.etaSeconds === null || status.lagEvents === 0n ? '-' : ageOf(status.etaSeconds),
  status.owner ?? '-',
];

/** The head of the log, a table of all copies, and a sentence for each that needs a person. */
export function overviewText(statuses: readonly ProjectionStatus[], width: number): string {
  const [first] = statuses;
  if (first === undefined) return 'There are no read models yet: they are made when a server starts.\n';
  const log =
    first.head === 0n
      ? 'The event log is empty.'
      : `The event log is at position ${grouped(first.head)}; its last event is ${ageOf(first.headAgeSeconds)} old.`;
  const notes = statuses.flatMap((status) => notesOn(status, statuses));
  const rows = tableText(columns, statuses.map(cellsOf), width);
  return `${log}\n\n${rows}${notes.length === 0 ? '' : `\n${notes.join('\n')}\n`}`;
}

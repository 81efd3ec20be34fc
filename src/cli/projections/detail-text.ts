import type { ProjectionStatus } from '../../projections/admin.js';
import { notesOn, stateOf } from './status-text.js';
import { ageOf, grouped } from './text.js';

const field = (label: string, value: string): string => `  ${label.padEnd(10)} ${value}`;
const onlyIf = (holds: boolean, ...lines: readonly string[]): readonly string[] => (holds ? lines : []);

function copyText(status: ProjectionStatus): string[] {
  const { role, position, head, lagEvents, lagIsDistance, lagSeconds, etaSeconds, eventsPerSecond, skipped } = status;
  const left = etaSeconds === null || etaSeconds < 1 ? '' : `, about ${ageOf(etaSeconds)} left`;
  return [
    `${status.name}, version ${status.version}, ${role}: ${stateOf(status)}`,
    field('position', `${grouped(position)} of ${grouped(head)}`),
    field('behind', `${lagIsDistance === true ? '' : `${grouped(lagEvents)} events, `}${ageOf(lagSeconds)}${left}`),
    field('rate', `${grouped(Math.round(eventsPerSecond))} events/s`),
    field('owner', status.owner ?? 'nobody'),
    field('table', status.table),
    field('updated', status.updatedAt),
    ...onlyIf(status.maxLoadPercent !== null, field('max load', `${status.maxLoadPercent ?? 100} %`)),
    ...onlyIf(status.pausedReason !== null, field('paused', status.pausedReason ?? '')),
    ...onlyIf(
      skipped > 0,
      field('left out', `${skipped} ${skipped === 1 ? 'event' : 'events'} by decision of a person`),
    ),
  ];
}

/** What stopped, and what readers have meanwhile. */
const stoppedText: Readonly<Record<ProjectionStatus['role'], string>> = {
  live: 'Stopped at an event that it cannot apply. The rows that it has are served on; nothing else is held up.',
  building: 'Stopped at an event that it cannot apply. The live rows are served on; nothing else is held up.',
  verifying: 'Stopped at an event that it cannot apply. The live rows are served on; nothing else is held up.',
  previous: 'A roll-back could not bring these rows up to date: it stopped at an event. The live rows are served on.',
};

/** Commands that mend it, each with what it does. */
function mends({ name, role, error }: ProjectionStatus): string[] {
  const run = (order: string, does: string): string[] => [`  citizen projections ${order}`, `      ${does}`];
  if (role === 'previous')
    return [
      ...run(`rollback ${name}`, 'tries again, once what stopped it was mended'),
      ...run(`drop-old ${name}`, 'gives these rows up'),
    ];
  const skip = `skip ${name} --position ${error?.position ?? '?'} --reason "…" --officer <staff id>`;
  return [
    ...run(`${role === 'live' ? 'retry' : 'rebuild'} ${name}`, 'tries the event again, once the code is mended'),
    ...(role === 'live' ? run(`rebuild ${name}`, 'makes the table anew, if it is the table that is wrong') : []),
    ...run(skip, 'leaves this one event out of this read model, for ever; who and why is recorded'),
  ];
}

/** Where and why it stopped. Nothing of the event's data is in it. */
function errorText(status: ProjectionStatus): string[] {
  const { role, error } = status;
  if (error === null) return [];
  const [first = '', ...rest] = error.stack;
  return [
    stoppedText[role],
    field('event', `${error.eventType}, position ${error.position ?? '?'}`),
    ...onlyIf(error.eventId !== undefined, field('id', error.eventId ?? '')),
    field('error', error.message),
    field('stack', first),
    ...rest.map((line) => field('', line)),
    'What to do:',
    ...mends(status),
  ];
}

/** All that is known of every copy of one projection. */
export const detailText = (statuses: readonly ProjectionStatus[]): string =>
  `${statuses.map((status) => [...copyText(status), ...(status.error === null ? notesOn(status, statuses) : errorText(status))].join('\n')).join('\n\n')}\n`;

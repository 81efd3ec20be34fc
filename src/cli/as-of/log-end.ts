import type { LogHead } from '../../events/store.js';
import type { Moment } from '../../projections/as-of.js';

type End = Pick<LogHead, 'position' | 'recordedAt'>;

/** Said where somebody asks for a position that no event has yet; undefined for a moment that can be told. */
export const beyondEnd = (moment: Moment, { position }: End): string | undefined =>
  'position' in moment && moment.position > position
    ? `The log ends at position ${position}: there is nothing at ${moment.position} yet. (position_beyond_end)`
    : undefined;

/** Whether everything that the log has had been recorded at that moment. */
const isTheEnd = (moment: Moment, { position, recordedAt }: End): boolean =>
  'position' in moment
    ? moment.position >= position
    : recordedAt === null || Date.parse(recordedAt) <= Date.parse(moment.time);

/** Said above a list of a moment: whether that is how things are. @param asked the moment as the person wrote it, on one line */
export function banner(asked: string, moment: Moment, end: End): string {
  const place = `the log ends at position ${end.position}`;
  return isTheEnd(moment, end)
    ? `As of ${asked}: how things are now, for ${place}. What was erased reads as erased.\n`
    : `As of ${asked}: not how things are now, for ${place}. What was erased since reads as erased.\n`;
}

import type { ProjectionStatus } from '../status.js';

/**
 * `building`: this version is not there yet, and the rows of another one are shown. `waiting`: the database does not take its
 * rows just now. `paused` and `failed` stand still until a person acts; their rows are shown all the same.
 */
type ReadModelState = 'running' | 'waiting' | 'paused' | 'failed' | 'building';

/** How a read model of this program stands, as those see it who read it. */
export interface ReadModelHealth {
  readonly name: string;
  readonly version: number;
  readonly state: ReadModelState;
  /** Of the rows that are shown. Null while there are none at all, or where the log cannot count (`lagIsDistance`). */
  readonly lagEvents: bigint | null;
  readonly lagSeconds: number | null;
  readonly eventsPerSecond: number;
  /** Events that a person took out of it. */
  readonly skipped: number;
  /** Events that a copy under construction has still to read; null when none is. */
  readonly rebuildEventsLeft: bigint | null;
}

type Copy = Pick<
  ProjectionStatus,
  | 'name'
  | 'version'
  | 'role'
  | 'state'
  | 'waiting'
  | 'lagEvents'
  | 'lagIsDistance'
  | 'lagSeconds'
  | 'eventsPerSecond'
  | 'skipped'
>;

const countedLag = (copy: Copy | undefined): bigint | null =>
  copy === undefined || copy.lagIsDistance === true ? null : copy.lagEvents;

/** @param built the copy of a version that is not live yet */
const stateOf = (live: Copy | undefined, built: Copy | undefined): ReadModelState => {
  // A new version that stopped at an event on its way is not coming by itself.
  if (live === undefined) return built?.state === 'failed' ? 'failed' : 'building';
  if (live.state !== 'running') return live.state;
  return live.waiting === null ? 'running' : 'waiting';
};

/**
 * What of all the copies in the database concerns the readers of this program: those of other versions belong to processes that
 * were there before or come after, and may be as far behind as they like.
 * @param own what the code defines
 */
export const healthOf = (
  own: readonly { readonly name: string; readonly version: number }[],
  copies: readonly Copy[],
): ReadModelHealth[] =>
  own.map(({ name, version }) => {
    const lives = copies.filter((copy) => copy.name === name && copy.role === 'live');
    const mine = lives.find((copy) => copy.version === version);
    const shown = mine ?? lives.reduce<Copy | undefined>((a, b) => (a && a.version > b.version ? a : b), undefined);
    const built = copies.find((copy) => copy.name === name && copy.version === version && copy.role === 'building');
    return {
      name,
      version,
      state: stateOf(mine, built),
      lagEvents: countedLag(shown),
      lagSeconds: shown?.lagSeconds ?? null,
      eventsPerSecond: shown?.eventsPerSecond ?? 0,
      skipped: shown?.skipped ?? 0,
      rebuildEventsLeft: countedLag(built),
    };
  });

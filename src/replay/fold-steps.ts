import { createMemoryRows, type MemoryRows } from '../projections/memory-rows.js';
import { keyString } from '../projections/fold.js';
import type { Projection, Row } from '../projections/projection.js';
import type { Skip } from '../projections/skips.js';
import type { Step } from './timeline.js';

/** What the read models held about this story after one step: rows by projection, in the order of their keys. */
export type Snapshot = ReadonlyMap<Projection, readonly Row[]>;

/** Sorted as text, numbers by value, so that lines stand in their order. */
const inKeyOrder = (projection: Projection, rows: readonly Row[]): readonly Row[] =>
  [...rows].sort((a, b) => keyString(projection, a).localeCompare(keyString(projection, b), 'en', { numeric: true }));

const emptyRows = (projections: readonly Projection[]): Map<Projection, MemoryRows> =>
  new Map(projections.map((projection) => [projection, createMemoryRows(projection)]));

/**
 * Folds the steps of a story with the functions of the projections themselves. Only the conversation's and the case's own streams
 * are folded: rows that others own are not part of the story. A read model that sums over many citizens would show their part of
 * it alone; there is none today.
 * @param skips events that a read model leaves out: it cannot apply them, so they are not folded here either
 */
export function createStepFolder(
  steps: readonly Step[],
  projections: readonly Projection[],
  skips: readonly Pick<Skip, 'projection' | 'position'>[] = [],
) {
  const leftOut = new Set(skips.map(({ projection, position }) => `${projection} ${position}`));
  const known = new Map<number, Snapshot>();
  /** By read model, the step at whose event it stops, as the live one does. */
  const stops = new Map<string, number>();
  let folded = emptyRows(projections);
  let at = -1;
  let turn: Promise<unknown> = Promise.resolve();

  const advance = async (): Promise<void> => {
    at += 1;
    const step = steps[at];
    if (step === undefined || step.place === 'elsewhere') return;
    for (const [{ name }, rows] of folded) {
      if (at >= (stops.get(name) ?? Infinity) || leftOut.has(`${name} ${step.recorded.position}`)) continue;
      // One that cannot apply an event stands still from there on; the others, and the story, go on.
      await rows.fold([step.event]).catch(() => stops.set(name, at));
    }
  };
  const snapshot = async (index: number): Promise<Snapshot> => {
    const before = known.get(index);
    if (before !== undefined) return before;
    if (index < at) {
      folded = emptyRows(projections);
      at = -1;
    }
    while (at < index) await advance();
    const now: Snapshot = new Map(
      [...folded].map(([projection, rows]) => [projection, inKeyOrder(projection, rows.rows())]),
    );
    // Enough for stepping to and fro; a long story must not fill the memory with copies of itself.
    if (known.size >= SNAPSHOTS_KEPT) known.clear();
    known.set(index, now);
    return now;
  };
  return {
    /** The step at which a read model stopped, as far as has been folded; undefined for one that goes on. */
    stopOf: (name: string): number | undefined => stops.get(name),
    /** The rows after the step of this index; -1: before the first. */
    at(index: number): Promise<Snapshot> {
      const result = turn.then(() => snapshot(index));
      turn = result.catch(() => undefined);
      return result;
    },
  };
}
const SNAPSHOTS_KEPT = 64;

import { setTimeout as delay } from 'node:timers/promises';

/** A connection that can be asked to come back elsewhere. */
interface Drainable {
  drain(hint: { readonly reconnectAfterMs: number; readonly deadlineMs: number }): void;
}

const STEP_MS = 50;
/** A small server is done in one step. */
const LEAST_PER_STEP = 50;

/**
 * Asks every connection, some at a time over the window, to come back after a while that is drawn for each, so that the next
 * process is not met by all at once. Each closes by itself as soon as nothing of it is awaited.
 * @param windowMs for the asking, and the least for the draw
 * @param reconnectsPerS how many the next process is met by in a second: with more connections the draw takes longer
 * @param deadlineMs when, from now, the connections are closed whatever they wait for
 * @param chance 0 up to but not 1
 */
export const drainInBatches = async (
  connections: readonly Drainable[],
  {
    windowMs,
    reconnectsPerS,
    deadlineMs,
    chance,
  }: {
    readonly windowMs: number;
    readonly reconnectsPerS: number;
    readonly deadlineMs: number;
    readonly chance: () => number;
  },
): Promise<void> => {
  const drawMs = Math.max(windowMs, (connections.length * 1000) / reconnectsPerS);
  const from = performance.now();
  const steps = Math.max(1, Math.floor(Math.min(windowMs, deadlineMs) / STEP_MS));
  const perStep = Math.max(LEAST_PER_STEP, Math.ceil(connections.length / steps));
  for (let at = 0; at < connections.length; at += perStep) {
    const left = Math.max(0, Math.round(deadlineMs - (performance.now() - from)));
    for (const connection of connections.slice(at, at + perStep))
      connection.drain({ reconnectAfterMs: chance() * drawMs, deadlineMs: left });
    if (at + perStep < connections.length) await delay(STEP_MS);
  }
};

/** Between two tries (milliseconds). */
const PAUSE_MS = 3_000;

/**
 * Loads a part of the page that comes later, and tries again for as long as there is no connection: a part that cannot
 * be had yet must not take the page away, with what is written on it.
 */
export const patiently = <Part>(load: () => Promise<Part>): Promise<Part> =>
  load().catch(
    () =>
      new Promise((resolve) => {
        setTimeout(() => resolve(patiently(load)), PAUSE_MS);
      }),
  );

/** A failure that goes on, or that many meet at once, is told of once in so long. */
const TELL_EVERY_MS = 30_000;

/** Passes a call on unless another one was passed on a short while ago. */
export const nowAndThen = (everyMs: number = TELL_EVERY_MS): ((tell: () => void) => void) => {
  let toldAt = -Infinity;
  return (tell) => {
    const now = performance.now();
    if (now - toldAt < everyMs) return;
    toldAt = now;
    tell();
  };
};

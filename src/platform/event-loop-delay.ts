import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late timers of this process came, in seconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

/** Measures from now on. */
export interface EventLoopMonitor {
  /** The delay since the last call. */
  take(): LoopDelay;
  stop(): void;
}

/** Samples the event loop every 10 ms; costs next to nothing. */
export const monitorEventLoop = (): EventLoopMonitor => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // The histogram holds whole intervals between samples; what exceeds the interval asked for is the delay.
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000) : 0;
  return {
    take: () => {
      const delay = {
        p50: seconds(histogram.percentile(50)),
        p99: seconds(histogram.percentile(99)),
        max: histogram.count === 0 ? 0 : seconds(histogram.max),
      };
      histogram.reset();
      return delay;
    },
    stop: () => void histogram.disable(),
  };
};

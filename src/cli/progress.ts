/** Shows how far something is that counts towards a total. */
export interface Progress {
  update(done: number, total: number): void;
  /** Clears the bar; nothing is left of it on the terminal. */
  finish(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly write: (text: string) => void;
  /** A terminal gets a bar that redraws itself, anything else a plain line now and then. */
  readonly isTty: boolean;
  readonly nowMs: () => number;
  /** What is counted; default: events. */
  readonly unit?: string;
}

const BAR_CHARS = 24;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5_000;

/** `1h 02m`, `3m 20s`, `12s` */
const duration = (ms: number): string => {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, '0')}m`;
  return minutes > 0 ? `${minutes}m ${String(seconds % 60).padStart(2, '0')}s` : `${seconds}s`;
};
const grouped = (count: number): string => Math.round(count).toLocaleString('en-US');

/**
 * Makes a progress display in events: percentage, events per second, time left. It draws at most ten times a second, however
 * often it is updated.
 */
export const createProgress = ({ label, write, isTty, nowMs, unit = 'events' }: ProgressOptions): Progress => {
  const startedMs = nowMs();
  let shownMs = isTty ? -Infinity : startedMs;
  let drawn = false;

  const line = (done: number, total: number): string => {
    const share = total <= 0 ? 1 : Math.min(done / total, 1);
    const elapsedMs = nowMs() - startedMs;
    const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
    const left = rate > 0 ? `, ${duration(((total - done) / rate) * 1000)} left` : '';
    const bar = isTty ? `[${'#'.repeat(Math.round(share * BAR_CHARS)).padEnd(BAR_CHARS, '.')}] ` : '';
    return `${label} ${bar}${Math.floor(share * 100)}% ${grouped(done)} of ${grouped(total)} ${unit}, ${grouped(rate)}/s${left}`;
  };

  return {
    update: (done, total) => {
      if (nowMs() - shownMs < (isTty ? REDRAW_MS : LINE_EVERY_MS)) return;
      shownMs = nowMs();
      drawn = true;
      write(isTty ? `\r\u001b[K${line(done, total)}` : `${line(done, total)}\n`);
    },
    finish: () => {
      if (isTty && drawn) write('\r\u001b[K');
    },
  };
};

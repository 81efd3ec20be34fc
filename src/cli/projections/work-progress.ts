import type { WorkPhase, WorkProgress } from '../../projections/admin.js';
import { ageOf, grouped, percentOf } from './text.js';

export interface WorkDisplay {
  update(progress: WorkProgress): void;
  /** Clears what is drawn. */
  finish(): void;
  /** What was told last. */
  last(): WorkProgress | undefined;
}

export interface WorkDisplayOptions {
  readonly write: (text: string) => void;
  /** A terminal gets a bar that redraws itself, anything else a line for each phase and one now and then. */
  readonly isTty: boolean;
  readonly nowMs: () => number;
}

const BAR_CHARS = 24;
const REDRAW_MS = 100;
const LINE_EVERY_MS = 5000;

const phases: Readonly<Record<WorkPhase, string>> = {
  wait: 'Waiting for its turn: as many rebuilds as MAX_REBUILDS allows are at work',
  load: 'Reading the log',
  index: 'Making indexes',
  follow: 'Catching up',
  swap: 'Taking over',
  compare: 'Comparing',
};

const lineOf = ({ phase, position, head, eventsPerSecond, etaSeconds }: WorkProgress, isTty: boolean): string => {
  if (phase !== 'load' && phase !== 'follow') return `${phases[phase]} …`;
  const percent = percentOf(position, head);
  const filled = '#'.repeat(Math.floor((percent * BAR_CHARS) / 100)).padEnd(BAR_CHARS, '.');
  const left = etaSeconds === null ? '' : `, ${ageOf(etaSeconds)} left`;
  const rate = `${grouped(Math.round(eventsPerSecond))}/s`;
  return (
    `${phases[phase].padEnd(15)} ${isTty ? `[${filled}] ` : ''}${percent}% ` +
    `${grouped(position)} of ${grouped(head)} events, ${rate}${left}`
  );
};

/** Shows how far a rebuild or a check is: the phase, a bar, events per second and the time left. */
export function createWorkDisplay({ write, isTty, nowMs }: WorkDisplayOptions): WorkDisplay {
  const shown = { ms: -Infinity, phase: undefined as WorkPhase | undefined, drawn: false };
  let last: WorkProgress | undefined;
  return {
    update(progress) {
      last = progress;
      const isNew = progress.phase !== shown.phase;
      if (!isNew && nowMs() - shown.ms < (isTty ? REDRAW_MS : LINE_EVERY_MS)) return;
      shown.ms = nowMs();
      shown.phase = progress.phase;
      shown.drawn = true;
      const line = lineOf(progress, isTty);
      write(isTty ? `\r\u001b[K${line}` : `${line}\n`);
    },
    finish() {
      if (isTty && shown.drawn) write('\r\u001b[K');
      shown.drawn = false;
    },
    last: () => last,
  };
}

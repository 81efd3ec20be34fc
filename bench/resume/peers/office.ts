import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

// What the peers have in common, and what they are measured by: whatever a peer hears or says it first writes into a file.
// A write to a file outlives `kill -9`, so the file is the truth as the event log is ours.

/** One thing that was said: `in` by the citizen, `out` to them. */
interface Line {
  readonly direction: 'in' | 'out';
  readonly citizen: string;
  readonly id: string;
}

export const readOffice = (file: string): Line[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [direction, citizen = '', id = ''] = line.split(' ');
      return { direction: direction === 'in' ? 'in' : 'out', citizen, id };
    });

export interface OfficeOptions {
  readonly file: string;
  readonly citizens: number;
  /** Citizens with an even number are answered; the others hear from an officer this often (ms). */
  readonly officerEveryMs: number;
  /** Brings one message to a citizen, if there is a way. */
  readonly deliver: (citizen: string, message: { readonly id: string; readonly inReplyTo?: string }) => void;
}

export interface Office {
  /** The citizen said this; answers it after a while as an assistant would. */
  heard(citizen: string, id: string): void;
  /** The officers begin to write at this time (ms since 1970) and go on for so many seconds. */
  readonly go: (startAt: number, seconds: number) => void;
  close(): void;
}

const ANSWER_AFTER_MS = 20;

/** An office that talks with `c0`, `c1`, …; goes on where its file ended. */
export const openOffice = ({ file, citizens, officerEveryMs, deliver }: OfficeOptions): Office => {
  const before = readOffice(file);
  let number = before.filter(({ direction }) => direction === 'out').length;
  const output = openSync(file, 'a');
  const timers: NodeJS.Timeout[] = [];
  const note = (line: string): void => {
    writeSync(output, `${line}\n`);
  };
  const say = (citizen: string, inReplyTo?: string): void => {
    number += 1;
    const id = `o-${number}`;
    note(`out ${citizen} ${id}`);
    deliver(citizen, inReplyTo === undefined ? { id } : { id, inReplyTo });
  };
  const isAnswered = (citizen: string): boolean => Number(citizen.slice(1)) % 2 === 0;
  return {
    heard: (citizen, id) => {
      note(`in ${citizen} ${id}`);
      if (isAnswered(citizen)) setTimeout(() => say(citizen, id), ANSWER_AFTER_MS);
    },
    go: (startAt, seconds) => {
      const until = startAt + seconds * 1000;
      for (let at = 1; at < citizens; at += 2) {
        const write = (): void => {
          if (Date.now() >= until) return;
          say(`c${at}`);
          timers.push(setTimeout(write, officerEveryMs));
        };
        timers.push(setTimeout(write, Math.max(0, startAt - Date.now()) + (at / citizens) * officerEveryMs));
      }
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      closeSync(output);
    },
  };
};

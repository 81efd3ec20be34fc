import { readFileSync } from 'node:fs';

const ofStatus = (pid: number, name: 'VmRSS' | 'VmHWM'): number => {
  try {
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    // It has ended, or this is no Linux.
    return Number.NaN;
  }
};

/** Bytes that a process holds in memory now; NaN when nobody can tell. */
export const residentBytes = (pid: number): number => ofStatus(pid, 'VmRSS');

/** Most bytes that a process has held in memory so far; NaN when nobody can tell. */
export const peakResidentBytes = (pid: number): number => ofStatus(pid, 'VmHWM');

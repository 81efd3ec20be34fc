import { readFileSync } from 'node:fs';

const MIB = 1024 * 1024;
const PAGE_BYTES = 4096;

/** Resident memory of a process in MiB; NaN where there is no /proc. */
const residentMib = (pid: number): number => {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / MIB;
  } catch {
    return Number.NaN;
  }
};

/** Watches how much more memory a process takes at most while something runs, in MiB. */
export const watchMemory = (pid: number): { stop(): { readonly before: number; readonly most: number } } => {
  const before = residentMib(pid);
  let most = before;
  const look = (): void => void (most = Math.max(most, residentMib(pid)));
  const timer = setInterval(look, 50);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return { before, most };
    },
  };
};

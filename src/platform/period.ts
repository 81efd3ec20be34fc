/** A span of time: from `since` on, until just before `until`. */
export interface Period {
  readonly since: Date;
  readonly until: Date;
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads a moment as people write it: `2026-11-01`, `2026-11-01T08:00Z` (without a zone: UTC), or `90m`, `24h`, `7d` back from now.
 * @returns undefined when it is none
 */
export const parseMoment = (text: string, now: Date): Date | undefined => {
  const back = /^(\d{1,6})([mhd])$/u.exec(text);
  if (back !== null) return new Date(now.getTime() - Number(back[1]) * UNIT_MS[back[2] as keyof typeof UNIT_MS]);
  const parts = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/u.exec(text);
  if (parts === null) return undefined;
  const moment = new Date(`${parts[1] ?? ''}T${parts[2] ?? '00:00'}${parts[3] ?? 'Z'}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
};

/**
 * A period out of two texts.
 * @param since default: 30 days back; @param until default: now
 * @returns undefined when one of them is no moment, or nothing lies between them
 */
export const parsePeriod = (since: string | undefined, until: string | undefined, now: Date): Period | undefined => {
  const from = parseMoment(since ?? '30d', now);
  const to = until === undefined ? now : parseMoment(until, now);
  return from === undefined || to === undefined || from >= to ? undefined : { since: from, until: to };
};

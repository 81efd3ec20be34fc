import type { Case, CaseResult } from './case.js';

const marks = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' } as const;

/** One line for a case that has run, and more when it failed. */
export const reportLine = ({ id, title, outcome, reason, ms, section, rule }: CaseResult): string => {
  const line = `${marks[outcome]}  ${id}  ${title}`;
  switch (outcome) {
    case 'passed':
      return `${line}  (${ms} ms)`;
    case 'skipped':
      return `${line}\n            skipped: ${reason ?? ''}`;
    case 'failed':
      return `${line}\n            ${reason ?? ''}\n            PROTOCOL.md ${section}: ${rule}`;
  }
};

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const summaryOf = (results: readonly CaseResult[]): Summary => {
  const count = (wanted: CaseResult['outcome']): number => results.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
};

export const reportSummary = (results: readonly CaseResult[]): string => {
  const { passed, failed, skipped } = summaryOf(results);
  const verdict = failed === 0 ? 'The server conforms' : 'The server does not conform';
  return `\n${verdict}: ${passed} passed, ${failed} failed, ${skipped} skipped.`;
};

/** For machines: everything about every case. */
export const reportJson = (url: string, results: readonly CaseResult[]): string =>
  JSON.stringify({ url, ...summaryOf(results), cases: results }, null, 2);

/** The cases without running them. */
export const listCases = (cases: readonly Case[]): string =>
  cases
    .map(({ id, profile, section, title }) => `${id}  ${profile.padEnd(7)}  ${section.padEnd(4)}  ${title}`)
    .join('\n');

import { doubtsAbout, loadConfig, type Config } from '../platform/config.js';
import type { Finding } from './doctor/check.js';
import { checkDatabase } from './doctor/database.js';
import { checkDisk } from './doctor/disk.js';
import { checkEventStore } from './doctor/event-store.js';
import { messageOf, type ExitCode, type Output } from './output.js';

export interface DoctorCommand {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  /** One JSON object instead of lines. */
  readonly json?: boolean | undefined;
}

const marks = { ok: 'OK  ', note: 'NOTE', bad: 'BAD ' } as const;

const line = ({ check, state, found, todo }: Finding): string =>
  `${marks[state]} ${check.padEnd(13)} ${found.replaceAll('\n', `\n${' '.repeat(19)}`)}\n${todo === undefined ? '' : `${' '.repeat(19)}→ ${todo}\n`}`;

const checkConfiguration = (env: DoctorCommand['env']): { config?: Config; findings: Finding[] } => {
  try {
    const config = loadConfig(env);
    const doubts = doubtsAbout(config).map((found): Finding => ({ check: 'configuration', state: 'note', found }));
    return {
      config,
      findings: [{ check: 'configuration', state: 'ok', found: 'All settings can be used.' }, ...doubts],
    };
  } catch (error) {
    const found = messageOf(error);
    const todo = 'Mend them as docs/configuration.md says.';
    return { findings: [{ check: 'configuration', state: 'bad', found, todo }] };
  }
};

/**
 * `citizen doctor [--json]`: checks what a start needs, one thing after the other, whether a server runs or not, and says what
 * to do. Changes nothing but making DATA_DIR when it is missing.
 * @returns 0 when a start can succeed, 1 when something must be done first
 */
export const runDoctor = async ({ env, output, json }: DoctorCommand): Promise<ExitCode> => {
  const { config, findings } = checkConfiguration(env);
  if (config !== undefined) {
    findings.push(...(await checkDisk(config)));
    const database = await checkDatabase(config);
    findings.push(...database.findings, ...(await checkEventStore(config, database)));
  }
  const ok = findings.every(({ state }) => state !== 'bad');
  output.out(json === true ? `${JSON.stringify({ ok, findings })}\n` : findings.map(line).join(''));
  return ok ? 0 : 1;
};

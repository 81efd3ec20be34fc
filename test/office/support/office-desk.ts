import pino from 'pino';
import { vi } from 'vitest';
import { runCase, type CaseCommand } from '../../../src/cli/case.js';
import type { ExitCode } from '../../../src/cli/output.js';
import { createComplaintCommands } from '../../../src/commands/command-handler.js';
import type { ComplaintCommand } from '../../../src/commands/complaint/commands.js';
import { createPolicies } from '../../../src/commands/policies/policies.js';
import { systemClock } from '../../../src/platform/clock.js';
import { loadConfig } from '../../../src/platform/config.js';
import { deriveKey } from '../../../src/platform/secrets.js';
import { createQueries } from '../../../src/projections/queries/index.js';
import { openStorage, type Storage } from '../../../src/storage.js';
import type { TestServer } from '../../transport/support/test-server.js';

/** An officer at the command line, beside a running server. */
export interface Desk {
  readonly storage: Storage;
  /** What `citizen case …` does; gives what it printed. Throws when it was refused. */
  act(trackingNumber: string, command?: ComplaintCommand): Promise<string>;
  /** What `citizen case show` does, with `--read` when `read` is given. */
  show(
    trackingNumber: string,
    read?: CaseCommand['read'],
  ): Promise<{ readonly code: ExitCode; readonly printed: string }>;
  close(): Promise<void>;
}

export const openDesk = async (server: TestServer): Promise<Desk> => {
  const config = loadConfig({
    DATA_DIR: server.dataDir,
    DATABASE_URL: server.databaseUrl,
    MASTER_KEY: server.masterKey,
  });
  const storage = await openStorage(config, pino({ level: 'silent' }), { as: 'tool' });
  const { pool, codec, log, masterKey } = storage;
  const policy = createPolicies();
  const queries = createQueries({ pool, codec, log, abandonedAfterHours: 24 });
  const cases = createComplaintCommands({ log, policy, clock: systemClock });
  const run = async (given: Pick<CaseCommand, 'trackingNumber' | 'command' | 'file' | 'read'>) => {
    const texts: string[] = [];
    const output = { out: (text: string) => void texts.push(text), err: (text: string) => void texts.push(text) };
    const pepper = deriveKey(masterKey, 'tracking-pepper');
    const findComplaint = (lookup: string) => queries.trackingByLookup(lookup);
    const code = await runCase({ ...given, officer: 'officer-1', pepper, policy, cases, findComplaint, output });
    return { code, printed: texts.join('') };
  };
  return {
    storage,
    act: async (trackingNumber, command) => {
      const { code, printed } = await run({ trackingNumber, command });
      if (code !== 0) throw new Error(printed);
      return printed;
    },
    show: (trackingNumber, read) =>
      run({ trackingNumber, read, file: { store: storage.store, codec, log, clock: systemClock } }),
    close: () => storage.close(),
  };
};

/** The office checks a complaint that has just been filed and asks something; waits until the number shows it. */
export const askCitizen = async (desk: Desk, url: string, trackingNumber: string, question: string): Promise<void> => {
  const patience = { timeout: 60_000, interval: 30 };
  const act = (command: ComplaintCommand): Promise<string> =>
    vi.waitFor(() => desk.act(trackingNumber, command), patience);
  await act({ type: 'MoveCase', to: 'screening' });
  await act({ type: 'MoveCase', to: 'info_requested', question });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ trackingNumber });
  await vi.waitFor(async () => {
    const shown = await (await fetch(`${url}/api/track`, { method: 'POST', headers, body })).text();
    if (!shown.includes('"citizenMustAct":true')) throw new Error('Not shown yet');
  }, patience);
};

import pino from 'pino';
import { runCase } from '../../../src/cli/case.js';
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
  return {
    storage,
    act: async (trackingNumber, command) => {
      const printed: string[] = [];
      const output = { out: (text: string) => void printed.push(text), err: (text: string) => void printed.push(text) };
      const pepper = deriveKey(masterKey, 'tracking-pepper');
      const findComplaint = (lookup: string) => queries.trackingByLookup(lookup);
      const given = { trackingNumber, command, officer: 'officer-1', pepper, policy, cases, findComplaint, output };
      const code = await runCase(given);
      if (code !== 0) throw new Error(printed.join(''));
      return printed.join('');
    },
    close: () => storage.close(),
  };
};

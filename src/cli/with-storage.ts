import { loadConfig, type Config } from '../platform/config.js';
import { createLogger } from '../platform/logging.js';
import { stepBack } from '../platform/step-back.js';
import { openStorage, type Storage } from '../storage.js';
import { processOutput, type ExitCode } from './output.js';
import { plainLog } from './plain-log.js';

/** Does the work of one command over an open storage; its answer becomes the exit code. */
export type WithStorage = (
  work: (storage: Storage, config: Config) => Promise<ExitCode>,
  options?: {
    /** Citizens first: this process, and where it can be PostgreSQL's part of the work, take what processor time is left. */
    readonly stepsBack?: boolean;
  },
) => Promise<void>;

/** Opens the storage for one command, beside a running server or alone, and closes it again. */
export const withStorage: WithStorage = async (work, { stepsBack = false } = {}) => {
  if (stepsBack) stepBack();
  const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env });
  const logger = createLogger(
    config,
    plainLog((text) => processOutput.err(text)),
  );
  const storage = await openStorage(config, logger, { as: 'tool', stepsBack });
  try {
    process.exitCode = await work(storage, config);
  } finally {
    await storage.close();
  }
};

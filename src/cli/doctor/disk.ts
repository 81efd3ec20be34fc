import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../platform/config.js';
import { errorCode, prepareDataDir } from '../../platform/data-dir.js';
import { bad, type Finding } from './check.js';

/** Others than the owner may read or write it. */
const OPEN_TO_OTHERS = 0o077;

/** Who may read the file of the master key. What is in it is looked at with the database. */
const keyFile = async ({ dataDir, masterKey }: Config): Promise<Finding> => {
  const file = path.join(path.resolve(dataDir), 'master.key');
  const found = await stat(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  const check = 'permissions';
  if (found !== undefined && (found.mode & OPEN_TO_OTHERS) !== 0) {
    const todo = 'chmod 600 it, and think about who may have read it: it opens all personal data.';
    return { check, state: 'bad', found: 'The file master.key in DATA_DIR is open to other users.', todo };
  }
  if (masterKey !== undefined) return { check, state: 'ok', found: 'The master key comes from MASTER_KEY.' };
  return found === undefined
    ? { check, state: 'note', found: 'There is no master key yet; the first start makes one in DATA_DIR.' }
    : { check, state: 'ok', found: 'The master key in DATA_DIR is readable by its owner alone.' };
};

/** Room and rights in DATA_DIR. Makes the folder when it is missing, as the server would. */
export const checkDisk = async (config: Config): Promise<Finding[]> => {
  try {
    const folder = await prepareDataDir(config.dataDir, config.minFreeDiskBytes);
    const disk: Finding = { check: 'disk', state: 'ok', found: `DATA_DIR ${folder} can be written and has room.` };
    return [disk, await keyFile(config)];
  } catch (error) {
    return [bad('disk', error, 'Give this user the right to write in DATA_DIR.')];
  }
};

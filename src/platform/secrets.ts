import { hkdfSync, randomBytes } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from './config.js';
import { errorCode, explainDataDirError, makeFolders } from './data-dir.js';
import { startupError } from './startup-error.js';

const keyBytes = 32;

const fileOf = (dataDir: string): string => path.join(path.resolve(dataDir), 'master.key');

/**
 * The master key that is there: from MASTER_KEY, else from `DATA_DIR/master.key`; undefined when nobody has made one yet.
 * @throws StartupError `bad_master_key` when it is malformed or others may read the file, `data_dir_unwritable`
 */
export async function findMasterKey(config: Pick<Config, 'masterKey' | 'dataDir'>): Promise<Buffer | undefined> {
  if (config.masterKey !== undefined) {
    return parseKey(config.masterKey) ?? fail('MASTER_KEY', 'is not 32 bytes in hex or base64');
  }
  try {
    return await readKeyFile(fileOf(config.dataDir));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw explainDataDirError(error, config.dataDir);
  }
}

/**
 * The master key, 32 bytes: the one that is there, or the one that the first start makes in DATA_DIR (mode 0600, whole or not
 * at all, and several processes that start at once agree on one).
 * @throws StartupError `bad_master_key` when the file is malformed or others may read it, `data_dir_unwritable`, `disk_full`
 */
export async function loadMasterKey(config: Pick<Config, 'masterKey' | 'dataDir'>): Promise<Buffer> {
  const found = await findMasterKey(config);
  if (found !== undefined) return found;
  const file = fileOf(config.dataDir);
  try {
    await createKeyFile(file);
    return await readKeyFile(file);
  } catch (error) {
    throw explainDataDirError(error, config.dataDir);
  }
}

/**
 * Derives a secret for one purpose (HKDF-SHA256, RFC 5869), so that no two purposes share a key and none reveals the master.
 * @param label names the purpose; another label gives an unrelated key
 * @param bytes length wanted
 */
export function deriveKey(master: Buffer, label: string, bytes = keyBytes): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `citizen-interface/${label}`, bytes));
}

function parseKey(text: string): Buffer | undefined {
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return key.length === keyBytes && /^[\w+/-]+=?$/.test(text) ? key : undefined;
}

async function readKeyFile(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) fail(file, 'can be read by other users: run chmod 600 on it');
    const text = (await handle.readFile('utf8')).trim();
    return parseKey(text) ?? fail(file, 'is damaged: restore it from a back-up, or no personal text can be read again');
  } finally {
    await handle.close();
  }
}

/** Written beside, synced, then linked to its name: nobody ever sees half a key, and the first of several processes wins. */
async function createKeyFile(file: string): Promise<void> {
  const folder = path.dirname(file);
  await makeFolders(folder);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}

function fail(where: string, what: string): never {
  throw startupError('bad_master_key', `The master key in ${where} ${what}.`);
}

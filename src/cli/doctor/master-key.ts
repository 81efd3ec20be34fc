import type pg from 'pg';
import { masterKeyFingerprint } from '../../events/key-wrap.js';
import type { Config } from '../../platform/config.js';
import { findMasterKey } from '../../platform/secrets.js';
import { bad, type Finding } from './check.js';

const check = 'master key';
const todo =
  'Put back the MASTER_KEY (or DATA_DIR/master.key) that belongs to this database; the back-up of DATA_DIR has it.';

/** The fingerprint of the key that the database was made with; undefined while there is none. */
const fingerprintIn = async (pool: pg.Pool): Promise<Buffer | undefined> => {
  const { rows } = await pool
    .query<{ fingerprint: Buffer }>('SELECT fingerprint FROM master_key_fingerprint')
    .catch(() => ({ rows: [] }));
  return rows[0]?.fingerprint;
};

/**
 * Whether the master key can be used and is the one that this database was made with. Makes none.
 * @param pool undefined when the database cannot be asked
 */
export const checkMasterKey = async (config: Config, pool: pg.Pool | undefined): Promise<Finding[]> => {
  try {
    const key = await findMasterKey(config);
    const wanted = pool === undefined ? undefined : await fingerprintIn(pool);
    if (wanted === undefined) return [];
    if (key === undefined) {
      const found = 'There is no master key, but the database was made with one: a start would make another, in vain.';
      return [{ check, state: 'bad', found, todo }];
    }
    return masterKeyFingerprint(key).equals(wanted)
      ? [{ check, state: 'ok', found: 'The master key is the one that the database was made with.' }]
      : [{ check, state: 'bad', found: 'The master key is not the one that the database was made with.', todo }];
  } catch (error) {
    return [bad(check, error, todo)];
  }
};

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { startupError } from '../../platform/startup-error.js';
import { subjectErased } from '../errors.js';
import type { KeyStore } from '../event-log.js';
import { createKeyCache } from '../key-cache.js';
import { DATA_KEY_BYTES, masterKeyFingerprint } from '../key-wrap.js';
import { personalClasses, type PersonalClass } from '../personal.js';
import { createKeyLoader } from './key-loader.js';

export interface PostgresKeyStore extends KeyStore {
  /** Reads the keys of many subjects with one query, before their texts are opened one by one. */
  preload(subjects: readonly string[]): Promise<void>;
  /** Destroys every key of a class that was made before a time, for the sweep of hand-over secrets. Gives how many. */
  destroyOlderThan(personalClass: PersonalClass, madeBefore: Date): Promise<number>;
}

export interface KeyStoreOptions {
  /** On a database with `keyStoreMigrations`. */
  readonly pool: Pool;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** Milliseconds after which a key destroyed by another process is forgotten here too (`KEY_CACHE_TTL_MS`). */
  readonly cacheTtlMs: number;
  /** Most keys remembered at a time; about 200 bytes each. */
  readonly cacheMax: number;
  /** A clock in milliseconds that only goes forwards; for tests. */
  readonly nowMs?: () => number;
}

const checkFingerprint = async (pool: Pool, masterKey: Buffer): Promise<void> => {
  const mine = masterKeyFingerprint(masterKey);
  await pool.query('INSERT INTO master_key_fingerprint (fingerprint) VALUES ($1) ON CONFLICT DO NOTHING', [mine]);
  const { rows } = await pool.query<{ fingerprint: Buffer }>('SELECT fingerprint FROM master_key_fingerprint');
  const theirs = rows[0]?.fingerprint;
  if (theirs?.length !== mine.length || !timingSafeEqual(theirs, mine)) {
    throw startupError(
      'wrong_master_key',
      'The master key is not the one that this database was made with, so no personal data could be read. ' +
        'Put back the right MASTER_KEY (or DATA_DIR/master.key). Nothing was changed.',
    );
  }
};

const destroyKeys = async (pool: Pool, subject: string, classes: readonly PersonalClass[]): Promise<number> => {
  // `/` is the character after `.`: the range holds exactly the keys of single events of this subject. The row of the
  // subject itself is made even when it never had a key, so that it will never get one.
  const { rows } = await pool.query<{ destroyed: number }>(
    `WITH alive AS (
       SELECT subject, class FROM subject_keys
        WHERE (subject = $1 OR (subject > $1 || '.' AND subject < $1 || '/')) AND class = ANY ($2) AND wrapped IS NOT NULL
        ORDER BY subject, class FOR UPDATE
     ), parts AS (
       UPDATE subject_keys k SET wrapped = NULL, destroyed_at = now()
         FROM alive WHERE k.subject = alive.subject AND k.class = alive.class AND k.subject <> $1
     ), own AS (
       INSERT INTO subject_keys (subject, class, wrapped, destroyed_at) SELECT $1, unnest($2::text[]), NULL, now()
       ON CONFLICT (subject, class) DO UPDATE SET wrapped = NULL, destroyed_at = now() WHERE subject_keys.wrapped IS NOT NULL
     )
     SELECT count(*)::int AS destroyed FROM alive`,
    [subject, [...new Set(classes)]],
  );
  return rows[0]?.destroyed ?? 0;
};

/**
 * Keys per subject and class in PostgreSQL. Look-ups that wait at the same time share one query.
 *
 * What destroying a key does not reach: until PostgreSQL has vacuumed the row and recycled its write-ahead log, and in
 * back-ups of this table, the *wrapped* key is still there, readable only with the master key. So back-ups of keys must
 * expire on a stated schedule, and the master key must never be kept beside them.
 * @throws StartupError `wrong_master_key` when the database was made with another master key
 */
export const createPostgresKeyStore = async (options: KeyStoreOptions): Promise<PostgresKeyStore> => {
  const { pool, masterKey } = options;
  if (masterKey.length !== DATA_KEY_BYTES) throw startupError('bad_master_key', 'The master key must have 32 bytes.');
  await checkFingerprint(pool, masterKey);
  const cache = createKeyCache(options.cacheTtlMs, options.cacheMax, options.nowMs ?? (() => performance.now()));
  const loader = createKeyLoader({
    pool,
    masterKey,
    cache,
    nowMs: options.nowMs ?? (() => performance.now()),
    newKey: () => randomBytes(DATA_KEY_BYTES),
  });

  return {
    keyForSealing: async (subject, personalClass) => {
      const key = await loader.load(subject, personalClass, true);
      if (key === undefined || key === 'destroyed') throw subjectErased(personalClass);
      return key;
    },
    keyForOpening: async (subject, personalClass) => {
      const key = await loader.load(subject, personalClass, false);
      return key === undefined || key === 'destroyed' ? 'erased' : key;
    },
    preload: async (subjects) => {
      // Hand-over keys belong to single events and are hardly ever read.
      const classes = personalClasses.filter((name) => name !== 'handover');
      await Promise.all(subjects.flatMap((subject) => classes.map((name) => loader.load(subject, name, false))));
    },
    destroy: async (subject, classes) => {
      const destroyed = await destroyKeys(pool, subject, classes);
      loader.forget();
      return destroyed;
    },
    destroyOlderThan: async (personalClass, madeBefore) => {
      const { rowCount } = await pool.query(
        `UPDATE subject_keys SET wrapped = NULL, destroyed_at = now()
          WHERE class = $1 AND created_at < $2 AND wrapped IS NOT NULL`,
        [personalClass, madeBefore],
      );
      if (rowCount !== 0) loader.forget();
      return rowCount ?? 0;
    },
  };
};

import { personalClasses } from '../personal.js';
import type { Migration } from '../../platform/migrate.js';

// Outside the log on purpose: the log is never changed, a key is destroyed for ever. `subject` is a session id, or
// `<session id>.<event id>` for a key that seals one event (secrets for handing over).
const tables = `
CREATE TABLE subject_keys (
  subject      text COLLATE "C" NOT NULL,
  class        text COLLATE "C" NOT NULL CHECK (class IN (${personalClasses.map((name) => `'${name}'`).join(', ')})),
  wrapped      bytea,
  created_at   timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  PRIMARY KEY (subject, class),
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
COMMENT ON TABLE subject_keys IS
  'Data keys of personal fields, wrapped by the master key. A destroyed key stays as a row without key: no new one is made.';
CREATE INDEX subject_keys_by_age ON subject_keys (class, created_at) WHERE wrapped IS NOT NULL;

CREATE FUNCTION keep_key_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A destroyed key stays destroyed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER no_resurrection BEFORE UPDATE ON subject_keys FOR EACH ROW
  WHEN (OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS NULL) EXECUTE FUNCTION keep_key_tombstone();
CREATE TRIGGER no_removal BEFORE DELETE ON subject_keys FOR EACH ROW
  WHEN (OLD.destroyed_at IS NOT NULL) EXECUTE FUNCTION keep_key_tombstone();

CREATE TABLE master_key_fingerprint (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  fingerprint bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE master_key_fingerprint IS 'One row: which master key the keys of this database are wrapped with.';
`;

// A key is destroyed by emptying its row. Rows are never removed, alive or destroyed, so that what is gone shows
// (`citizen verify`); also not while a session plays a replica.
const neverRemoved = `
DROP TRIGGER no_removal ON subject_keys;
CREATE FUNCTION refuse_key_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Keys are never removed: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'citizen erase destroys keys and records why.';
END $$;
CREATE TRIGGER no_removal BEFORE DELETE OR TRUNCATE ON subject_keys
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_key_removal();
ALTER TABLE subject_keys ENABLE ALWAYS TRIGGER no_removal;
ALTER TABLE subject_keys ENABLE ALWAYS TRIGGER no_resurrection;
`;

/** The schema of the key store, for `migrate`. */
export const keyStoreMigrations: readonly Migration[] = [
  { id: 'keys-001', sql: tables },
  { id: 'keys-002', sql: neverRemoved },
];

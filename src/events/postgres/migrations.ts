import type { Migration } from '../../platform/migrate.js';
import { appendBatch } from './append-functions.js';

// Times are kept as whole milliseconds since 1970 (`_ms`), because the hash covers exactly that; for people there is the view
// `events_readable`.
const tables = `
CREATE TABLE events (
  position       bigint   PRIMARY KEY,
  stream         text     NOT NULL,
  revision       integer  NOT NULL CHECK (revision >= 0),
  event_id       uuid     NOT NULL UNIQUE,
  type           text     NOT NULL,
  schema_version smallint NOT NULL,
  payload        text     NOT NULL,
  occurred_ms    bigint   NOT NULL,
  recorded_ms    bigint   NOT NULL,
  causation_id   text,
  correlation_id text,
  actor_kind     text     NOT NULL,
  actor_id       text,
  previous_hash  bytea    NOT NULL,
  hash           bytea    NOT NULL,
  log_hash       bytea    NOT NULL,
  UNIQUE (stream, revision)
);
COMMENT ON TABLE events IS 'The event log. Append only: the database refuses UPDATE, DELETE and TRUNCATE.';
-- Payloads are mostly ciphertext, which does not compress.
ALTER TABLE events ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE TABLE log_head (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  log_id      uuid    NOT NULL DEFAULT gen_random_uuid(),
  position    bigint  NOT NULL DEFAULT 0,
  log_hash    bytea   NOT NULL DEFAULT '\\x0000000000000000000000000000000000000000000000000000000000000000',
  recorded_ms bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE log_head IS 'One row: the identity of the log, its last position, and the hash of all of it. Every append locks it.';
INSERT INTO log_head DEFAULT VALUES;

CREATE VIEW events_readable AS
  SELECT position, stream, revision, type, schema_version, to_timestamp(recorded_ms / 1000.0) AS recorded_at,
         to_timestamp(occurred_ms / 1000.0) AS occurred_at, actor_kind, actor_id, event_id, causation_id, correlation_id,
         payload
    FROM events;
`;

const appendOnly = `
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The event log is append only: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Record a new event that corrects the old one.';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE events ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON log_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_head ENABLE ALWAYS TRIGGER never_removed;
`;

const hashChain = `
-- The hash of an event is that of (the hash before it | its link); see src/events/hash-chain.ts.
CREATE FUNCTION hash_link(revision integer, recorded_ms bigint, body bytea) RETURNS bytea
  LANGUAGE sql IMMUTABLE AS 'SELECT int8send(revision) || int8send(recorded_ms) || body';
-- The hashes of events that follow each other, after one with this hash and revision.
CREATE FUNCTION hash_chain(before bytea, revision integer, recorded_ms bigint, bodies bytea[]) RETURNS bytea[]
  LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  hash bytea := before;
  hashes bytea[] := '{}';
  at integer := revision;
  body bytea;
BEGIN
  FOREACH body IN ARRAY bodies LOOP
    at := at + 1;
    hash := sha256(hash || hash_link(at, recorded_ms, body));
    hashes := hashes || hash;
  END LOOP;
  RETURN hashes;
END $$;
-- The chain over all streams: SHA-256 of (the log hash before | hash), event after event, from a first log hash on.
CREATE FUNCTION log_chain_step(state bytea, first bytea, hash bytea) RETURNS bytea
  LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN sha256(coalesce(state, first) || hash); END';
CREATE AGGREGATE log_chain(first bytea, hash bytea) (sfunc = log_chain_step, stype = bytea);
`;

// Checks after each statement, not each row, that the log ends where its head says, with the hash that it says. Appends move the
// head with the same statement; whoever only inserts is refused.
const headGuard = `
CREATE FUNCTION refuse_behind_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM events WHERE position < 1) OR NOT EXISTS (
    SELECT FROM log_head
     WHERE (position, log_hash) = (SELECT position, log_hash FROM events ORDER BY position DESC LIMIT 1)
        OR (position = 0 AND NOT EXISTS (SELECT FROM events))
  ) THEN
    RAISE EXCEPTION 'The event log does not end at its head: events are written by append_batch only'
      USING ERRCODE = 'CZ001', HINT = 'Run "citizen verify": it names a record that stands behind the head.';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ends_at_head AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_behind_head();
`;

// As for the triggers before it: also in a session that plays a replica. A logical replica applies its changes row by row, which no
// statement's trigger sees; only for its first copy the trigger must be switched off there (docs/operations.md, "A blocked log").
const headGuardAlways = `
ALTER TABLE events ENABLE ALWAYS TRIGGER ends_at_head;
`;

/** The schema of the event log, for `migrate`. */
export const eventStoreMigrations: readonly Migration[] = [
  { id: 'events-001', sql: tables },
  { id: 'events-002', sql: appendOnly },
  { id: 'events-003', sql: hashChain },
  { id: 'events-004', sql: appendBatch },
  { id: 'events-005', sql: headGuard },
  { id: 'events-006', sql: headGuardAlways },
];

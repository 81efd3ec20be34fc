/**
 * The control table of the projections. One row per copy of a read model: a `live` one per name and version, which the view
 * `<name>_v<version>` shows, a `building` one beside it during a rebuild, and a `previous` one after it. The tables of rows themselves follow from the
 * definitions and are made at start.
 */
export const projectionMigrations: readonly { readonly id: string; readonly sql: string }[] = [
  {
    id: 'projections-001',
    sql: `
CREATE TABLE projections (
  table_name  text PRIMARY KEY,
  name        text NOT NULL,
  version     integer NOT NULL,
  shape       text NOT NULL,
  role        text NOT NULL CHECK (role IN ('live', 'building')),
  state       text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'failed')),
  log_id      text NOT NULL,
  -- Everything up to here, and nothing after, is in the rows.
  position    bigint NOT NULL DEFAULT 0,
  recorded_at timestamptz,
  -- Who may write until when; the fence rises with each change of hands and is checked by every write.
  owner       text,
  lease_until timestamptz,
  fence       bigint NOT NULL DEFAULT 0,
  rate        real NOT NULL DEFAULT 0,
  error       jsonb,
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX projections_one_live ON projections (name, version) WHERE role = 'live';
CREATE UNIQUE INDEX projections_one_building ON projections (name, version) WHERE role = 'building';
CREATE SEQUENCE projection_tables;
`,
  },
  {
    id: 'projections-002',
    sql: `
-- 'previous': what served before the last swap, kept for a roll-back; nothing feeds it. 'verifying': thrown away after a
-- comparison with the live one. 'leaving': only inside of the transaction of a swap.
ALTER TABLE projections DROP CONSTRAINT projections_role_check;
ALTER TABLE projections ADD CONSTRAINT projections_role_check
  CHECK (role IN ('live', 'building', 'previous', 'verifying', 'leaving'));
DROP INDEX projections_one_live;
DROP INDEX projections_one_building;
CREATE UNIQUE INDEX projections_one_of_each ON projections (name, version, role);
ALTER TABLE projections
  -- What its rebuild or check is at, and the share of the time in which that may work.
  ADD COLUMN phase text,
  ADD COLUMN max_load smallint,
  -- Attempts to write that failed one after the other, since when, and the code of the last error.
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN waiting_reason text,
  ADD COLUMN waiting_since timestamptz,
  ADD COLUMN paused_reason text;
-- Events that a person decided to leave out. All copies of the version do.
CREATE TABLE projection_skips (
  name       text NOT NULL,
  version    integer NOT NULL,
  position   bigint NOT NULL,
  event_type text NOT NULL,
  event_id   text,
  error      jsonb NOT NULL,
  reason     text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version, position)
);
`,
  },
];

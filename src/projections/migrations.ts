/**
 * The control table of the projections. One row per copy of a read model: a `live` one per name and version, which the view
 * `<name>_v<version>` shows, and a `building` one beside it during a rebuild. The tables of rows themselves follow from the
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
];

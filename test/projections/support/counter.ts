import type pg from 'pg';
import type { AnyRecorded } from '../../../src/events/catalogue/index.js';
import type { ProjectionAdmin } from '../../../src/projections/admin.js';
import { integer, nullable, text } from '../../../src/projections/columns.js';
import { createProjectionAdmin } from '../../../src/projections/create-admin.js';
import { defineProjection, type Projection } from '../../../src/projections/projection.js';
import { bySession } from '../../../src/projections/read-models/keys.js';
import type { MemoryLog } from '../../support/memory-log.js';
import { createStory, sealed } from '../../support/projection-events.js';

const key = ['session_id'] as const;

/** Counts messages per session, and keeps the last one; falls over the word "poison". */
export const counter = defineProjection({
  name: 'counter',
  version: 1,
  table: {
    columns: { session_id: text, count: integer, last: nullable(text) },
    key,
    indexes: [{ columns: ['count'] }],
  },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, event) => {
        if (event.data.text === sealed('poison')) throw new Error('cannot count "something secret"');
        return { ...bySession(event), count: (row?.count ?? 0) + 1, last: event.data.text };
      },
    },
    LanguageChanged: { key: bySession, apply: () => null },
  },
});

/** The same, with its fault mended. */
export const mended = defineProjection({
  name: 'counter',
  version: 1,
  table: {
    columns: { session_id: text, count: integer, last: nullable(text) },
    key,
    indexes: [{ columns: ['count'] }],
  },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, event) => ({ ...bySession(event), count: (row?.count ?? 0) + 1, last: event.data.text }),
    },
  },
});

/** The same read model in a new form. */
export const counterV2 = defineProjection({
  name: 'counter',
  version: 2,
  table: { columns: { session_id: text, twice: integer }, key },
  on: {
    UserMessageReceived: {
      key: bySession,
      apply: (row, event) => ({ ...bySession(event), twice: (row?.twice ?? 0) + 2 }),
    },
  },
});

/** So many messages, in turn of five sessions; those at the positions of `poison` cannot be counted. */
export function talk(messages: number, poison: readonly number[] = []): AnyRecorded[] {
  const story = createStory();
  for (let n = 1; n <= messages; n += 1) {
    const said = poison.includes(n) ? 'poison' : `m${n}`;
    story.add(`session-s${n % 5}`, 'UserMessageReceived', { text: sealed(said), evidenceIds: [] });
  }
  return story.events;
}

/** What an admin has in one process of its own. */
export const adminOf = (
  pool: pg.Pool,
  log: MemoryLog,
  {
    projections = [counter],
    maxRebuilds = 2,
    rebuildMaxLoadPercent = 100,
  }: { projections?: readonly Projection[]; maxRebuilds?: number; rebuildMaxLoadPercent?: number } = {},
): ProjectionAdmin =>
  createProjectionAdmin({ pool, log, projections, settings: { maxRebuilds, rebuildMaxLoadPercent } });

export interface Fixture {
  readonly table: string;
  readonly role: string;
}

/** The tables of the read model that the control table knows, and what they are for. */
export const tablesOf = async (pool: pg.Pool): Promise<readonly Fixture[]> => {
  const { rows } = await pool.query<Fixture>('SELECT table_name AS table, role FROM projections ORDER BY table_name');
  return rows;
};

/** All tables of rows that there are, with or without a name. */
export const allTables = async (pool: pg.Pool): Promise<readonly string[]> => {
  const { rows } = await pool.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'counter_v%' ORDER BY 1`,
  );
  return rows.map(({ relname }) => relname);
};

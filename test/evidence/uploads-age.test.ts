import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createUploads, uploadMigrations } from '../../src/events/postgres/uploads.js';
import { migrate } from '../../src/platform/migrate.js';
import { logDatabase, openLog } from '../events/support/postgres-log.js';

const about = { name: 'ward.pdf', mimeType: 'application/pdf', sizeBytes: 9, sha256: 'a'.repeat(64) };

it('a message may name an upload for as long as the setting says, and not longer', async () => {
  const database = await logDatabase();
  await migrate(database.pool, 'citizen', uploadMigrations);
  const office = await openLog(database);
  const uploads = createUploads({ pool: database.pool, keys: office.keys, nameableHours: 3 });
  const [young, old] = [randomUUID(), randomUUID()];
  for (const evidenceId of [young, old]) await uploads.add('session', { ...about, evidenceId });
  const aged = `UPDATE uploads SET uploaded_at = clock_timestamp() - $2 * interval '1 minute' WHERE upload_id = $1`;
  await database.pool.query(aged, [young, 3 * 60 - 1]);
  await database.pool.query(aged, [old, 3 * 60 + 1]);
  expect(await uploads.claim('session', young)).toMatchObject({ evidenceId: young });
  expect(await uploads.claim('session', old)).toBeNull();
  await office.store.close();
  await database.drop();
});

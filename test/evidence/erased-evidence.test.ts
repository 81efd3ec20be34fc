import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createErasureFinisher } from '../../src/commands/erasure/erasure-finisher.js';
import { eraseSubject, finishErasures } from '../../src/commands/erasure/erase-subject.js';
import { createMemoryCheckpoints } from '../../src/commands/reactor-checkpoints.js';
import { personalClasses } from '../../src/events/personal.js';
import { createUploads, uploadMigrations } from '../../src/events/postgres/uploads.js';
import type { UploadedFile, Uploads } from '../../src/events/uploads.js';
import type { BlobStore } from '../../src/evidence/blob-store.js';
import { createByteWorker } from '../../src/evidence/byte-worker.js';
import { createDiskBlobStore } from '../../src/evidence/disk-blob-store.js';
import { knownFiles } from '../../src/evidence/known-files.js';
import { createEvidenceStore, type EvidenceStore } from '../../src/evidence/store-evidence.js';
import { fixedClock } from '../../src/platform/clock.js';
import { migrate } from '../../src/platform/migrate.js';
import { append, logDatabase, openLog, type ProcessLog } from '../events/support/postgres-log.js';
import type { TestDatabase } from '../support/database.js';
import { pdf } from './support/samples.js';

let folder = '';
let database: TestDatabase;
let office: ProcessLog;
let blobs: BlobStore;
let evidence: EvidenceStore;
let uploads: Uploads;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'erased-'));
  database = await logDatabase();
  await migrate(database.pool, 'citizen', uploadMigrations);
  office = await openLog(database);
  blobs = await createDiskBlobStore({ folder, quotaBytes: 2 ** 30, minFreeBytes: 0 });
  const limits = { maxFileBytes: 2 ** 20, maxSessionEvidenceBytes: 2 ** 22 };
  evidence = createEvidenceStore({ blobs, keys: office.keys, worker: createByteWorker(), limits });
  uploads = createUploads({ pool: database.pool, keys: office.keys, nameableHours: 20 });
});
afterEach(async () => {
  await evidence.close();
  await office.store.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

const forgetFiles = async (sessionId: string): Promise<number> => {
  await uploads.forget(sessionId);
  return evidence.forget(sessionId);
};
const deps = () => ({ ...office, forgetFiles, clock: fixedClock('2026-01-01T00:00:00.000Z') });
const erasure = (subject: string) =>
  ({ subject, classes: personalClasses, reason: 'citizen_request', actor: { kind: 'system' } }) as const;
const file = (n: number): Buffer => Buffer.concat([pdf(), Buffer.from(`page ${n}`)]);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A citizen who sent two files and uploaded a third that no message has named. */
const sendFiles = async (sessionId: string): Promise<void> => {
  for (const n of [1, 2, 3]) {
    const about = { evidenceId: randomUUID(), name: `page-${n}.pdf`, type: 'application/pdf', size: null };
    const stored = await evidence.store(sessionId, { ...about, base64: file(n).toString('base64') });
    if (!stored.ok) throw new Error(stored.refusal.code);
    if (n < 3) await append(office.log, sessionId, { type: 'EvidenceUploaded', data: stored.value });
    else await uploads.add(sessionId, stored.value);
  }
};
const onDisk = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
/** All that anybody who holds the disk and the database could compare a file with. */
const everythingKept = async (): Promise<string> => {
  const tables = await database.pool.query<{ row: string }>(
    'SELECT e::text AS row FROM events e UNION ALL SELECT u::text FROM uploads u',
  );
  const files = await Promise.all((await onDisk()).map(async (name) => name + (await readFile(name, 'latin1'))));
  return [...tables.rows.map(({ row }) => row), ...files].join('\n');
};
const runFinisher = async (onError: (error: unknown) => void, over: Partial<ReturnType<typeof deps>> = {}) => {
  const stopping = new AbortController();
  const checkpoints = createMemoryCheckpoints();
  const { position: head } = await office.log.head();
  const pause = (): Promise<void> => Promise.resolve();
  const running = createErasureFinisher({ ...deps(), ...over, checkpoints, onError, pause }).run(stopping.signal);
  await expect.poll(() => checkpoints.load('erasure-finisher'), { timeout: 60_000 }).toBeGreaterThanOrEqual(head);
  stopping.abort();
  await running;
};

describe('the evidence of an erased citizen', () => {
  it('is gone from the disk, and that of others is not', async () => {
    await sendFiles('anna');
    await sendFiles('bola');
    expect(await eraseSubject(deps(), erasure('anna'))).toMatchObject({ ok: true, filesRemoved: 3 });
    expect(await onDisk()).toHaveLength(3);
    expect(await evidence.read('anna', sha256(file(1)))).toBeNull();
    expect(await evidence.read('bola', sha256(file(1)))).toEqual(file(1));
    expect((await uploads.list()).map(({ sessionId }) => sessionId)).toEqual(['bola']);
  });

  it('leaves nothing that tells whoever has a file that it was sent, before and after', async () => {
    await sendFiles('anna');
    const guesses = [1, 2, 3].flatMap((n) => {
      const plain = sha256(file(n));
      return [plain, sha256(Buffer.from(`evidence-name/anna/${plain}`)), sha256(Buffer.from(`evidence-name/${plain}`))];
    });
    const before = await everythingKept();
    expect(guesses.filter((guess) => before.includes(guess))).toEqual([]);
    await eraseSubject(deps(), erasure('anna'));
    const after = await everythingKept();
    expect(guesses.filter((guess) => after.includes(guess))).toEqual([]);
  });

  it('stays when another class is erased', async () => {
    await sendFiles('anna');
    const outcome = await eraseSubject(deps(), { ...erasure('anna'), classes: ['identity'] });
    expect(outcome).toMatchObject({ filesRemoved: 0 });
    expect(await onDisk()).toHaveLength(3);
  });

  it('is not taken for an orphan before, and not kept for known after', async () => {
    await sendFiles('anna');
    await sendFiles('bola');
    expect(await evidence.sweepOrphans(knownFiles(office.log, uploads), -1)).toBe(0);
    await eraseSubject({ ...deps(), forgetFiles: () => Promise.resolve(0) }, erasure('anna'));
    expect(await evidence.sweepOrphans(knownFiles(office.log, uploads), -1)).toBe(3);
    expect(await onDisk()).toHaveLength(3);
  });

  it('that was taken back goes with the next sweep, unless it was sent once more', async () => {
    await sendFiles('anna');
    const sent: UploadedFile[] = [];
    for await (const event of office.log.readStream('session-anna'))
      if (event.type === 'EvidenceUploaded') sent.push((await office.log.open(event)).data);
    const [one, two] = sent;
    if (one === undefined || two === undefined) throw new Error('Two files were sent');
    for (const { evidenceId } of sent)
      await append(office.log, 'anna', { type: 'EvidenceWithdrawn', data: { evidenceId } });
    await append(office.log, 'anna', { type: 'EvidenceUploaded', data: two });
    expect(await evidence.sweepOrphans(knownFiles(office.log, uploads), -1)).toBe(1);
    expect(await evidence.read('anna', one.sha256)).toBeNull();
    expect(await evidence.read('anna', two.sha256)).toEqual(file(2));
  });

  it('stays with the sweep while keys are missing that nobody destroyed by an erasure', async () => {
    await sendFiles('anna');
    await office.keys.destroy('anna', ['evidence']);
    expect(await evidence.sweepOrphans(knownFiles(office.log, uploads), -1)).toBe(0);
  });
});

describe('an erasure that was killed', () => {
  const killed = () => Promise.reject(new Error('killed'));

  it.each<[string, () => Partial<ReturnType<typeof deps>>]>([
    ['after the record', () => ({ keys: { ...office.keys, destroy: killed } })],
    ['after the keys', () => ({ forgetFiles: killed })],
    [
      'half-way through the files',
      () => ({
        forgetFiles: async (sessionId) => {
          for await (const blob of blobs.list()) {
            await blobs.remove(blob.owner, blob.name);
            throw new Error(`killed, ${sessionId.length} letters`);
          }
          return 0;
        },
      }),
    ],
  ])('%s is finished by the running server', async (_, over) => {
    await sendFiles('anna');
    await expect(eraseSubject({ ...deps(), ...over() }, erasure('anna'))).rejects.toThrow('killed');
    await runFinisher(() => undefined);
    expect(await onDisk()).toEqual([]);
    expect(await office.keys.keyForOpening('anna', 'evidence')).toBe('erased');
  });

  it('is tried again by the server until it works', async () => {
    await sendFiles('anna');
    await expect(eraseSubject({ ...deps(), forgetFiles: killed }, erasure('anna'))).rejects.toThrow('killed');
    const errors: unknown[] = [];
    const failsTwice = (sessionId: string) => (errors.length < 2 ? killed() : forgetFiles(sessionId));
    await runFinisher((error) => errors.push(error), { forgetFiles: failsTwice });
    expect(errors).toHaveLength(2);
    expect(await onDisk()).toEqual([]);
  });

  it('is finished by doing it again, and by finishErasures, which find what is left', async () => {
    await sendFiles('anna');
    await sendFiles('bola');
    for (const name of ['anna', 'bola']) {
      await expect(eraseSubject({ ...deps(), forgetFiles: killed }, erasure(name))).rejects.toThrow('killed');
    }
    expect(await eraseSubject(deps(), erasure('anna'))).toMatchObject({ alreadyRecorded: true, filesRemoved: 3 });
    expect(await finishErasures(deps())).toEqual({ keysDestroyed: 0, filesRemoved: 3 });
    expect(await finishErasures(deps())).toEqual({ keysDestroyed: 0, filesRemoved: 0 });
  });
});

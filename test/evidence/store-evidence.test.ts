import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '../../src/events/memory-key-store.js';
import { createByteWorker } from '../../src/evidence/byte-worker.js';
import { createDiskBlobStore } from '../../src/evidence/disk-blob-store.js';
import { createEvidenceStore, type EvidenceStore, type Upload } from '../../src/evidence/store-evidence.js';
import { jpeg, pdf } from './support/samples.js';

let folder = '';
const open: EvidenceStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'evidence-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  await rm(folder, { recursive: true });
});

const start = async (limits: { file?: number; session?: number; quota?: number; offThreadBytes?: number } = {}) => {
  const keys = createMemoryKeyStore();
  const blobs = await createDiskBlobStore({ folder, quotaBytes: limits.quota ?? 2 ** 30, minFreeBytes: 0 });
  const worker = createByteWorker(limits.offThreadBytes === undefined ? {} : { offThreadBytes: limits.offThreadBytes });
  const evidence = createEvidenceStore({
    blobs,
    keys,
    worker,
    limits: { maxFileBytes: limits.file ?? 10 * 2 ** 20, maxSessionEvidenceBytes: limits.session ?? 50 * 2 ** 20 },
  });
  open.push(evidence);
  return { evidence, keys, blobs };
};

const upload = (bytes: Buffer, more: Partial<Upload> = {}): Upload => ({
  evidenceId: randomUUID(),
  name: 'letter.pdf',
  type: 'application/pdf',
  size: bytes.length,
  base64: bytes.toString('base64'),
  ...more,
});
const padded = (length: number): Buffer => Buffer.concat([pdf(), randomBytes(length)]);
const filesBelow = async (below: string): Promise<string[]> =>
  (await readdir(path.join(folder, below), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

describe('evidence on the disk', () => {
  it('is found by the SHA-256 of its content, and can be read back', async () => {
    const { evidence } = await start();
    const file = upload(pdf());
    expect(await evidence.store('S', file)).toEqual({
      ok: true,
      value: {
        evidenceId: file.evidenceId,
        name: 'letter.pdf',
        mimeType: 'application/pdf',
        sizeBytes: pdf().length,
        sha256: createHash('sha256').update(pdf()).digest('hex'),
      },
    });
    expect(await evidence.read('S', createHash('sha256').update(pdf()).digest('hex'))).toEqual(pdf());
  });

  it('is sealed: neither content nor name nor session stand on the disk', async () => {
    const { evidence } = await start();
    const stored = await evidence.store(
      'session-id-canary',
      upload(Buffer.concat([pdf(), Buffer.from('content canary')])),
    );
    const sha256 = stored.ok ? stored.value.sha256 : '';
    const [file = ''] = await filesBelow('files');
    expect(await readFile(file, 'latin1')).not.toContain('canary');
    expect(file).not.toContain('canary');
    expect(file).not.toContain(sha256);
  });

  it('of another session has another name, and is not to be had with the hash alone', async () => {
    const { evidence } = await start();
    const stored = await evidence.store('S', upload(pdf()));
    expect(await evidence.read('T', stored.ok ? stored.value.sha256 : '')).toBeNull();
    await evidence.store('T', upload(pdf()));
    expect(await filesBelow('files')).toHaveLength(2);
  });

  it('reads as gone once the key is destroyed', async () => {
    const { evidence, keys } = await start();
    const stored = await evidence.store('S', upload(pdf()));
    await keys.destroy('S', ['evidence']);
    expect(await evidence.read('S', stored.ok ? stored.value.sha256 : '')).toBeNull();
    expect(await evidence.store('S', upload(padded(10)))).toMatchObject({
      ok: false,
      refusal: { code: 'session_closed' },
    });
  });

  it('sent twice is kept once', async () => {
    const { evidence } = await start({ session: pdf().length + 50 });
    await evidence.store('S', upload(pdf()));
    expect(await evidence.store('S', upload(pdf()))).toMatchObject({ ok: true });
    expect(await filesBelow('files')).toHaveLength(1);
  });

  it('takes a large file through the worker thread, and the loop goes on meanwhile', async () => {
    const { evidence } = await start();
    const big = padded(6 * 2 ** 20);
    const base64 = big.toString('base64');
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const stored = await evidence.store('S', upload(big, { base64 }));
    clearInterval(timer);
    expect(stored.ok).toBe(true);
    expect(ticks).toBeGreaterThan(0);
    const back = await evidence.read('S', stored.ok ? stored.value.sha256 : '');
    expect(back?.equals(big)).toBe(true);
  });
});

describe('sizes (security row 18)', () => {
  it.each([
    ['a declared size that lies', { size: 5 }, 'file_size_mismatch'],
    ['text that is not base64', { base64: '!!!!' }, 'file_size_mismatch'],
    ['base64 that was cut', { size: null, base64: 'AAAAA' }, 'file_size_mismatch'],
  ])('%s is refused', async (_what, more, code) => {
    const { evidence } = await start();
    expect(await evidence.store('S', upload(pdf(), more))).toMatchObject({ ok: false, refusal: { code } });
    expect(await filesBelow('.')).toEqual([]);
  });

  it('a file over the limit is refused, before and after decoding', async () => {
    const { evidence } = await start({ file: 100 });
    expect(await evidence.store('S', upload(padded(1000)))).toMatchObject({ refusal: { code: 'file_too_large' } });
    expect(await evidence.store('S', upload(padded(101 - pdf().length)))).toMatchObject({
      refusal: { code: 'file_too_large' },
    });
  });

  it('the quota of a session holds, also for files that arrive at once', async () => {
    const { evidence } = await start({ session: 2500 });
    const results = await Promise.all([1, 2, 3].map(() => evidence.store('S', upload(padded(1000)))));
    expect(results.map((one) => (one.ok ? 'ok' : one.refusal.code)).sort()).toEqual(['ok', 'ok', 'quota_exceeded']);
    expect(await evidence.store('T', upload(padded(1000)))).toMatchObject({ ok: true });
  });

  it('the quota of the disk holds, and leaves no temporary file', async () => {
    const { evidence } = await start({ quota: 3000 });
    const results = await Promise.all(['A', 'B', 'C', 'D'].map((id) => evidence.store(id, upload(padded(1000)))));
    expect(results.filter((one) => one.ok)).toHaveLength(2);
    expect(await filesBelow('tmp')).toEqual([]);
    const again = await start({ quota: 3000 });
    expect(await again.evidence.store('E', upload(padded(1000)))).toMatchObject({
      refusal: { code: 'quota_exceeded' },
    });
  });

  it('a file whose content is refused leaves nothing behind', async () => {
    const { evidence } = await start();
    expect(await evidence.store('S', upload(jpeg()))).toMatchObject({ refusal: { code: 'file_type_rejected' } });
    expect(await filesBelow('.')).toEqual([]);
  });

  it('line breaks and the URL-safe alphabet are base64 too', async () => {
    const { evidence } = await start();
    const bytes = padded(300);
    const broken = bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
    expect(await evidence.store('S', upload(bytes, { base64: broken }))).toMatchObject({ ok: true });
    expect(await evidence.store('T', upload(bytes, { base64: bytes.toString('base64url') }))).toMatchObject({
      ok: true,
    });
  });
});

describe('the sweep', () => {
  const hourAgo = new Date(Date.now() - 3_600_000);

  it('removes old files that no event tells of, and old leftovers, and nothing else', async () => {
    const { evidence } = await start();
    const known = await evidence.store('S', upload(padded(1)));
    await evidence.store('S', upload(padded(2)));
    await writeFile(path.join(folder, 'tmp', 'half'), 'half a file');
    for (const file of [...(await filesBelow('files')), ...(await filesBelow('tmp'))])
      await utimes(file, hourAgo, hourAgo);
    await evidence.store('S', upload(padded(3)));
    await writeFile(path.join(folder, 'tmp', 'fresh'), 'being written');

    async function* log() {
      await Promise.resolve();
      yield { sessionId: 'S', sha256: known.ok ? known.value.sha256 : '' };
    }
    expect(await evidence.sweepOrphans(log(), 60_000)).toBe(2);
    expect(await filesBelow('files')).toHaveLength(2);
    expect((await filesBelow('tmp')).map((file) => path.basename(file))).toEqual(['fresh']);
  });
});

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadMasterKey } from '../../src/platform/secrets.js';

let temporary: string;
let dataDir: string;
beforeEach(() => void (dataDir = temporary = mkdtempSync(path.join(os.tmpdir(), 'citizen-secrets-'))));
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const load = (masterKey?: string): Promise<Buffer> => loadMasterKey({ masterKey, dataDir });
const keyFile = (): string => path.join(dataDir, 'master.key');

it('makes a key at the first start that only its owner can read, and uses it again', async () => {
  const key = await load();
  expect(key).toHaveLength(32);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(await load()).toEqual(key);
  expect(readdirSync(dataDir)).toEqual(['master.key']);
});

it('gives several starts at once the same key', async () => {
  const keys = await Promise.all(Array.from({ length: 10 }, () => load()));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(readdirSync(dataDir)).toEqual(['master.key']);
});

it('makes DATA_DIR when it is missing', async () => {
  dataDir = path.join(dataDir, 'new', 'folder');
  expect(await load()).toHaveLength(32);
});

it.each(['hex', 'base64', 'base64url'] as const)('takes MASTER_KEY in %s and makes no file', async (encoding) => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  expect(await load(key.toString(encoding))).toEqual(key);
  expect(readdirSync(dataDir)).toEqual([]);
});

it('refuses a key file that others can read, without changing it', async () => {
  await load();
  const before = readFileSync(keyFile(), 'utf8');
  chmodSync(keyFile(), 0o640);
  await expect(load()).rejects.toMatchObject({ code: 'bad_master_key', message: expect.stringContaining('chmod 600') });
  expect(readFileSync(keyFile(), 'utf8')).toBe(before);
});

it.each(['', 'c2hvcnQ=', 'canary '.repeat(10)])('refuses a damaged key file (%j) without showing it', async (text) => {
  writeFileSync(keyFile(), text, { mode: 0o600 });
  const error: unknown = await load().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'bad_master_key' });
  expect(String(error)).not.toContain('canary');
});

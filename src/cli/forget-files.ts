import { existsSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { createUploads } from '../events/postgres/uploads.js';
import type { KeyStore } from '../events/event-log.js';
import { createDiskBlobStore } from '../evidence/disk-blob-store.js';
import { ownerOf } from '../evidence/owner.js';
import type { Config } from '../platform/config.js';

/**
 * Removes the files of a session from DATA_DIR, where there are any: on another machine than the server's, the server does it
 * when it comes to the event.
 */
export const createForgetFiles =
  ({ pool, keys }: { readonly pool: pg.Pool; readonly keys: KeyStore }, config: Config) =>
  async (sessionId: string): Promise<number> => {
    await createUploads({ pool, keys, nameableHours: config.uploadNameableHours }).forget(sessionId);
    const folder = path.join(path.resolve(config.dataDir), 'evidence');
    if (!existsSync(folder)) return 0;
    const limits = { quotaBytes: config.evidenceDiskQuotaBytes, minFreeBytes: config.minFreeDiskBytes };
    return (await createDiskBlobStore({ folder, ...limits })).removeAll(ownerOf(sessionId));
  };

import type { Pool } from 'pg';
import type { Migration } from '../../platform/migrate.js';
import type { KeyStore } from '../event-log.js';
import { openSealed, parseSealed, sealText } from '../seal.js';
import type { UploadedFile, Uploads } from '../uploads.js';

export const uploadMigrations: readonly Migration[] = [
  {
    id: 'uploads-001',
    sql: `
CREATE TABLE uploads (
  upload_id   uuid PRIMARY KEY,
  session_id  text NOT NULL,
  -- Sealed under the evidence key of the session.
  name        text NOT NULL,
  mime_type   text NOT NULL,
  size_bytes  bigint NOT NULL CHECK (size_bytes >= 0),
  -- Sealed too.
  sha256      text NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX uploads_age ON uploads (uploaded_at);
COMMENT ON TABLE uploads IS 'Files that were uploaded and that no message has named yet. Swept after a day; a message that named one has it in its own event.';
`,
  },
];

interface Row {
  readonly name: string;
  readonly mime_type: string;
  readonly size_bytes: string;
  readonly sha256: string;
}

/** Uploads in PostgreSQL, known to all processes. A message may name one for `nameableHours`. */
export const createUploads = ({
  pool,
  keys,
  nameableHours,
}: {
  readonly pool: Pool;
  readonly nameableHours: number;
  readonly keys: Pick<KeyStore, 'keyForSealing' | 'keyForOpening'>;
}): Uploads => {
  const open = async (sessionId: string, sealedText: string): Promise<string | null> => {
    const sealed = parseSealed(sealedText);
    const key = await keys.keyForOpening(sessionId, 'evidence');
    return sealed === undefined || key === 'erased' ? null : openSealed(key, sealed);
  };
  return {
    add: async (sessionId, { evidenceId, name, mimeType, sizeBytes, sha256 }: UploadedFile) => {
      const key = await keys.keyForSealing(sessionId, 'evidence');
      const seal = (text: string): string => sealText(key, sessionId, 'evidence', text);
      await pool.query(
        `INSERT INTO uploads (upload_id, session_id, name, mime_type, size_bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6)`,
        [evidenceId, sessionId, seal(name), mimeType, sizeBytes, seal(sha256)],
      );
    },
    claim: async (sessionId, uploadId) => {
      const { rows } = await pool.query<Row>(
        `SELECT name, mime_type, size_bytes, sha256 FROM uploads
         WHERE upload_id = $1 AND session_id = $2 AND uploaded_at > clock_timestamp() - $3 * interval '1 hour'`,
        [uploadId, sessionId, nameableHours],
      );
      const [row] = rows;
      if (row === undefined) return null;
      const [name, sha256] = [await open(sessionId, row.name), await open(sessionId, row.sha256)];
      if (name === null || sha256 === null) return null;
      return { evidenceId: uploadId, name, mimeType: row.mime_type, sizeBytes: Number(row.size_bytes), sha256 };
    },
    list: async () => {
      const { rows } = await pool.query<{ session_id: string; sha256: string }>(
        'SELECT session_id, sha256 FROM uploads',
      );
      const opened = rows.map(async ({ session_id: sessionId, sha256: sealed }) => {
        const sha256 = await open(sessionId, sealed);
        return sha256 === null ? [] : [{ sessionId, sha256 }];
      });
      return (await Promise.all(opened)).flat();
    },
    forget: async (sessionId) => {
      await pool.query('DELETE FROM uploads WHERE session_id = $1', [sessionId]);
    },
    sweep: async (olderThanMs) => {
      const { rowCount } = await pool.query(
        `DELETE FROM uploads WHERE uploaded_at < clock_timestamp() - $1 * interval '1 millisecond'`,
        [olderThanMs],
      );
      return rowCount ?? 0;
    },
  };
};

import { sessionIdOf, sessionStream } from '../events/catalogue/index.js';
import type { EventLog } from '../events/event-log.js';
import type { Uploads } from '../events/uploads.js';
import type { KnownFile } from './store-evidence.js';

/** Every file that the log or an upload tells of, without those of sessions whose evidence was erased and those taken back. */
export async function* knownFiles(
  log: Pick<EventLog, 'readAll' | 'open'>,
  uploads: Uploads,
): AsyncGenerator<KnownFile> {
  const erased = new Set<string>();
  for await (const event of log.readAll({ types: ['PersonalDataErased'] })) {
    if (event.type === 'PersonalDataErased' && event.data.classes.includes('evidence')) erased.add(event.meta.stream);
  }
  /** By file: where it was taken back last. One that is sent once more after that is there again. */
  const takenBack = new Map<string, bigint>();
  for await (const event of log.readAll({ types: ['EvidenceWithdrawn'] })) {
    if (event.type === 'EvidenceWithdrawn') takenBack.set(event.data.evidenceId, event.meta.position);
  }
  for await (const event of log.readAll({ types: ['EvidenceUploaded'] })) {
    const sessionId = sessionIdOf(event.meta.stream);
    if (event.type !== 'EvidenceUploaded' || sessionId === undefined || erased.has(event.meta.stream)) continue;
    if ((takenBack.get(event.data.evidenceId) ?? -1n) > event.meta.position) continue;
    const { data } = await log.open(event);
    yield { sessionId, sha256: data.sha256 };
  }
  for (const upload of await uploads.list()) if (!erased.has(sessionStream(upload.sessionId))) yield upload;
}

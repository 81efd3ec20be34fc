import type { EvidenceItem } from '../commands/session/state.js';
import { deterministicId } from '../platform/ids.js';
import type { TransportDeps } from './deps.js';
import { protocolError, type ProtocolError } from './protocol/result.js';
import type { V1Media } from './protocol/v1-client-frames.js';
import { refusedFile, type RefusedFile } from './refused-files.js';

type Deps = Pick<TransportDeps, 'evidence' | 'uploads'>;

/** What became of the files of one message. */
export interface StoredMedia {
  readonly items: readonly EvidenceItem[];
  readonly refused: readonly RefusedFile[];
  /** Why the whole message cannot be taken. */
  readonly error: ProtocolError | null;
}

/** Id of a file by its place in the message: a retry brings the same one. */
export const evidenceIdOf = (messageId: string, place: number): string =>
  deterministicId(`evidence/${place}`, messageId);

const storeOne = async (
  deps: Deps,
  sessionId: string,
  evidenceId: string,
  media: V1Media,
): Promise<EvidenceItem | RefusedFile | ProtocolError> => {
  if ('uploadId' in media) {
    const item = await deps.uploads.claim(sessionId, media.uploadId);
    return item ?? protocolError('upload_unknown', { field: 'media' });
  }
  const { name, type, size, data } = media;
  const stored = await deps.evidence.store(sessionId, { evidenceId, name, type, size, base64: data });
  return stored.ok ? stored.value : refusedFile(name, stored.refusal.code, stored.refusal.message);
};

/** Checks and keeps the files of a message, each by itself. @param places which of them; default all */
export const storeMedia = async (
  deps: Deps,
  sessionId: string,
  messageId: string,
  media: readonly V1Media[],
  places: readonly number[] = media.map((_one, place) => place),
): Promise<StoredMedia> => {
  const items: EvidenceItem[] = [];
  const refused: RefusedFile[] = [];
  for (const place of places) {
    const one = media[place];
    if (one === undefined) continue;
    const stored = await storeOne(deps, sessionId, evidenceIdOf(messageId, place), one);
    if ('evidenceId' in stored) items.push(stored);
    else if ('reason' in stored) refused.push(stored);
    else return { items, refused, error: stored };
  }
  return { items, refused, error: null };
};

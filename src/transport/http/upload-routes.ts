import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { UploadedFile } from '../../events/uploads.js';
import { newId } from '../../platform/ids.js';
import { receiveFile, type Received } from '../../evidence/receive-file.js';
import type { TransportDeps } from '../deps.js';
import { fail, ok, protocolError, type ProtocolError, type Result } from '../protocol/result.js';
import type { Limiter } from '../token-bucket.js';
import { answer, type Route, type RouteRequest } from './route.js';
import { accessOf, accessProblems, tokenHeader } from './session-access.js';

export type UploadRouteDeps = Pick<
  TransportDeps,
  'sessions' | 'tokens' | 'evidence' | 'uploads' | 'uploadFolder' | 'config'
> & {
  /** Uploads per session. */
  readonly uploadRate: Limiter;
  readonly isDraining: () => boolean;
};

const uploadedSchema = z.strictObject({
  uploadId: z.uuid().describe('For `media: [{uploadId}]` of a message, within UPLOAD_NAMEABLE_HOURS.'),
  name: z.string(),
  type: z.string().describe('As the content says.'),
  size: z.number().int(),
  sha256: z.string(),
});

const shownOf = ({ evidenceId: uploadId, name, mimeType: type, sizeBytes: size, sha256 }: UploadedFile) => ({
  uploadId,
  name,
  type,
  size,
  sha256,
});

const nameOf = (request: RouteRequest<unknown>): string => {
  try {
    return decodeURIComponent(request.header('x-file-name') ?? '').slice(0, 512);
  } catch {
    return '';
  }
};

const refusalOf = (why: Extract<Received, { ok: false }>['why'], maxBytes: number): ProtocolError => {
  if (why === 'too_large')
    return protocolError('file_too_large', {
      message: `The file is too large. At most ${Math.floor(maxBytes / 2 ** 20)} MB can be taken.`,
    });
  return protocolError(why === 'too_slow' ? 'too_slow' : 'file_size_mismatch');
};

/** How long the rest of a refused body is read and thrown away, so that its sender hears why. */
const LINGER_MS = 5000;

const linger = (stream: Readable): void => {
  if (stream.readableEnded || stream.destroyed) return;
  const timer = setTimeout(() => stream.destroy(), LINGER_MS);
  stream.once('close', () => clearTimeout(timer));
  stream.once('end', () => clearTimeout(timer));
  stream.resume();
};

/** Keeps the places of uploads that come in: some for all, one for each session. */
const createPlaces = (total: number) => {
  const taken = new Set<string>();
  return {
    take: (sessionId: string): boolean => {
      if (taken.size >= total || taken.has(sessionId)) return false;
      taken.add(sessionId);
      return true;
    },
    giveBack: (sessionId: string): void => void taken.delete(sessionId),
  };
};

const receiveAndStore = async (deps: UploadRouteDeps, request: RouteRequest<unknown>, sessionId: string) => {
  const { maxFileBytes: maxBytes, uploadMinBytesPerS: minBytesPerS } = deps.config;
  const received = await receiveFile(request.stream, deps.uploadFolder, { maxBytes, minBytesPerS });
  if (!received.ok) return fail(refusalOf(received.why, maxBytes));
  const about = { evidenceId: newId(), name: nameOf(request), type: request.header('content-type') ?? '' };
  const stored = await deps.evidence.storeReceived(sessionId, received.file, about);
  if (!stored.ok) return fail(protocolError(stored.refusal.code, { message: stored.refusal.message }));
  await deps.uploads.add(sessionId, stored.value);
  return answer(201, shownOf(stored.value));
};

/** Whether a message may still name a file: a page that was loaded anew asks before it offers to send it. */
const knownRoute = (deps: UploadRouteDeps): Route => ({
  method: 'get',
  path: '/api/uploads/:uploadId',
  operationId: 'readUpload',
  summary: 'An uploaded file that no message need have named yet',
  params: { uploadId: { schema: z.uuid(), description: 'As the upload was answered.' } },
  headers: tokenHeader,
  responses: { 200: { description: 'A message may name it.', schema: uploadedSchema } },
  problems: [...accessProblems, 'upload_unknown'],
  answer: async (request) => {
    const access = await accessOf(deps, request);
    if (!access.ok) return access;
    const uploadId = z.uuid().safeParse(request.params['uploadId']);
    const file = uploadId.success ? await deps.uploads.claim(access.value.sessionId, uploadId.data) : null;
    return file === null ? fail(protocolError('upload_unknown')) : answer(200, shownOf(file));
  },
});

/** Files of any size that is taken, beside the chat: neither their bytes nor their checks keep a message waiting. */
export const uploadRoutes = (deps: UploadRouteDeps): readonly Route[] => {
  const places = createPlaces(deps.config.uploadsAtOnce);
  const admit = async (request: RouteRequest<unknown>): Promise<Result<string, ProtocolError>> => {
    if (deps.isDraining()) return fail(protocolError('draining'));
    const access = await accessOf(deps, request);
    if (!access.ok) return access;
    const { sessionId } = access.value;
    if (Number(request.header('content-length') ?? 0) > deps.config.maxFileBytes)
      return fail(refusalOf('too_large', deps.config.maxFileBytes));
    const allowance = deps.uploadRate.take(sessionId);
    if (!allowance.ok) return fail(protocolError('rate_limited', { retryAfterMs: allowance.retryAfterMs }));
    return ok(sessionId);
  };
  return [
    knownRoute(deps),
    {
      method: 'post',
      path: '/api/uploads',
      operationId: 'upload',
      summary: 'Takes in a file; a message then names it by its uploadId',
      headers: {
        ...tokenHeader,
        'X-File-Name': { schema: z.string(), description: 'Name of the file, percent-encoded (UTF-8).' },
        'Content-Type': { schema: z.string(), description: 'Type of the file, as far as it is known.' },
      },
      body: { schema: z.string(), required: true, carriesFiles: true, bytes: true },
      responses: { 201: { description: 'The file was checked and is kept.', schema: uploadedSchema } },
      problems: [
        ...accessProblems,
        ...(['file_too_large', 'file_size_mismatch', 'file_type_rejected', 'quota_exceeded'] as const),
        ...(['session_closed', 'busy', 'rate_limited', 'too_slow', 'draining', 'origin_rejected'] as const),
      ],
      answer: async (request) => {
        const admitted = await admit(request);
        const place = admitted.ok && places.take(admitted.value);
        try {
          if (!admitted.ok) return admitted;
          return place ? await receiveAndStore(deps, request, admitted.value) : fail(protocolError('busy'));
        } finally {
          if (place) places.giveBack(admitted.value);
          linger(request.stream);
        }
      },
    },
  ];
};

import { failed, unanswered, type Answer, type Endpoints } from './api.js';
import type { Environment } from './environment.js';
import { PROTOCOL, type Media } from './frames.js';
import type { Runtime } from './runtime.js';
import { backoffMs } from './machine/backoff.js';
import { CitizenError, makeError } from './errors.js';
import type { Session } from './machine/types.js';

export interface UploadOptions {
  /** Called with the share that has been sent, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export type Uploaded = Extract<Media, { uploadId: string }>;

/** Files that together stay below this go inside the message: 24 KiB are 32 KiB of base64. */
const INLINE_BYTES = 24 * 1024;
const TRIES = 4;
const RETRY = { minMs: 500, maxMs: 10_000, factor: 2 };

const aborted: Answer<never> = {
  ok: false,
  status: 0,
  error: makeError('aborted', 'The upload was cancelled.'),
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const answerOf = (status: number, text: string, retryAfter: string | null): Answer<unknown> =>
  status >= 200 && status < 300 ? { ok: true, value: json(text) } : failed(status, json(text), retryAfter);

type Headers = Readonly<Record<string, string>>;

/** XMLHttpRequest is the only way to see how much of a body has left the browser. */
const sendByXhr = (
  Xhr: new () => XMLHttpRequest,
  url: string,
  headers: Headers,
  file: Blob,
  { onProgress, signal }: UploadOptions,
): Promise<Answer<unknown>> =>
  new Promise((resolve) => {
    const xhr = new Xhr();
    const stop = (): void => xhr.abort();
    const done = (answer: Answer<unknown>): void => {
      signal?.removeEventListener('abort', stop);
      resolve(answer);
    };
    xhr.open('POST', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    xhr.onload = () => done(answerOf(xhr.status, xhr.responseText, xhr.getResponseHeader('retry-after')));
    xhr.onerror = () => done(unanswered);
    xhr.onabort = () => done(aborted);
    signal?.addEventListener('abort', stop);
    xhr.send(file);
  });

const sendByFetch = async (
  env: Environment,
  url: string,
  headers: Headers,
  file: Blob,
  { onProgress, signal }: UploadOptions,
): Promise<Answer<unknown>> => {
  try {
    const init = { method: 'POST', headers, body: file, signal: signal ?? null };
    const response = await env.fetch(url, init);
    const answer = answerOf(response.status, await response.text(), response.headers.get('retry-after'));
    if (answer.ok) onProgress?.(1);
    return answer;
  } catch {
    return signal?.aborted ? aborted : unanswered;
  }
};

const pause = (env: Environment, ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = env.setTimer(resolve, ms);
    signal?.addEventListener('abort', () => {
      env.clearTimer(timer);
      resolve();
    });
  });

export type UploadRuntime = Pick<Runtime, 'env' | 'state' | 'subscribe' | 'refresh'>;

/** What `find` finds, as soon as the client knows it. */
const known = <T>({ subscribe }: UploadRuntime, find: () => T | null, signal?: AbortSignal): Promise<T> =>
  new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      if (found === null) return;
      end();
      signal?.removeEventListener('abort', look);
      resolve(found);
    };
    const end = subscribe(look);
    signal?.addEventListener('abort', look);
    look();
  });

/** The session, as soon as there is one. */
const sessionOf = (runtime: UploadRuntime): Promise<Session> => known(runtime, () => runtime.state().session);

/**
 * Sends one file as the body of POST `/api/uploads`; again after network errors and "not now" answers, up to four times. While
 * there is no connection it waits for that, like the words that it goes with.
 */
export const uploadFile = async (
  runtime: UploadRuntime,
  at: Endpoints,
  file: File,
  options: UploadOptions,
): Promise<Uploaded> => {
  const env = runtime.env();
  const { signal } = options;
  const page = globalThis as { XMLHttpRequest?: new () => XMLHttpRequest };
  const Xhr = env.XMLHttpRequest === undefined ? page.XMLHttpRequest : env.XMLHttpRequest;
  const about = { name: file.name, type: file.type || 'application/octet-stream', size: file.size };
  const isCut = (): boolean => runtime.state().phase !== 'live';
  let renewed = false;
  let tries = 0;
  for (;;) {
    const { token } = await sessionOf(runtime);
    if (signal?.aborted) throw new CitizenError(aborted.error);
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': about.type,
      'x-file-name': encodeURIComponent(file.name),
    };
    const answer = !Xhr
      ? await sendByFetch(env, at.uploads, headers, file, options)
      : await sendByXhr(Xhr, at.uploads, headers, file, options);
    if (answer.ok) return { ...about, uploadId: String((answer.value as Partial<Uploaded> | null)?.uploadId) };
    const { error, status } = answer;
    if (status === 401 && !renewed) {
      renewed = true;
      await runtime.refresh(await sessionOf(runtime));
    } else if (status === 0 && isCut()) {
      await known(runtime, () => signal?.aborted === true || !isCut() || null, signal);
    } else {
      tries += 1;
      if (!error.retryable || tries >= TRIES) throw new CitizenError(error);
      await pause(env, (error.retryAfterMs ?? 0) + backoffMs(RETRY, tries, env.chance()), signal);
    }
  }
};

const toBase64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
};

const inlineFile = async (file: File | Uploaded): Promise<Media> => {
  if ('uploadId' in file) return file;
  const { name, type, size } = file;
  return { name, type, size, data: toBase64(new Uint8Array(await file.arrayBuffer())) };
};

/**
 * Makes the files of a message ready: small ones (together) go inside it, as all do with a classic server; others are uploaded
 * one after the other, but for those that were uploaded before.
 * @param onProgress share of all bytes, 0 to 1, in steps of 2 %.
 */
export const attachFiles = async (
  runtime: UploadRuntime,
  at: Endpoints,
  files: readonly (File | Uploaded)[],
  onProgress: (share: number) => void,
): Promise<readonly Media[]> => {
  const { protocols } = await sessionOf(runtime);
  const total = files.reduce((sum, file) => sum + ('uploadId' in file ? 0 : file.size), 0);
  if (total <= INLINE_BYTES || !protocols.includes(PROTOCOL)) return Promise.all(files.map(inlineFile));
  const media: Media[] = [];
  let done = 0;
  let shown = 0;
  for (const file of files) {
    if ('uploadId' in file) {
      media.push(file);
      continue;
    }
    const tell = (share: number): void => {
      const now = Math.min(1, (done + share * file.size) / total);
      if (now - shown >= 0.02) onProgress((shown = now));
    };
    media.push(await uploadFile(runtime, at, file, { onProgress: tell }));
    done += file.size;
  }
  return media;
};

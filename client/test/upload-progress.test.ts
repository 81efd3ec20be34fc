import { expect, test } from 'vitest';
import { endpoints } from '../src/api.js';
import { browserEnvironment } from '../src/environment.js';
import { initialState } from '../src/machine/basics.js';
import type { Session } from '../src/machine/types.js';
import { attachFiles, uploadFile } from '../src/upload.js';

interface Progress {
  readonly loaded: number;
  readonly total: number;
}

/** As much of XMLHttpRequest as an upload needs; answers when told. */
class FakeXhr {
  static last: FakeXhr;
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress?: (progress: Progress) => void } = {};
  onload: (() => void) | null = null;
  onabort: (() => void) | null = null;
  onerror: (() => void) | null = null;
  status = 0;
  responseText = '';
  constructor() {
    FakeXhr.last = this;
  }
  open(readonly_: string, url: string): void {
    this.headers[':'] = `${readonly_} ${url}`;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(): null {
    return null;
  }
  send(): void {
    queueMicrotask(() => FakeXhr.sent());
  }
  abort(): void {
    this.onabort?.();
  }
  static sent: () => void = () => undefined;
}

const session = { token: 'token-1' } as Session;
const runtime = {
  env: () => ({ ...browserEnvironment(), XMLHttpRequest: FakeXhr as unknown as new () => XMLHttpRequest }),
  state: () => ({ ...initialState, session }),
  subscribe: () => () => undefined,
  refresh: () => Promise.resolve(),
};
const file = new File(['12345678'], 'ä.pdf', { type: 'application/pdf' });

test('a browser tells how much has left, and sends name, type and token in headers', async () => {
  const shares: number[] = [];
  FakeXhr.sent = () => {
    const { last } = FakeXhr;
    last.upload.onprogress?.({ loaded: 4, total: 8 });
    last.upload.onprogress?.({ loaded: 8, total: 8 });
    Object.assign(last, { status: 201, responseText: '{"uploadId":"u1"}' }).onload?.();
  };
  const uploaded = await uploadFile(runtime, endpoints('/api/agent/session'), file, {
    onProgress: (share) => shares.push(share),
  });
  expect(uploaded).toEqual({ uploadId: 'u1', name: 'ä.pdf', type: 'application/pdf', size: 8 });
  expect(shares).toEqual([0.5, 1]);
  expect(FakeXhr.last.headers).toEqual({
    ':': 'POST /api/uploads',
    authorization: 'Bearer token-1',
    'content-type': 'application/pdf',
    'x-file-name': '%C3%A4.pdf',
  });
});

test('an aborted upload ends at once', async () => {
  const abort = new AbortController();
  FakeXhr.sent = () => abort.abort();
  const upload = uploadFile(runtime, endpoints('/api/agent/session'), file, { signal: abort.signal });
  await expect(upload).rejects.toMatchObject({ code: 'aborted' });
});

test('a file that was uploaded before goes with the message as it is', async () => {
  const known = { uploadId: 'u7', name: 'a.jpg', type: 'image/jpeg', size: 5_000_000 };
  const withProtocol = {
    ...runtime,
    state: () => ({ ...initialState, session: { ...session, protocols: ['leoma.chat.v1'] } }),
  };
  expect(await attachFiles(withProtocol, endpoints('/api/agent/session'), [known], () => undefined)).toEqual([known]);
});

/** A client that has a connection when it is told so. */
const connecting = () => {
  const listeners = new Set<() => void>();
  let phase: 'backoff' | 'live' = 'backoff';
  return {
    client: {
      ...runtime,
      state: () => ({ ...initialState, session, phase }),
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    listeners,
    connect: () => {
      phase = 'live';
      for (const listener of listeners) listener();
    },
  };
};

test('a file waits for the connection, and is sent when it is back', async () => {
  const { client, connect, listeners } = connecting();
  let sent = 0;
  FakeXhr.sent = () => {
    sent += 1;
    if (sent === 1) FakeXhr.last.onerror?.();
    else Object.assign(FakeXhr.last, { status: 201, responseText: '{"uploadId":"u1"}' }).onload?.();
  };
  const upload = uploadFile(client, endpoints('/api/agent/session'), file, {});
  await expect.poll(() => listeners.size).toBe(1);
  expect(sent).toBe(1);
  connect();
  expect(await upload).toMatchObject({ uploadId: 'u1' });
  expect(listeners.size).toBe(0);
});

test('an upload that waits for the connection can be aborted', async () => {
  const { client, listeners } = connecting();
  const abort = new AbortController();
  FakeXhr.sent = () => FakeXhr.last.onerror?.();
  const upload = uploadFile(client, endpoints('/api/agent/session'), file, { signal: abort.signal });
  await expect.poll(() => listeners.size).toBe(1);
  abort.abort();
  await expect(upload).rejects.toMatchObject({ code: 'aborted' });
  expect(listeners.size).toBe(0);
});

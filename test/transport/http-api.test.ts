import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newSessionId } from '../../src/platform/ids.js';
import { drawTrackingNumber } from '../../src/commands/tracking-number.js';
import { problemSchema } from '../../src/transport/problem.js';
import { errorCodeList } from '../../src/transport/protocol/codes.js';
import { pdf } from '../evidence/support/samples.js';
import { connectClassic, isMessage, openSession } from './support/classic-client.js';
import { fileComplaint as fileComplaintAt } from './support/file-complaint.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ SESSIONS_PER_IP_PER_MINUTE: '1000', LOOKUP_FAILURES_PER_IP_PER_MINUTE: '1000' });
});
afterAll(() => server.drop());

type Json = Record<string, unknown>;
interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Record<string, { schema: Json }> }>
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Json };
}

/** The operation of the document that a request belongs to, if any. */
const operationOf = (document: Document, method: string, path: string): Operation | undefined =>
  Object.entries(document.paths).find(([template]) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )?.[1][method];

let document: Document | undefined;
/** Every answer that a test looks at must be one that the OpenAPI document announces. */
const conforming = async (method: string, path: string, response: Response): Promise<Response> => {
  document ??= (await (await fetch(`${server.url}/api/openapi.json`)).json()) as Document;
  const operation = operationOf(document, method, path);
  if (operation === undefined) return response;
  const announced = operation.responses[String(response.status)];
  expect(announced, `${method} ${path} ${response.status}`).toBeDefined();
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  const schema = announced?.content[type]?.schema ?? {};
  const resolved = '$ref' in schema ? document.components.schemas['Problem'] : schema;
  z.fromJSONSchema(resolved as Parameters<typeof z.fromJSONSchema>[0]).parse(await response.clone().json());
  return response;
};
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }).then((response) => conforming('post', path, response));
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + path, { headers }).then((response) => conforming('get', path, response));
const problem = async (response: Response): Promise<Json> => {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return problemSchema.parse(await response.json());
};
const description =
  'The land office has kept my papers for three years and asks for money each time. My name is Canary Kamara.';

const fileComplaint = () => fileComplaintAt(server.url, description);
const tracked = async (number: string, headers: Record<string, string> = {}): Promise<Response> => {
  for (;;) {
    const response = await get(`/api/track/${number}`, headers);
    if (response.status !== 404) return response; // The read model may be a moment behind.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('sessions over HTTP', () => {
  it('are opened with an id, an address without a query, and a token', async () => {
    const session = await openSession(server.url);
    expect(session).toMatchObject({ websocketUrl: `ws://127.0.0.1:${server.port}/ws` });
    expect(session.sessionId).toMatch(/^[\w-]{22}$/);
    expect(Date.parse(session.expiresAt)).toBeGreaterThan(Date.now());
  });

  it.each([
    ['{}', 'en'],
    ['{"language":"kri"}', 'kri'],
    ['{"language":"xx","userId":5}', 'en'],
    ['{"language":7}', 'en'],
  ])('are opened whatever else a client sends, and say in which language: %s, %s', async (body, language) => {
    const response = await post('/api/agent/session', body);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ language });
  });

  it('tell a status whose fields belong together, at once after an answer and after a restart', async () => {
    const { sessionId } = (await (await post('/api/agent/message', { message: description })).json()) as Json;
    const path = `/api/agent/session/${String(sessionId)}/status`;
    const status = (await (await get(path)).json()) as Json;
    expect(status).toMatchObject({ messageCount: 2, position: expect.stringMatching(/^\d+$/) });
    expect(status['state']).not.toBe('greeting');
    expect(status['completeness']).toBeGreaterThan(0);
    const own = await startTestServer();
    const before = (await (
      await fetch(`${own.url}/api/agent/message`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ message: description }),
      })
    ).json()) as Json;
    const read = async () =>
      (await fetch(`${own.url}/api/agent/session/${String(before['sessionId'])}/status`)).json() as Promise<Json>;
    const then = await read();
    await own.restart();
    expect(await read()).toEqual(then);
    await own.drop();
  });

  it('tell their status to the holder of the id or the token, and to nobody else', async () => {
    const [one, other] = [await openSession(server.url), await openSession(server.url)];
    const path = `/api/agent/session/${one.sessionId}/status`;
    expect(await (await get(path)).json()).toMatchObject({ state: 'greeting', messageCount: 0, trackingNumber: null });
    expect((await get(path, { Authorization: `Bearer ${one.token}` })).status).toBe(200);
    expect(await problem(await get(path, { Authorization: `Bearer ${other.token}` }))).toMatchObject({
      code: 'session_mismatch',
    });
    expect(await problem(await get(path, { Authorization: 'Bearer x' }))).toMatchObject({
      code: 'unauthorized',
      status: 401,
    });
    expect(await problem(await get(`/api/agent/session/${newSessionId()}/status`))).toMatchObject({ status: 404 });
  });
});

describe('messages over HTTP', () => {
  it('open a session when they name none, and are answered', async () => {
    const response = await post('/api/agent/message', { message: 'Hello' });
    expect(response.status).toBe(200);
    const body = (await response.json()) as Json;
    expect(body).toMatchObject({ state: 'greeting' });
    expect(String(body['message'])).not.toBe('');
    expect(String(body['sessionId'])).toMatch(/^[\w-]{22}$/);
  });

  it('may carry files, and are recorded once under the same id', async () => {
    const { sessionId } = await openSession(server.url);
    const media = [{ name: 'a.pdf', type: 'application/pdf', size: pdf().length, data: pdf().toString('base64') }];
    const body = { sessionId, id: 'x-1', message: 'see the file', media };
    const first = (await (await post('/api/agent/chat', body)).json()) as Json;
    expect(await (await post('/api/agent/chat', body)).json()).toEqual(first);
  });

  it.each(['message', 'chat'])('keep their text when a file of it is refused: /api/agent/%s', async (path) => {
    const { sessionId } = await openSession(server.url);
    const body = { sessionId, id: 'x-2', message: 'Hello', media: [{ name: 'a.exe', type: '', data: 'TVo=' }] };
    const response = await post(`/api/agent/${path}`, body);
    expect(response.status).toBe(200);
    const first = (await response.json()) as Json;
    const notice = String(first['notice']);
    expect(notice).toContain('Your text was kept, you need not send it again. The file “a.exe” was not kept');
    expect(String(first['message']).startsWith(`${notice}\n\n`)).toBe(true);
    expect(first['refusedFiles']).toMatchObject([{ name: 'a.exe', code: 'file_type_rejected' }]);
    expect(await (await post(`/api/agent/${path}`, body)).json()).toEqual(first);
  });

  it('are not said again to a socket that opens later', async () => {
    const { sessionId } = (await (await post('/api/agent/message', { message: 'Hello' })).json()) as {
      sessionId: string;
    };
    const client = await connectClassic(server.url, sessionId);
    const answer = await client.say('A clerk asked me for money.');
    expect(client.frames.filter(({ frame }) => isMessage(frame)).map(({ frame }) => frame)).toEqual([answer]);
    await client.close();
  });

  it.each([
    [{ message: '' }, 'message_empty', 400],
    [{ message: 'x'.repeat(8001) }, 'message_too_long', 413],
    [{ message: 5 }, 'bad_request', 400],
    ['{', 'bad_json', 400],
    ['['.repeat(1000), 'bad_request', 400],
    [{ message: 'x', sessionId: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'session_unknown', 404],
    [{ message: '', media: [{ name: 'a.exe', type: '', data: 'TVo=' }] }, 'file_type_rejected', 415],
  ])('that are wrong are answered with a problem: %j', async (body, code, status) => {
    expect(await problem(await post('/api/agent/message', body))).toMatchObject({ code, status });
  });

  it('that are no JSON are refused', async () => {
    expect(await problem(await post('/api/agent/message', 'a=b', { 'Content-Type': 'text/plain' }))).toMatchObject({
      status: 415,
    });
  });
});

describe('following a complaint', () => {
  it('by its number alone shows the status, and nothing of what was said (domain.md section 6)', async () => {
    const { trackingNumber } = await fileComplaint();
    const response = await tracked(trackingNumber.toLowerCase().replaceAll('-', ' '));
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ trackingNumber, status: 'received', citizenMustAct: false });
    for (const secret of ['Canary', 'land office', 'category', 'institution', 'transcript'])
      expect(text).not.toContain(secret);
  });

  it('with the access key shows the conversation and the files', async () => {
    const { trackingNumber, accessKey } = await fileComplaint();
    expect(accessKey).not.toBe('');
    const body = (await (await tracked(trackingNumber, { 'X-Access-Key': accessKey })).json()) as Json;
    expect(JSON.stringify(body['transcript'])).toContain('Canary Kamara');
    expect(body).toMatchObject({ complete: true, evidence: [] });
    expect(JSON.stringify(body)).not.toContain(accessKey);
    expect(await (await post('/api/track', { trackingNumber, accessKey })).json()).toEqual(body);
  });

  it('with the access key shows what was filed, without the name, and tells which lines only list it', async () => {
    const { trackingNumber, accessKey } = await fileComplaint();
    const body = (await (await tracked(trackingNumber, { 'X-Access-Key': accessKey })).json()) as Json;
    expect(body['filed']).toMatchObject({ description: expect.stringContaining('Canary') as string, files: [] });
    expect(body['filed']).not.toHaveProperty('identity.contact');
    const lines = body['transcript'] as readonly { readonly text: string; readonly listsAnswers: boolean }[];
    const lists = lines.filter(({ listsAnswers }) => listsAnswers);
    expect(lists.map(({ text }) => text.includes('These are your answers:'))).toEqual([true]);
  });

  it('gives one answer to unknown numbers and wrong keys (security row 29)', async () => {
    const { trackingNumber } = await fileComplaint();
    await tracked(trackingNumber);
    const answers = await Promise.all([
      get(`/api/track/${drawTrackingNumber()}`),
      get(`/api/track/${drawTrackingNumber()}`, { 'X-Access-Key': 'AAAA-AAAA-AAAA-AAAA' }),
      get(`/api/track/${trackingNumber}`, { 'X-Access-Key': 'AAAA-AAAA-AAAA-AAAA' }),
    ]);
    const bodies = await Promise.all(answers.map(problem));
    expect(new Set(bodies.map(({ ref: _ref, ...rest }) => JSON.stringify(rest))).size).toBe(1);
    expect(bodies[0]).toMatchObject({ code: 'tracking_unknown', status: 404 });
  });

  it('hints at typing errors without a look-up', async () => {
    expect(await problem(await get('/api/track/OMB-1111-1111-1112'))).toMatchObject({
      code: 'tracking_malformed',
      detail: expect.stringMatching(/^One letter or digit is wrong, or two changed places\..*OMB-XXXX-XXXX-XXXX/),
    });
    for (const [number, slip] of [
      ['OMB-1111-1111-111', 'too short'],
      ['OMB-1111-1111-11111', 'too long'],
      ['OMB-1111-1U11-1111', 'neither a letter nor a digit'],
    ])
      expect(await problem(await get(`/api/track/${number}`))).toMatchObject({
        code: 'tracking_malformed',
        detail: expect.stringContaining(slip ?? ''),
      });
  });
});

describe('guessing numbers', () => {
  it('is limited per address after some failures', async () => {
    const guarded = await startTestServer({ LOOKUP_FAILURES_PER_IP_PER_MINUTE: '5' });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i += 1)
      statuses.push((await fetch(`${guarded.url}/api/track/${drawTrackingNumber()}`)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
    await guarded.drop();
  });
});

describe('all answers', () => {
  it('of the API are not kept by caches', async () => {
    expect((await get('/api/openapi.json')).headers.get('cache-control')).toBe('no-store');
  });

  it('to what does not exist are problems', async () => {
    for (const path of [
      '/api/nothing',
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/page/../app.js',
      '/api/agent/session',
    ])
      expect(await problem(await get(path))).toMatchObject({ code: 'not_found' });
    expect(await problem(await get('/api/track/%E0%A4%A'))).toMatchObject({ code: 'bad_request' });
  });

  it('may be read by allowed pages of other hosts only', async () => {
    const evil = await post('/api/agent/session', '{}', { Origin: 'https://evil.example' });
    expect(await problem(evil)).toMatchObject({ code: 'origin_rejected' });
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
    const local = await fetch(`${server.url}/api/agent/session`, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' },
    });
    expect(local.status).toBe(204);
    expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
  });

  it('say whether the process lives and is ready', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toMatchObject({ status: 'ready', store: true, readModels: true });
  });
});

describe('the OpenAPI document', () => {
  const routes = [
    'post /api/agent/session',
    'get /api/agent/session/{id}/status',
    'post /api/agent/session/{id}/token',
    'delete /api/agent/session/{id}',
    'get /api/agent/session/{id}/answers',
    'get /api/agent/session/{id}/events',
    'delete /api/agent/session/{id}/evidence/{evidenceId}',
    'post /api/agent/session/{id}/frames',
    'post /api/uploads',
    'get /api/uploads/{uploadId}',
    'post /api/agent/message',
    'post /api/agent/chat',
    'get /api/track/{trackingNumber}',
    'post /api/track',
    'post /api/track/answer',
    'post /api/track/{trackingNumber}/answer',
    'post /api/track/{trackingNumber}/dispute',
    'post /api/track/{trackingNumber}/withdraw',
    'get /healthz',
    'get /readyz',
    'get /api/openapi.json',
  ];

  it('names every route', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as Document;
    expect(document.openapi).toBe('3.1.0');
    const named = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(named.sort()).toEqual([...routes].sort());
  });

  it('speaks of stable codes only, and every schema can be resolved', async () => {
    const text = await (await get('/api/openapi.json')).text();
    const document = JSON.parse(text) as Document;
    for (const operations of Object.values(document.paths))
      for (const { responses } of Object.values(operations))
        for (const [status, { description: words }] of Object.entries(responses))
          if (Number(status) >= 400 && words.startsWith('`'))
            for (const [, code = ''] of words.matchAll(/`(\w+)`/g)) expect(errorCodeList).toContain(code);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });
});

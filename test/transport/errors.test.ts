import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { createClientAddresses } from '../../src/transport/client-address.js';
import { createHttpApp } from '../../src/transport/http/app.js';
import { answer, type Route } from '../../src/transport/http/route.js';

const route = (path: string, reply: Route['answer']): Route => ({
  method: 'post',
  path,
  operationId: path,
  summary: '',
  body: { schema: z.unknown(), required: false, carriesFiles: false },
  responses: {},
  problems: [],
  answer: reply,
});

const serve = async (routes: readonly Route[]) => {
  const reported: { error: unknown; ref: string }[] = [];
  const app = createHttpApp({
    routes,
    addresses: createClientAddresses([]),
    isOriginAllowed: () => true,
    logger: pino({ level: 'silent' }),
    report: (error, ref) => reported.push({ error, ref }),
    limits: { maxClassicFrameBytes: 1000, maxJsonDepth: 32, frameDeadlineMs: 30_000 },
    lite: (_request, _response, next) => next(),
    site: null,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, reported, close: () => new Promise((resolve) => server.close(resolve)) };
};

describe('a fault inside a handler (security row 24)', () => {
  it('is answered without its cause, under an id that also stands in the log, and the server goes on', async () => {
    const { url, reported, close } = await serve([
      route('/fails', () => Promise.reject(new Error('the password is 1234'))),
      route('/throws', () => {
        throw new Error('the password is 1234');
      }),
      route('/works', () => Promise.resolve(answer(200, { ok: true }))),
    ]);
    for (const path of ['/fails', '/throws']) {
      const response = await fetch(url + path, { method: 'POST' });
      const text = await response.text();
      expect(response.status).toBe(500);
      expect(text).not.toContain('1234');
      expect(text).not.toContain('.ts');
      expect(JSON.parse(text)).toMatchObject({ code: 'internal', ref: reported.at(-1)?.ref });
      expect(response.headers.get('x-request-id')).toBe(reported.at(-1)?.ref);
    }
    expect((await fetch(`${url}/works`, { method: 'POST' })).status).toBe(200);
    await close();
  });

  it('is told from a database that does not answer, which is a matter of time', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    const { url, reported, close } = await serve([route('/away', () => Promise.reject(refused))]);
    const response = await fetch(`${url}/away`, { method: 'POST' });
    const text = await response.text();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.parse(text)).toMatchObject({ code: 'unavailable', retryable: true, ref: reported[0]?.ref });
    expect(text).not.toContain('10.0.0.7');
    await close();
  });

  it('is not what a body that is too large or strangely encoded is', async () => {
    const { url, reported, close } = await serve([route('/works', () => Promise.resolve(answer(200, {})))]);
    const json = { 'Content-Type': 'application/json' };
    const large = await fetch(`${url}/works`, { method: 'POST', headers: json, body: `"${'x'.repeat(70_000)}"` });
    expect([large.status, ((await large.json()) as { code: string }).code]).toEqual([413, 'payload_too_large']);
    const encoded = await fetch(`${url}/works`, {
      method: 'POST',
      headers: { ...json, 'Content-Encoding': 'what' },
      body: '{}',
    });
    expect(encoded.status).toBe(415);
    expect(reported).toEqual([]);
    await close();
  });

  it('is said in plain words to a browser that asked for a page, and to programs as a problem', async () => {
    const { url, close } = await serve([]);
    const accept = 'text/html,application/xhtml+xml';
    for (const path of ['/nothing/', '/kri/nothing/']) {
      const page = await fetch(url + path, { headers: { accept } });
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await page.text()).toContain(path.startsWith('/kri') ? '<html lang="kri">' : '<html lang="en">');
    }
    const problem = await fetch(`${url}/nothing/`);
    expect(problem.headers.get('content-type')).toContain('application/problem+json');
    const ofApi = await fetch(`${url}/api/nothing`, { headers: { accept } });
    expect(ofApi.headers.get('content-type')).toContain('application/problem+json');
    await close();
  });
});

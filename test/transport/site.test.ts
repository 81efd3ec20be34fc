import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish } from '../../web/scripts/finish.mjs';
import { startTestServer, type TestServer } from './support/test-server.js';

const inline = 'self.x=1';
const hash = `sha256-${createHash('sha256').update(inline).digest('base64')}`;
const filler = 'The same words again. '.repeat(100);
const framework = '<script src="/_next/static/a.js" async=""></script>';
const small = '<script src="/small.js"></script>';
const files = {
  'index.html': `<!doctype html><link rel="preload" as="script" href="/_next/static/a.js"/>${framework}<h1>Start</h1>${small}<script>${inline}</script>`,
  'chat/index.html': `<!doctype html>${framework}<h1>Chat</h1>${filler}<script>${inline}</script>${small}`,
  'missing/index.html': '<!doctype html><h1>Not here</h1>',
  'kri/missing/index.html': '<!doctype html><h1>I nɔ de ya</h1>',
  '404.html': '<!doctype html><style>h1{}</style>',
  'chat/index.txt': 'payload',
  'small.js': 'export {}',
  '_next/static/a.js': `/* ${filler} */`,
};

let folder: string;
let server: TestServer;
let bare: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'citizen-site-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, 'build', name)), { recursive: true });
    writeFileSync(path.join(folder, 'build', name), text);
  }
  finish(path.join(folder, 'build'), path.join(folder, 'out'));
  server = await startTestServer({}, { siteFolder: path.join(folder, 'out') });
  bare = await startTestServer();
});
afterAll(async () => {
  await server.drop();
  await bare.drop();
  rmSync(folder, { recursive: true });
});

const get = (address: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(server.url + address, { headers, redirect: 'manual' });

describe('A page that was built', () => {
  it('may run exactly the inline scripts that it was built with', async () => {
    const policy = (await get('/chat/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'self' '${hash}';`);
    expect(policy).not.toContain('unsafe');
  });

  it('carries the headers that protect it', async () => {
    const { headers } = await get('/chat/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${server.port}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('geolocation=()');
  });

  it('comes without the framework where it needs none', async () => {
    const html = await (await get('/')).text();
    expect(html).toContain('<h1>Start</h1>');
    expect(html.match(/<script/g)).toEqual(['<script']);
    expect(html).toContain(small);
    expect(html).not.toContain('as="script"');
  });

  it.each(['br', 'gzip'])('is sent compressed: %s', async (coding) => {
    const response = await get('/chat/', { 'accept-encoding': coding });
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(Number(response.headers.get('content-length'))).toBeLessThan(filler.length / 2);
    expect(await response.text()).toBe(files['chat/index.html']);
  });

  it('is sent as it is to who refuses compression', async () => {
    const response = await get('/chat/', { 'accept-encoding': 'br;q=0, gzip;q=0' });
    expect(response.headers.get('content-encoding')).toBeNull();
  });

  it('is not sent again while it is the same', async () => {
    const { headers } = await get('/chat/');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect((await get('/chat/', { 'if-none-match': headers.get('etag') ?? '' })).status).toBe(304);
  });

  it('is found without its last slash', async () => {
    const response = await get('/chat');
    expect([response.status, response.headers.get('location')]).toEqual([308, '/chat/']);
  });
});

describe('Files of the site', () => {
  it('that carry their version in their name are kept for ever', async () => {
    expect((await get('/_next/static/a.js')).headers.get('cache-control')).toContain('immutable');
  });

  it.each(['/404.html', '/chat/index.txt', '/site.json', '/chat/index.html', '/small.js.gz', '/../out/index.html'])(
    'that no page asks for are not served: %s',
    async (address) => {
      expect((await get(address)).status).toBe(404);
    },
  );
});

describe('An address that is not there', () => {
  it('shows a browser the page that says so', async () => {
    const response = await get('/nothing', { accept: 'text/html' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Not here');
  });

  it('says so in the language of its folder', async () => {
    const response = await get('/kri/nope', { accept: 'text/html' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('I nɔ de ya');
  });

  it('is a problem for programs, and below /api for everybody', async () => {
    for (const [address, accept] of [
      ['/nothing', '*/*'],
      ['/api/nothing', 'text/html'],
    ] as const)
      expect(await (await get(address, { accept })).json()).toMatchObject({ code: 'not_found' });
  });
});

describe('Without the built web application', () => {
  it('the light pages stand in for it', async () => {
    const response = await fetch(bare.url);
    expect(new URL(response.url).pathname).toBe('/lite/');
    expect(response.status).toBe(200);
  });
});

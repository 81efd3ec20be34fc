import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../../demo/server-process.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';
import { startBrowser, visit } from './support/browser.js';
import { story } from './support/citizen.js';

// A site of somebody else, on an origin of its own, with the documented hook and nothing more (bench/web/hook-page.tsx).

let browser: Browser;
let server: TestServer;
let site: Server;
let address: string;
beforeAll(async () => {
  const root = repositoryRoot();
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'bench', 'web', 'hook-page.tsx')],
    alias: { '@citizen-interface/client/react': path.join(root, 'client', 'src', 'react', 'index.ts') },
    define: { 'process.env.NODE_ENV': '"production"' },
    ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', jsx: 'automatic', write: false, outdir: 'out' },
  });
  const script = outputFiles[0]?.text ?? '';
  const page =
    '<!doctype html><html lang="en"><title>A site</title><div id="app"></div><script type="module" src="/page.js"></script>';
  site = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : page);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  browser = await startBrowser();
  server = await startTestServer({ RATE_LIMITS: 'off' });
  const { port } = site.address() as AddressInfo;
  address = `http://localhost:${port}/?server=${encodeURIComponent(server.url)}`;
});
afterAll(async () => {
  await browser.close();
  await server.drop();
  site.close();
});

describe('The documented hook in a page of an integrator', () => {
  it('files a complaint, and shows each message once, also after a reload', async () => {
    const { page, foreign, complaints, close } = await visit(browser);
    await page.goto(address);
    for (const [at, text] of [story, 'submit', 'yes'].entries()) {
      await page.locator('#message').fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
      await page.locator('li[data-role=agent]').nth(at).waitFor();
    }
    await page
      .getByText(/OMB(-[0-9A-Z]{4}){3}/)
      .first()
      .waitFor();
    const before = await page.locator('li').allInnerTexts();
    await page.reload();
    await expect.poll(() => page.locator('li').allInnerTexts()).toEqual(before);
    expect([foreign, complaints]).toEqual([[], []]);
    await close();
  });
});

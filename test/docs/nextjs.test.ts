import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort, repositoryRoot, startServerProcess, type ServerProcess } from '../../demo/server-process.js';
import { openPage, type OpenPage } from './support/page.js';
import { buildSite, makeSite, startSite, typeErrors, type RunningSite, type Site } from './support/site.js';
import { readEnvironment, readSnippets, siteFiles } from './support/snippets.js';

// Every snippet of docs/nextjs.md is taken from the page as it is printed, put where its fence says, and used.

const run = promisify(execFile);
const snippets = readSnippets(path.join(repositoryRoot(), 'docs', 'nextjs.md'));
const files = siteFiles(snippets, 'first');
// So that the component of an older page is seen.
const older = "import { OlderPage } from '../../components/older-page';\nexport default OlderPage;\n";
const code = [...files.keys()].filter((file) => /\.(tsx?|js)$/.test(file));

const folder = mkdtempSync(path.join(tmpdir(), 'citizen-nextjs-'));
let site: Site;
let server: ServerProcess;
let running: RunningSite;
let built: string;
const pages: OpenPage[] = [];
const open = async (address: string): Promise<OpenPage> => {
  const page = await openPage(address);
  pages.push(page);
  return page;
};

/** jsdom knows no module scripts: the same page with the same script, made a classic one. It talks to the server itself. */
const makePlainPage = async (serverPort: number): Promise<void> => {
  const html = (files.get('public/plain.html') ?? '')
    .replace('type="module" src="/plain.js"', 'defer src="/plain-classic.js"')
    .replace('data-office=""', `data-office="http://localhost:${serverPort}"`);
  writeFileSync(path.join(site.folder, 'public', 'plain-classic.html'), html);
  await build({
    entryPoints: [path.join(site.folder, 'public', 'plain.js')],
    outfile: path.join(site.folder, 'public', 'plain-classic.js'),
    ...{ bundle: true, format: 'iife', target: 'es2022', logLevel: 'error' },
  });
};

beforeAll(async () => {
  const [serverPort, sitePort] = [await freePort(), await freePort()];
  // The page's own settings, with the ports of this run.
  const { TRUST_PROXY = '', ALLOWED_ORIGINS = '' } = readEnvironment(files.get('chat-server.env') ?? '');
  const env = Object.fromEntries(
    Object.entries(readEnvironment(files.get('.env.local') ?? '')).map(([name, value]) => [
      name,
      value.replace('3000', String(serverPort)),
    ]),
  );
  const origins = `${ALLOWED_ORIGINS},http://localhost:${sitePort}`;
  [server, site] = await Promise.all([
    startServerProcess(serverPort, path.join(folder, 'data'), { TRUST_PROXY, ALLOWED_ORIGINS: origins }),
    makeSite(
      new Map(files).set('app/older/page.tsx', older).set(
        '.env.local',
        Object.entries(env)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      ),
    ),
  ]);
  for (const { text } of snippets.filter(({ text }) => text.startsWith('mkdir -p public/'))) {
    await run('sh', ['-ec', text], { cwd: site.folder });
  }
  await makePlainPage(serverPort);
  process.env['BACKEND_URL'] = server.baseUrl;
  built = await buildSite(site, {});
  running = await startSite(site, sitePort, {});
}, 180_000);

afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});
afterAll(async () => {
  delete process.env['BACKEND_URL'];
  await running.stop();
  await server.kill('SIGTERM');
  site.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('The snippets of docs/nextjs.md', () => {
  it('name the file they belong to, if they are code', () => {
    const nameless = snippets.filter(
      ({ language, file }) => /^(tsx?|jsx?|html|css|nginx)$/.test(language) && file === null,
    );
    expect(nameless.map(({ line }) => line)).toEqual([]);
    expect(snippets.length).toBeGreaterThan(15);
  });

  it('are correct TypeScript, with the real types of Next.js, React and the client', () => {
    expect(typeErrors(site, code)).toEqual([]);
  }, 60_000);

  it('are correct shell, if they are shell', () => {
    for (const { language, text } of snippets) if (language === 'sh') execFileSync('sh', ['-n'], { input: text });
  });

  it('are built by Next.js: the route, both pages, the policy', () => {
    for (const route of ['/api/agent/session', '/chat', '/own', 'Proxy']) expect(built).toContain(route);
  });
});

interface Handler {
  readonly POST: (request: Request) => Promise<Response>;
}
const handler = (): Promise<Handler> =>
  import(path.join(site.folder, 'app/api/agent/session/route.ts')) as Promise<Handler>;
const ask = (headers: Record<string, string> = {}): Request =>
  new Request('http://site.example/api/agent/session', { method: 'POST', headers });

describe('The session route', () => {
  it('makes a session at the server behind it', async () => {
    const answer = await (await handler()).POST(ask());
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      sessionId: expect.stringMatching(/^[\w-]{22}$/),
      token: expect.any(String),
      protocols: ['leoma.chat.v1'],
    });
  });

  it('does the same inside a running site', async () => {
    const answer = await fetch(`${running.url}/api/agent/session`, { method: 'POST' });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ sessionId: expect.any(String), websocketUrl: expect.any(String) });
  });

  it('passes the address of the citizen on, so that the limit is theirs and not the site’s', async () => {
    const { POST } = await handler();
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let n = 0; n < 40 && last?.status !== 429; n += 1) {
      last = await POST(ask({ 'x-forwarded-for': '203.0.113.7' }));
      statuses.push(last.status);
    }
    expect(last?.status).toBe(429);
    expect(statuses.length).toBeGreaterThan(30);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await last?.json()).toMatchObject({ code: 'rate_limited', retryable: true, error: expect.any(String) });
    expect((await POST(ask({ 'x-forwarded-for': '203.0.113.8' }))).status).toBe(201);
  });

  it('answers 502 in the form of the other errors when the server is down', async () => {
    process.env['BACKEND_URL'] = 'http://127.0.0.1:1';
    const answer = await (await handler()).POST(ask());
    process.env['BACKEND_URL'] = server.baseUrl;
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ code: 'network', retryable: true, error: expect.any(String) });
  });
});

describe('The pages', () => {
  it.each(['/chat', '/own'])('are rendered on the server: %s', async (address) => {
    const html = await (await fetch(running.url + address)).text();
    expect(html).toContain('<textarea');
    expect(html).toContain('role="log"');
  });

  it('carry the theme after the style of the chat', async () => {
    const html = await (await fetch(`${running.url}/chat`)).text();
    const sheets = [...html.matchAll(/href="(\/_next\/static\/[^"]+\.css)"/g)].map(([, sheet]) => sheet ?? '');
    const styles = (await Promise.all(sheets.map(async (sheet) => (await fetch(running.url + sheet)).text()))).join('');
    expect(styles).toMatch(/\.ci-chat\s*\{[^]*\.ci-chat\.office-chat\s*\{/);
  });

  it('allow by their policy all that they need, and no other script', async () => {
    const answer = await fetch(`${running.url}/chat`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    const html = await answer.text();
    const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag.includes(`nonce="${nonce}"`) || tag.includes('src="/_next/')).toBe(true);
    expect(html).not.toMatch(/<style|\sstyle="/);
    const { port } = new URL(server.baseUrl);
    expect(policy).toContain(`connect-src 'self' http://localhost:${port} ws://localhost:${port}`);
    expect(policy).not.toContain('unsafe');
  });
});

const filing = async (page: OpenPage, message: string, done: () => string): Promise<void> => {
  const answers = (): number => page.texts('.ci-agent .ci-text, [data-role=agent]').length;
  for (const text of [message, 'submit', 'yes']) {
    const before = answers();
    page.say(text);
    await expect.poll(answers, { timeout: 20_000, message: text }).toBeGreaterThan(before);
  }
  await expect.poll(done, { timeout: 20_000 }).toMatch(/OMB-\w{4}-\w{4}-\w{4}/);
};

describe('A citizen', () => {
  it('files a complaint in <ChatInterface/>, and the page gets the tracking number', async () => {
    const page = await open(`${running.url}/chat`);
    await expect.poll(() => page.text('[role=status]'), { timeout: 20_000 }).toBe('Connected');
    await filing(page, 'The clinic refused to treat my child without a bribe', () => page.text('main > [role=status]'));
    expect(page.texts('.ci-citizen .ci-fate')).toEqual(Array(3).fill('Received by the office'));
    expect(page.errors).toEqual([]);
  }, 60_000);

  it('files a complaint in a page with looks of its own', async () => {
    const page = await open(`${running.url}/own`);
    await expect.poll(() => page.text('[role=status]'), { timeout: 20_000 }).toBe('Connected');
    expect(page.data('section', 'session')).toBe('open');
    await filing(page, 'The road is broken', () => page.text('output'));
    expect(page.texts('[data-role=citizen][data-state=received]')).toHaveLength(3);
    expect(page.errors).toEqual([]);
  }, 60_000);
});

describe('Without the component', () => {
  it('a citizen files a complaint in a page of plain JavaScript', async () => {
    const page = await open(`${running.url}/plain-classic.html`);
    await expect.poll(() => page.text('[role=status]'), { timeout: 20_000 }).toBe('live');
    const last = (): string => page.texts('[data-role=agent]').at(-1) ?? '';
    await filing(page, 'The market tax was taken twice', last);
    expect(page.errors).toEqual([]);
  }, 60_000);

  it('the module of the plain page is served as the page asks for it', async () => {
    for (const file of ['/plain.html', '/plain.js', '/citizen-interface/index.js']) {
      expect((await fetch(running.url + file)).status).toBe(200);
    }
  });

  it('the older REST still answers, and a repeated message is recorded once', async () => {
    const { sayOverRest } = (await import(path.join(site.folder, 'lib/say-over-rest.ts'))) as {
      sayOverRest: (message: string, id: string, sessionId?: string) => Promise<Record<string, string>>;
    };
    const first = await sayOverRest('The road is broken', 'one');
    expect(first).toMatchObject({ message: expect.stringContaining('Leoma'), sessionId: expect.any(String) });
    const again = await sayOverRest('The road is broken', 'one', first['sessionId']);
    expect(again['messageId']).toBe(first['messageId']);
    expect((await sayOverRest('submit', 'two', first['sessionId']))['state']).toEqual(expect.any(String));
  });

  it('REST errors come as the sentence of the server', async () => {
    const { sayOverRest } = (await import(path.join(site.folder, 'lib/say-over-rest.ts'))) as {
      sayOverRest: (message: string, id: string, sessionId?: string) => Promise<unknown>;
    };
    await expect(sayOverRest('Hello', 'one', 'a'.repeat(22))).rejects.toThrow('not known');
  });
});

describe('A page for the older hook', () => {
  it('shows each answer of the office once, and nothing of the citizen’s as the office’s', async () => {
    const page = await open(`${running.url}/older`);
    await expect.poll(() => page.data('[data-session]', 'session'), { timeout: 20_000 }).toMatch(/^[\w-]{22}$/);
    for (let n = 1; n <= 2; n += 1) {
      page.click('button');
      await expect.poll(() => page.texts('p').length, { timeout: 20_000 }).toBe(n);
    }
    expect(page.texts('p').join(' ')).not.toMatch(/^Hello$/m);
    expect(page.errors).toEqual([]);
  }, 60_000);
});

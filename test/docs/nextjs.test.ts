import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeFiles, plainRoute, snippets, startGuide, type RunningGuide } from './support/guide.js';
import { openPage, type OpenPage } from './support/page.js';
import { typeErrors } from './support/site.js';

// Every snippet of docs/nextjs.md is taken from the page as it is printed, put where its fence says, and used.

let guide: RunningGuide;
let stop: (() => Promise<void>) | undefined;
let url: string;
const pages: OpenPage[] = [];
const open = async (address: string, cookie?: string): Promise<OpenPage> => {
  const page = await openPage(url + address, cookie);
  pages.push(page);
  return page;
};

beforeAll(async () => {
  guide = await startGuide();
  ({ stop } = guide);
  ({ url } = guide.running);
  process.env['BACKEND_URL'] = guide.server.baseUrl;
}, 180_000);
afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});
afterAll(async () => {
  delete process.env['BACKEND_URL'];
  await stop?.();
});

/** A module of the site, as the test's own. */
const load = <T>(file: string): Promise<T> => import(path.join(guide.site.folder, file)) as Promise<T>;

describe('The snippets of docs/nextjs.md', () => {
  it('name the file they belong to, if they are code', () => {
    const nameless = snippets.filter(
      ({ language, file }) => /^(tsx?|jsx?|html|css|nginx)$/.test(language) && file === null,
    );
    expect(nameless.map(({ line }) => line)).toEqual([]);
    expect(snippets.length).toBeGreaterThan(15);
  });

  it('are correct TypeScript, with the real types of Next.js, React and the client', () => {
    expect(typeErrors(guide.site, codeFiles)).toEqual([]);
  }, 60_000);

  it('are correct shell, if they are shell', () => {
    for (const { language, text } of snippets) if (language === 'sh') execFileSync('sh', ['-n'], { input: text });
  });

  it('are built by Next.js: the route, both pages, the policy', () => {
    for (const route of ['/api/agent/session', '/chat', '/own', 'Proxy']) expect(guide.built).toContain(route);
  });
});

interface Handler {
  readonly POST: (request: Request) => Promise<Response>;
}
const handler = (): Promise<Handler> => load(plainRoute);
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
    const answer = await fetch(`${url}/api/agent/session`, { method: 'POST' });
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
    process.env['BACKEND_URL'] = guide.server.baseUrl;
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ code: 'network', retryable: true, error: expect.any(String) });
  });
});

describe('The pages', () => {
  it.each(['/chat', '/own'])('are rendered on the server: %s', async (address) => {
    const html = await (await fetch(url + address)).text();
    expect(html).toContain('<textarea');
    expect(html).toContain('role="log"');
  });

  it('carry the theme after the style of the chat', async () => {
    const html = await (await fetch(`${url}/chat`)).text();
    const sheets = [...html.matchAll(/href="(\/_next\/static\/[^"]+\.css)"/g)].map(([, sheet]) => sheet ?? '');
    const styles = (await Promise.all(sheets.map(async (sheet) => (await fetch(url + sheet)).text()))).join('');
    expect(styles).toMatch(/\.ci-chat\s*\{[^]*\.ci-chat\.office-chat\s*\{/);
  });

  it('allow by their policy all that they need, and no other script', async () => {
    const answer = await fetch(`${url}/chat`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    const html = await answer.text();
    const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag.includes(`nonce="${nonce}"`) || tag.includes('src="/_next/')).toBe(true);
    expect(html).not.toMatch(/<style|\sstyle="/);
    const { port } = new URL(guide.server.baseUrl);
    expect(policy).toContain(`connect-src 'self' http://localhost:${port} ws://localhost:${port}`);
    expect(policy).not.toContain('unsafe');
  });
});

const filing = async (page: OpenPage, message: string, done: () => string): Promise<void> => {
  const answers = (): number => page.texts('.ci-agent .ci-text, [data-role=agent]').length;
  for (const text of [message, 'submit', 'yes']) {
    const before = answers();
    page.say(text);
    await expect.poll(answers, { timeout: 60_000, message: text }).toBeGreaterThan(before);
  }
  await expect.poll(done, { timeout: 60_000 }).toMatch(/OMB-\w{4}-\w{4}-\w{4}/);
};

describe('A citizen', () => {
  it('files a complaint in <ChatInterface/>, and the page gets the tracking number', async () => {
    const page = await open('/chat');
    await expect.poll(() => page.text('[role=status]'), { timeout: 60_000 }).toBe('Connected');
    await filing(page, 'The clinic refused to treat my child without a bribe', () => page.text('main > [role=status]'));
    expect(page.texts('.ci-citizen .ci-fate')).toEqual(Array(3).fill('Received by the office'));
    expect(page.errors).toEqual([]);
  }, 60_000);

  it('files a complaint in a page with looks of its own', async () => {
    const page = await open('/own');
    await expect.poll(() => page.text('[role=status]'), { timeout: 60_000 }).toBe('Connected');
    expect(page.data('section', 'session')).toBe('open');
    await filing(page, 'The road is broken', () => page.text('output'));
    expect(page.texts('[data-role=citizen][data-state=received]')).toHaveLength(3);
    expect(page.errors).toEqual([]);
  }, 60_000);
});

interface Rest {
  readonly sayOverRest: (message: string, id: string, sessionId?: string) => Promise<Record<string, string>>;
}

describe('Without the component', () => {
  it('a citizen files a complaint in a page of plain JavaScript', async () => {
    const page = await open('/plain-classic.html');
    await expect.poll(() => page.text('[role=status]'), { timeout: 60_000 }).toBe('live');
    const last = (): string => page.texts('[data-role=agent]').at(-1) ?? '';
    await filing(page, 'The market tax was taken twice', last);
    expect(page.errors).toEqual([]);
  }, 60_000);

  it('the module of the plain page is served as the page asks for it', async () => {
    for (const file of ['/plain.html', '/plain.js', '/citizen-interface/index.js']) {
      expect((await fetch(url + file)).status).toBe(200);
    }
  });

  it('the older REST still answers, and a repeated message is recorded once', async () => {
    const { sayOverRest } = await load<Rest>('lib/say-over-rest.ts');
    const first = await sayOverRest('The road is broken', 'one');
    expect(first).toMatchObject({ message: expect.stringContaining('Leoma'), sessionId: expect.any(String) });
    const again = await sayOverRest('The road is broken', 'one', first['sessionId']);
    expect(again['messageId']).toBe(first['messageId']);
    expect((await sayOverRest('submit', 'two', first['sessionId']))['state']).toEqual(expect.any(String));
  });

  it('REST errors come as the sentence of the server', async () => {
    const { sayOverRest } = await load<Rest>('lib/say-over-rest.ts');
    await expect(sayOverRest('Hello', 'one', 'a'.repeat(22))).rejects.toThrow('not known');
  });
});

describe('A page for the older hook', () => {
  it('shows each answer of the office once, and nothing of the citizen’s as the office’s', async () => {
    const page = await open('/older');
    await expect.poll(() => page.texts('button:not([disabled])').length, { timeout: 60_000 }).toBe(1);
    expect(page.data('[data-session]', 'session')).toMatch(/^[\w-]{22}$/);
    for (let n = 1; n <= 2; n += 1) {
      page.click('button');
      await expect.poll(() => page.texts('p').length, { timeout: 60_000 }).toBe(n);
    }
    expect(page.texts('p').join(' ')).not.toMatch(/^Hello$/m);
    expect(page.errors).toEqual([]);
  }, 60_000);
});

interface ClientModule {
  readonly createCitizenClient: (options: object) => {
    readonly connect: () => void;
    readonly close: () => void;
    readonly on: (event: 'error', listener: (error: { readonly message: string }) => void) => void;
  };
}

describe('A logged-in user', () => {
  const post = (address: string, headers: Record<string, string> = {}, body?: string): Promise<Response> =>
    fetch(address, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  const begin = async (cookie: string): Promise<{ readonly path: string; readonly authorization: string }> => {
    const answer = await post(`${url}/api/agent/session`, { cookie });
    expect(answer.status).toBe(201);
    const { sessionId, token } = (await answer.json()) as { readonly sessionId: string; readonly token: string };
    return { path: `/api/agent/session/${sessionId}`, authorization: `Bearer ${token}` };
  };

  it('gets new tokens for their conversation, and nobody else does', async () => {
    const { path, authorization } = await begin('user=ada');
    const renew = async (cookie: string): Promise<unknown> => {
      const answer = await post(`${url}${path}/token`, { authorization, cookie });
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await renew('user=ada')).toMatchObject({ status: 200, token: expect.any(String) });
    expect(await renew('user=bob')).toMatchObject({ status: 403, code: 'session_mismatch' });
    expect(await renew('')).toMatchObject({ status: 401, code: 'login_required' });
    expect((await post(`${guide.server.baseUrl}${path}/token`, { authorization })).status).toBe(401);
  });

  it('keeps a conversation that began before logging in', async () => {
    const { path, authorization } = await begin('');
    expect((await post(`${url}${path}/token`, { authorization, cookie: 'user=ada' })).status).toBe(200);
  });

  it('is renewed by the client through the site, as the component says', async () => {
    const [, tokenUrl = ''] = snippets.map(({ text }) => /tokenUrl: '([^']+)'/.exec(text)).find((hit) => hit) ?? [];
    const { createCitizenClient } = await load<ClientModule>(
      'node_modules/@citizen-interface/client/dist/esm/index.js',
    );
    const renewed = new Promise<number>((resolve, reject) => {
      const client = createCitizenClient({
        sessionUrl: '/api/agent/session',
        tokenUrl,
        environment: {
          storage: null,
          // Late enough for the token to run out in a second.
          now: () => Date.now() + 3_599_000,
          fetch: async (to: string, init: RequestInit) => {
            const answer = await post(url + to, { ...(init.headers as Record<string, string>), cookie: 'user=ada' });
            if (!to.endsWith('/token')) return answer;
            client.close();
            resolve(answer.status);
            return answer;
          },
        },
      });
      client.on('error', ({ message }) => reject(new Error(message)));
      client.connect();
    });
    expect(await renewed).toBe(200);
  }, 20_000);

  it('chats in the component', async () => {
    const page = await open('/members', 'user=ada');
    await expect.poll(() => page.text('[role=status]'), { timeout: 60_000 }).toBe('Connected');
    page.say('The road is broken');
    await expect.poll(() => page.texts('.ci-agent').length, { timeout: 60_000 }).toBe(1);
    expect(page.errors).toEqual([]);
  }, 60_000);
});

describe('The chat server', () => {
  it('lets the page send what the client sends from another origin', async () => {
    const answer = await fetch(`${guide.server.baseUrl}/api/uploads`, {
      method: 'OPTIONS',
      headers: { origin: url, 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(url);
    const allowed = answer.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    for (const name of ['authorization', 'content-type', 'x-file-name']) expect(allowed).toContain(name);
  });
});

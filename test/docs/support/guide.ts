import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { freePort, repositoryRoot, startServerProcess, type ServerProcess } from '../../../demo/server-process.js';
import { buildSite, makeSite, startSite, type RunningSite, type Site } from './site.js';
import { readEnvironment, readSnippets, siteFiles, type Snippet } from './snippets.js';

const run = promisify(execFile);

export const snippets: readonly Snippet[] = readSnippets(path.join(repositoryRoot(), 'docs', 'nextjs.md'));
const first = siteFiles(snippets, 'first');
const last = siteFiles(snippets, 'last');

/** The plain session route; the page shows a second one, for logged-in users, and the site is built with that. */
export const plainRoute = 'plain/route.ts';

/** What the page leaves to the reader: an own login, and pages for components that it shows without one. */
const ownLogin = `export const currentUser = (request: Request): Promise<string | null> =>
  Promise.resolve(/user=(\\w+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? null);
`;
const pageOf = (component: string, file: string): string =>
  `import { ${component} } from '../../components/${file}';\nexport default ${component};\n`;

const files: ReadonlyMap<string, string> = new Map(last)
  .set(plainRoute, first.get('app/api/agent/session/route.ts') ?? '')
  .set('plain/current-user.ts', first.get('lib/current-user.ts') ?? '')
  .set('lib/current-user.ts', ownLogin)
  .set('app/older/page.tsx', pageOf('OlderPage', 'older-page'))
  .set('app/members/page.tsx', pageOf('MemberChat', 'member-chat'));

/** The files that are TypeScript or JavaScript. */
export const codeFiles: readonly string[] = [...files.keys()].filter((file) => /\.(tsx?|js)$/.test(file));

export interface RunningGuide {
  readonly site: Site;
  readonly server: ServerProcess;
  readonly running: RunningSite;
  /** What `next build` printed. */
  readonly built: string;
  readonly stop: () => Promise<void>;
}

/** jsdom knows no module scripts: the same page with the same script, made a classic one. It talks to the server itself. */
const makePlainPage = async ({ folder }: Site, serverPort: number): Promise<void> => {
  const html = (files.get('public/plain.html') ?? '')
    .replace('type="module" src="/plain.js"', 'defer src="/plain-classic.js"')
    .replace('data-office=""', `data-office="http://localhost:${serverPort}"`);
  writeFileSync(path.join(folder, 'public', 'plain-classic.html'), html);
  await build({
    entryPoints: [path.join(folder, 'public', 'plain.js')],
    outfile: path.join(folder, 'public', 'plain-classic.js'),
    ...{ bundle: true, format: 'iife', target: 'es2022', logLevel: 'error' },
  });
};

/** Runs what the page tells: the server with its settings, the site with its files, built and started. */
export const startGuide = async (): Promise<RunningGuide> => {
  const data = mkdtempSync(path.join(tmpdir(), 'citizen-nextjs-'));
  const [serverPort, sitePort] = [await freePort(), await freePort()];
  const { TRUST_PROXY = '', ALLOWED_ORIGINS = '' } = readEnvironment(files.get('chat-server.env') ?? '');
  const logins = readEnvironment(files.get('chat-server-logins.env') ?? '');
  const siteSettings = (files.get('.env.local') ?? '').replaceAll(':3000', `:${serverPort}`);
  const [server, site] = await Promise.all([
    startServerProcess(serverPort, path.join(data, 'data'), {
      ...{ TRUST_PROXY, ...logins, ACCESS_KEY_SCRYPT_LOG2N: '12' },
      ALLOWED_ORIGINS: `${ALLOWED_ORIGINS},http://localhost:${sitePort}`,
    }),
    makeSite(
      new Map(files).set(
        '.env.local',
        `${siteSettings}\nINTEGRATOR_JWT_SECRET=${logins['INTEGRATOR_JWT_SECRET'] ?? ''}\n`,
      ),
    ),
  ]);
  const leave = async (): Promise<void> => {
    await server.kill('SIGTERM');
    site.remove();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    for (const { text } of snippets.filter(({ text }) => text.startsWith('mkdir -p public/'))) {
      await run('sh', ['-ec', text], { cwd: site.folder });
    }
    await makePlainPage(site, serverPort);
    const built = await buildSite(site, {});
    const running = await startSite(site, sitePort, {});
    return { site, server, running, built, stop: () => running.stop().then(leave) };
  } catch (error) {
    await leave();
    throw error;
  }
};

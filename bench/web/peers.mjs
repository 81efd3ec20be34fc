// The pages beside ours: the documented hook alone, and Deep Chat over the classic profile of our socket.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
export const PEER = 'deep-chat@2.4.2';

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

const bundle = async (entry, alias = {}) => {
  const result = await build({
    entryPoints: [entry],
    ...{
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      write: false,
      logLevel: 'error',
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    alias,
    outdir: 'out',
  });
  return result.outputFiles[0].text;
};

/** The page with the documented hook. */
export const hookScript = () =>
  bundle(path.join(root, 'bench', 'web', 'hook-page.tsx'), {
    '@citizen-interface/client/react': path.join(root, 'client', 'src', 'react', 'index.ts'),
  });

/** Deep Chat over the classic profile of our socket; null when it cannot be installed. */
export const peerScript = async () => {
  const folder = path.join(root, '.cache', 'bench-web');
  mkdirSync(folder, { recursive: true });
  try {
    if (!existsSync(path.join(folder, 'node_modules', 'deep-chat'))) {
      writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', PEER], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
    const entry = path.join(folder, 'page.js');
    writeFileSync(
      entry,
      `import 'deep-chat';
      const chat = document.createElement('deep-chat');
      const server = new URLSearchParams(location.search).get('server');
      const history = Number(new URLSearchParams(location.search).get('history') ?? 0);
      chat.history = Array.from({ length: history }, (_, at) => ({ role: at % 2 ? 'ai' : 'user', text: 'Detail number ' + at + '. I have added that to your complaint.' }));
      chat.connect = { websocket: true, handler: async (_, signals) => {
        const { sessionId, websocketUrl } = await (await fetch(server + '/api/agent/session', { method: 'POST' })).json();
        const socket = new WebSocket(websocketUrl + '?sessionId=' + sessionId);
        socket.onopen = () => { signals.onOpen(); document.body.dataset.ready = 'yes'; };
        socket.onmessage = ({ data }) => { const frame = JSON.parse(data); if (frame.type === 'message') { signals.onResponse({ text: frame.data.message }); document.body.dataset.answered = 'yes'; } };
        signals.newUserMessage.listener = ({ messages }) => socket.send(JSON.stringify({ type: 'message', data: { message: messages.at(-1).text } }));
      } };
      document.getElementById('app').append(chat);`,
    );
    return await bundle(entry);
  } catch {
    process.stderr.write(`${PEER} could not be installed: left out\n`);
    return null;
  }
};

/** Serves the two pages that are not ours, compressed as a good server would. */
export const servePages = async (scripts) => {
  const page = (name) =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><div id="app"></div><script type="module" src="/${name}.js"></script>`;
  const files = new Map(
    Object.entries(scripts).flatMap(([name, script]) => [
      [`/${name}`, ['text/html', page(name)]],
      [`/${name}.js`, ['text/javascript', script]],
    ]),
  );
  const server = createServer((request, response) => {
    const [type, text] = files.get(new URL(request.url, 'http://x').pathname) ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(gzipSync(text));
  });
  return { url: `http://localhost:${await listen(server)}`, stop: () => server.close() };
};

// `npm run bench:web`: the pages beside the same chat with the documented hook alone and beside Deep Chat (an open-source chat
// component, installed into .cache when npm can reach it). Bytes as gzip; time to the first message on a line of 100 kb/s with
// 400 ms; memory and input delay with 2,000 messages. Figures go to bench/results/web.json.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { runServer } from '../../scripts/run-server.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const PEER = 'deep-chat@2.4.2';
const LINE = { offline: false, latency: 400, downloadThroughput: 100_000 / 8, uploadThroughput: 100_000 / 8 };
const MESSAGES = 2000;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const say = (text) => process.stderr.write(`${text}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

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

const hookScript = () =>
  bundle(path.join(root, 'bench', 'web', 'hook-page.tsx'), {
    '@citizen-interface/client/react': path.join(root, 'client', 'src', 'react', 'index.ts'),
  });

/** Deep Chat over the classic profile of our socket; null when it cannot be installed. */
const peerScript = async () => {
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
    say(`${PEER} could not be installed: left out`);
    return null;
  }
};

/** Serves the two pages that are not ours, compressed as a good server would. */
const servePages = async (scripts) => {
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

const pageWith = async (browser, watch) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  const page = await context.newPage();
  if (watch !== undefined) page.on('response', watch);
  const devtools = await context.newCDPSession(page);
  return { context, page, devtools };
};

const bytesOf = async (browser, address) => {
  const sizes = [];
  const { context, page } = await pageWith(browser, (response) => {
    const script = response.request().resourceType() === 'script';
    sizes.push(
      response.body().then(
        (body) => ({ script, bytes: gzipSync(body).length }),
        () => ({ script, bytes: 0 }),
      ),
    );
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  const all = await Promise.all(sizes);
  await context.close();
  const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
  return { scriptBytes: sum(all.filter(({ script }) => script)), totalBytes: sum(all) };
};

/** From the address to the moment at which the first message has been received by the office. */
const firstMessage = async (browser, { address, input, isSent }) => {
  const { context, page, devtools } = await pageWith(browser);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', LINE);
  const from = performance.now();
  await page.goto(address, { waitUntil: 'commit', timeout: 120_000 });
  await input(page);
  await isSent(page);
  const ms = performance.now() - from;
  await context.close();
  return ms;
};

/** Bytes of the heap, nodes of the document, and how long a key takes until the next frame is drawn. */
const load = async (browser, open, typeInto) => {
  const { context, page, devtools } = await pageWith(browser);
  await open(page);
  await typeInto(page);
  await page.evaluate(() => {
    window.delays = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => setTimeout(() => window.delays.push(performance.now() - timeStamp))),
      true,
    );
  });
  await page.keyboard.type('The clinic asked me for money twice this week.', { delay: 30 });
  const delays = await page.evaluate(() => window.delays);
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  await context.close();
  return {
    heapMB: metric('JSHeapUsedSize') / 1e6,
    nodes: metric('Nodes'),
    delayMs: median(delays),
    delayP95Ms: percentile(delays, 0.95),
  };
};

/** A conversation of 2,000 messages, over one socket; gives what sessionStorage of its tab would hold. */
const longConversation = async (url) => {
  const session = await (await fetch(`${url}/api/agent/session`, { method: 'POST' })).json();
  const socket = new WebSocket(session.websocketUrl, ['leoma.chat.v1']);
  let heard = () => undefined;
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.type === 'welcome' || (frame.type === 'message' && frame.data.role === 'agent')) heard();
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const exchange = (frame) =>
    new Promise((resolve) => {
      heard = resolve;
      socket.send(JSON.stringify(frame));
    });
  await exchange({ type: 'hello', data: { token: session.token, resume: null, want: [] } });
  for (let at = 0; at < MESSAGES / 2; at += 1)
    await exchange({ type: 'message', id: `m${at}`, data: { message: `Detail number ${at}.` } });
  socket.terminate();
  return JSON.stringify({
    session: { ...session, expiresAt: Date.parse(session.expiresAt) },
    position: null,
    outbox: [],
  });
};

const withConversation = (kept, address, isLoaded) => async (page) => {
  await page.addInitScript((value) => sessionStorage.setItem('citizen-interface', value), kept);
  await page.goto(address);
  await isLoaded(page);
};

const main = async () => {
  execFileSync(process.execPath, [path.join(root, 'scripts', 'build-if-needed.mjs'), '--web'], { stdio: 'inherit' });
  const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (place) => place !== undefined && existsSync(place),
  );
  if (executablePath === undefined) throw new Error('No Chromium was found: install one, or set CHROMIUM_PATH');
  const peer = await peerScript();
  const server = await runServer();
  const pages = await servePages({ hook: await hookScript(), ...(peer === null ? {} : { peer }) });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
  const at = (name, query = '') => `${pages.url}/${name}?server=${encodeURIComponent(server.url)}${query}`;
  const story = 'The clinic in my town refused to treat my child without a bribe.';
  const patience = { timeout: 120_000 };
  const write = (selector) => async (page) => {
    await page.locator(selector).fill(story, patience);
    await page.locator(selector).press('Enter');
  };

  const addresses = {
    start: `${server.url}/`,
    chat: `${server.url}/chat/`,
    track: `${server.url}/track/`,
    lite: `${server.url}/lite/chat`,
    hook: at('hook'),
    ...(peer === null ? {} : { peer: at('peer') }),
  };
  const bytes = {};
  say('Bytes …');
  for (const [name, address] of Object.entries(addresses)) bytes[name] = await bytesOf(browser, address);

  const ways = {
    chat: {
      address: addresses.chat,
      // What is typed before the page is live would be taken by the page's own script: wait for it, as a citizen must.
      input: async (page) => {
        await page.locator('.connection:not(.connection-idle)').waitFor(patience);
        await write('#message')(page);
      },
      isSent: (page) => page.locator('.fate-received').first().waitFor(patience),
    },
    'lite, no script': {
      address: addresses.lite,
      input: async (page) => {
        await page.locator('#message').fill(story, patience);
        await page.evaluate(() => document.getElementById('say').submit());
      },
      isSent: (page) => page.locator('#log li.own').first().waitFor(patience),
    },
    hook: {
      address: addresses.hook,
      input: async (page) => {
        await write('#message')(page).catch(() => undefined);
        await page.locator('button').click(patience);
      },
      isSent: (page) => page.locator('li[data-state=received]').first().waitFor(patience),
    },
    ...(peer === null
      ? {}
      : {
          peer: {
            address: addresses.peer,
            input: async (page) => {
              await page.locator('body[data-ready]').waitFor(patience);
              await write('#text-input')(page);
            },
            isSent: (page) => page.locator('body[data-answered]').waitFor(patience),
          },
        }),
  };
  const first = {};
  for (const [name, way] of Object.entries(ways)) {
    say(`First message: ${name} …`);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await firstMessage(browser, way));
    first[name] = {
      medianMs: Math.round(median(rounds)),
      leastMs: Math.round(Math.min(...rounds)),
      greatestMs: Math.round(Math.max(...rounds)),
    };
  }

  say(`Making a conversation of ${MESSAGES} messages …`);
  const kept = await longConversation(server.url);
  const newest = `Detail number ${MESSAGES / 2 - 1}.`;
  const isShown = (page) => page.getByText(newest, { exact: true }).first().waitFor(patience);
  const showAll = async (page) => {
    await isShown(page);
    const earlier = page.locator('.earlier');
    // It is gone when the last click has brought the first message.
    while (await earlier.isVisible()) await earlier.click({ timeout: 2000 }).catch(() => undefined);
  };
  const focus = (selector) => (page) => page.locator(selector).focus();
  const loads = {
    chat: await load(browser, withConversation(kept, addresses.chat, isShown), focus('#message')),
    'chat, all shown': await load(browser, withConversation(kept, addresses.chat, showAll), focus('#message')),
    hook: await load(
      browser,
      withConversation(kept, addresses.hook, (page) =>
        page.waitForFunction((count) => document.querySelectorAll('li').length >= count, MESSAGES, patience),
      ),
      focus('#message'),
    ),
    ...(peer === null
      ? {}
      : {
          peer: await load(
            browser,
            (page) => page.goto(at('peer', `&history=${MESSAGES}`), { waitUntil: 'networkidle' }),
            focus('#text-input'),
          ),
        }),
  };
  await browser.close();
  pages.stop();
  await server.stop();

  const result = {
    measuredAt: new Date().toISOString(),
    peer: peer === null ? null : PEER,
    node: process.version,
    loadAverage: os.loadavg(),
    bytes,
    first,
    loads,
  };
  mkdirSync(path.join(root, 'bench', 'results'), { recursive: true });
  writeFileSync(path.join(root, 'bench', 'results', 'web.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log('| page | script, gzip | everything, gzip |\n|---|---|---|');
  for (const [name, { scriptBytes, totalBytes }] of Object.entries(bytes))
    console.log(`| ${name} | ${(scriptBytes / 1000).toFixed(1)} KB | ${(totalBytes / 1000).toFixed(1)} KB |`);
  console.log('\n| first message at 100 kb/s, 400 ms | median | spread |\n|---|---|---|');
  for (const [name, { medianMs, leastMs, greatestMs }] of Object.entries(first))
    console.log(
      `| ${name} | ${(medianMs / 1000).toFixed(1)} s | ${(leastMs / 1000).toFixed(1)} to ${(greatestMs / 1000).toFixed(1)} s |`,
    );
  console.log(`\n| with ${MESSAGES} messages | heap | nodes | key to frame, median | 95 % |\n|---|---|---|---|---|`);
  for (const [name, { heapMB, nodes, delayMs, delayP95Ms }] of Object.entries(loads))
    console.log(
      `| ${name} | ${heapMB.toFixed(1)} MB | ${nodes} | ${delayMs.toFixed(1)} ms | ${delayP95Ms.toFixed(1)} ms |`,
    );
};

await main();

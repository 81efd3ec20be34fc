// `npm run bench:web`: the pages beside the same chat with the documented hook alone and beside Deep Chat (an open-source chat
// component, installed into .cache when npm can reach it). Bytes as gzip; time to the first message on a line of 100 kb/s with
// 400 ms; memory and input delay with 2,000 messages. Figures go to bench/results/web.json.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { runServer } from '../../scripts/run-server.mjs';
import { hookScript, PEER, peerScript, servePages } from './peers.mjs';
import { bytesOf, firstMessage, load, median } from './probe.mjs';
import { tablesOf } from './tables.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const MESSAGES = 2000;
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const say = (text) => process.stderr.write(`${text}\n`);

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
  const chromiumVersion = browser.version();
  await browser.close();
  pages.stop();
  await server.stop();

  const result = {
    measuredAt: new Date().toISOString(),
    peer: peer === null ? null : PEER,
    machine: {
      node: process.version,
      chromium: chromiumVersion,
      processors: os.availableParallelism(),
      loadAverage: os.loadavg(),
    },
    rounds: ROUNDS,
    messages: MESSAGES,
    bytes,
    first,
    loads,
  };
  mkdirSync(path.join(root, 'bench', 'results'), { recursive: true });
  writeFileSync(path.join(root, 'bench', 'results', 'web.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(tablesOf(result));
  console.log('\nInto docs/web.md: npm run docs:web');
};

await main();

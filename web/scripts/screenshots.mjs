// `npm run screenshots`: every page at 320 and 1,280 pixels, light and dark, into web/screenshots (not in git). `--readme` makes
// the three small ones of the README instead.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { runServer } from '../../scripts/run-server.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const forReadme = process.argv.includes('--readme');
const folder = forReadme ? path.join(root, 'docs', 'images') : path.join(root, 'web', 'screenshots');
const story = 'The clinic in my town refused to treat my child without a bribe. It was on Monday in Bo.';

const places = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((place) => place !== undefined && existsSync(place));
if (executablePath === undefined) {
  process.stderr.write('No Chromium was found: install one, or set CHROMIUM_PATH.\n');
  process.exit(1);
}

const say = async (page, text) => {
  const before = await page.locator('.messages > .msg-agent').count();
  await page.locator('#message').fill(text);
  await page.locator('.composer button[type=submit]').click();
  await page.locator('.messages > .msg-agent').nth(before).waitFor();
};

/** Walks through the pages and gives each to `shoot` under a name. */
const walk = async (page, url, shoot) => {
  const show = async (name, address) => {
    await page.goto(url + address, { waitUntil: 'networkidle' });
    await shoot(name);
  };
  await show('start', '/');
  await show('start-krio', '/kri/');
  await show('data', '/data/');
  await show('exit', '/exit/');
  await show('missing', '/nothing/');
  await show('lite', '/lite/');
  await page.goto(`${url}/chat/`);
  await page.locator('.connection-live').waitFor();
  await shoot('chat-empty');
  await say(page, story);
  await shoot('chat');
  const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`);
  await page.locator('input[type=file]').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
  await page.getByText('Ready: goes with your next message').waitFor();
  await shoot('chat-file');
  await say(page, 'This is the letter.');
  await say(page, 'submit');
  await shoot('chat-ready');
  await page.getByRole('button', { name: 'Check your answers' }).click();
  await page.getByRole('button', { name: 'File my complaint' }).waitFor();
  await shoot('check');
  await page.getByRole('button', { name: 'File my complaint' }).click();
  await page.locator('.groups').first().waitFor();
  await shoot('filed');
  const [number, key] = (await page.locator('.groups').allInnerTexts()).map((text) => text.replace(/\s/g, ''));
  await page.goto(`${url}/track/`);
  await shoot('track');
  await page.getByLabel('Your number').fill('OMB-0000-0000-0001');
  await page.getByRole('button', { name: 'Show how it stands' }).click();
  await page.getByText('There is a problem').waitFor();
  await shoot('track-problem');
  await page.getByLabel('Your number').fill(number);
  await page.getByRole('button', { name: 'Show how it stands' }).click();
  await page.getByText('Last change').waitFor();
  await shoot('status');
  await page.getByLabel('Access key').fill(key);
  await page.getByRole('button', { name: 'Read your complaint' }).click();
  await page.getByText('What was said').waitFor();
  await shoot('case');
  await page.goto(`${url}/lite/chat`);
  await page.getByLabel('Write your message').fill(story);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('#log li:not(.own)').first().waitFor();
  await shoot('lite-chat');
  for (const text of ['submit', 'yes']) {
    const before = await page.locator('#log li:not(.own)').count();
    await page.getByLabel('Write your message').fill(text);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#log li:not(.own)').nth(before).waitFor();
  }
  await page.locator('.ticket').waitFor();
  await shoot('lite-filed');
  await page.goto(`${url}/lite/track`);
  await page.getByLabel('Your number').fill(number);
  await page.getByLabel('Access key').fill(key);
  await page.getByRole('button', { name: 'Show how it stands' }).click();
  await shoot('lite-case');
  await page.goto(`${url}/lite/forget`);
  await shoot('lite-forget');
};

const readmeShots = new Map([
  ['start', 'web-start.png'],
  ['chat', 'web-chat.png'],
  ['filed', 'web-filed.png'],
]);

mkdirSync(folder, { recursive: true });
const server = await runServer();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
const sizes = forReadme
  ? [[400, 760]]
  : [
      [320, 640],
      [1280, 800],
    ];
for (const [width, height] of sizes) {
  for (const colorScheme of forReadme ? ['light'] : ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    await walk(await context.newPage(), server.url, async (name) => {
      const page = context.pages()[0];
      if (forReadme) await page.evaluate(() => scrollTo(0, 0));
      if (!forReadme)
        await page.screenshot({
          path: path.join(folder, `${name}-${width}-${colorScheme}.png`),
          fullPage: !name.startsWith('chat'),
        });
      else if (readmeShots.has(name)) await page.screenshot({ path: path.join(folder, readmeShots.get(name)) });
    });
    await context.close();
  }
}
await browser.close();
await server.stop();
process.stderr.write(`Screenshots are in ${path.relative(process.cwd(), folder)}\n`);

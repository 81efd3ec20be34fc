import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { visit, type Visitor } from './support/browser.js';
import { openChat, say, story } from './support/citizen.js';
import { openStage } from './support/stage.js';

const weather = 'https://www.bbc.com/**';

const stage = openStage();
let citizen: Visitor;
beforeEach(async () => {
  citizen = await visit(stage.browser);
  await citizen.context.route(weather, (route) => route.fulfill({ body: 'weather' }));
});
afterEach(() => citizen.close());

/** Also when a page was left that was still being loaded. */
const isAway = (page: Page): Promise<void> => expect.poll(() => page.url()).toContain('bbc.com');

/** The framework does not come before the gate is opened, as on a very slow line. */
const holdFramework = async (page: Page): Promise<() => void> => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route('**/_next/**/*.js', async (route) => {
    await gate;
    await route.continue().catch(() => undefined);
  });
  return () => open();
};

describe('Before the framework is there', () => {
  it.each(['the button', 'Shift three times'])('the way out leaves, and "back" shows nothing: %s', async (how) => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await page.goto(stage.server.url);
    const release = await holdFramework(page);
    await page.goto(`${stage.server.url}/chat/`, { waitUntil: 'commit' });
    await page.locator('.exit').waitFor();
    if (how === 'the button') await page.locator('.exit').click({ noWaitAfter: true });
    else for (let at = 0; at < 3; at += 1) await page.keyboard.press('Shift');
    await isAway(page);
    release();
    await page.goBack({ waitUntil: 'commit' }).catch(() => null);
    await isAway(page);
    expect(await page.getByText(story).count()).toBe(0);
  });

  it('the script of the way out is the first that is asked for', async () => {
    const { page } = citizen;
    await page.goto(`${stage.server.url}/chat/`);
    const first = page.locator('script').first();
    expect(await first.getAttribute('src')).toBe('/small.js');
    expect(await first.getAttribute('type')).toBeNull();
  });

  it('the chat says that it is being opened, and not that there is no connection', async () => {
    const { page } = citizen;
    const release = await holdFramework(page);
    await page.goto(`${stage.server.url}/chat/`, { waitUntil: 'commit' });
    await page.getByText('Opening the conversation …').waitFor();
    expect(await page.locator('.connection').innerText()).toBe('');
    release();
    await page.locator('.connection-live').waitFor();
  });
});

it('whoever leaves in one tab leaves in all', async () => {
  const { page, context } = citizen;
  await openChat(page, stage.server.url);
  await say(page, story);
  const other = await context.newPage();
  await other.goto(`${stage.server.url}/data/`);
  await page.bringToFront();
  await page.locator('.exit').click();
  await Promise.all([page.waitForURL(weather), other.waitForURL(weather)]);
});

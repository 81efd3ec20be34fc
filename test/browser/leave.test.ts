import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { visit, type Visitor } from './support/browser.js';
import { fileComplaint, openChat, say, story } from './support/citizen.js';
import { openStage } from './support/stage.js';

const weather = 'https://www.bbc.com/**';

const stage = openStage();
let citizen: Visitor;
beforeEach(async () => {
  citizen = await visit(stage.browser);
  await citizen.context.route(weather, (route) => route.fulfill({ body: 'weather' }));
});
afterEach(() => citizen.close());

const exitOf = (page: Page) => page.locator('.exit').first();

/** Whether the way out can be seen and pressed where the reader is now. */
const isInReach = (page: Page): Promise<boolean> =>
  exitOf(page).evaluate((link) => {
    const { left, top, width, height } = link.getBoundingClientRect();
    return top >= 0 && document.elementFromPoint(left + width / 2, top + height / 2) === link;
  });

describe('"Exit this page"', () => {
  it.each([
    ['/chat/', 320, 640],
    ['/chat/', 1280, 800],
    ['/chat/', 640, 320],
    ['/data/', 320, 640],
    ['/lite/chat', 320, 640],
    ['/lite/chat', 1280, 600],
  ])('stays in reach on %s at %i x %i, however far one has read', async (path, width, height) => {
    const { page } = citizen;
    await page.setViewportSize({ width, height });
    await page.goto(stage.server.url + path);
    // As long as a conversation may get.
    await page.evaluate(() => {
      const filler = document.createElement('p');
      filler.style.height = '4000px';
      document.querySelector('main')?.prepend(filler);
    });
    for (const share of [0, 0.5, 1]) {
      await page.evaluate((at) => scrollTo(0, document.documentElement.scrollHeight * at), share);
      await expect.poll(() => isInReach(page)).toBe(true);
    }
  });

  it('stays in reach on a case page', async () => {
    const { page } = citizen;
    await page.setViewportSize({ width: 320, height: 640 });
    await openChat(page, stage.server.url);
    const { number, key } = await fileComplaint(page);
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill(number);
    await page.getByLabel('Access key').fill(key);
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText('What was said').waitFor();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(() => isInReach(page)).toBe(true);
  });

  it.each(['the button', 'Shift three times'])('leaves at once: %s', async (how) => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    if (how === 'the button') await exitOf(page).click();
    else for (let at = 0; at < 3; at += 1) await page.keyboard.press('Shift');
    await page.waitForURL(weather);
  });
});

describe('With text at 200 per cent on a small phone', () => {
  const grow = (page: Page): Promise<unknown> =>
    page.addInitScript(() => {
      addEventListener('DOMContentLoaded', () => {
        document.documentElement.style.fontSize = '200%';
      });
    });

  it('an empty chat is read from its beginning', async () => {
    const { page } = citizen;
    await page.setViewportSize({ width: 320, height: 640 });
    await grow(page);
    await openChat(page, stage.server.url);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  it.each([
    [320, 640],
    [1280, 800],
  ])(
    'only the way out and the box to write in stay in view, at %i x %i, from the first moment',
    async (width, height) => {
      const { page } = citizen;
      await page.setViewportSize({ width, height });
      await grow(page);
      await openChat(page, stage.server.url);
      await say(page, story);
      for (const part of ['top', 'below'] as const) {
        await page.evaluate((to) => scrollTo(0, to), part === 'top' ? 0 : height / 2);
        await expect.poll(() => isInReach(page)).toBe(true);
        const seen = await page.evaluate(() => {
          const box = (selector: string): DOMRect => document.querySelector(selector)!.getBoundingClientRect();
          const message = box('#message');
          const onTop = document.elementFromPoint(message.x + 9, message.y + 9)?.id;
          return {
            onTop,
            docked: box('.dock').height / innerHeight,
            headEnds: box('.header').bottom,
            bottom: message.bottom,
          };
        });
        expect(seen.onTop).toBe('message');
        expect(seen.bottom).toBeLessThanOrEqual(height);
        expect(seen.docked).toBeLessThan(0.5);
        if (part === 'below') expect(seen.headEnds).toBeLessThanOrEqual(0);
      }
    },
  );
});

it.each([
  ['/', 100],
  ['/kri/', 100],
  ['/', 200],
  ['/kri/', 200],
])('the way out covers nothing of the head of %s at 320 pixels with text at %i per cent', async (path, size) => {
  const { page } = citizen;
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(stage.server.url + path);
  await page.evaluate((percent) => {
    document.documentElement.style.fontSize = `${percent}%`;
  }, size);
  const covered = await page.evaluate(() => {
    const exit = document.querySelector('.exit')!.getBoundingClientRect();
    return [...document.querySelectorAll('.office, .languages a')].filter((element) => {
      const text = document.createRange();
      text.selectNodeContents(element);
      return [...text.getClientRects()].some(
        ({ left, right, top, bottom }) =>
          left < exit.right && exit.left < right && top < exit.bottom && exit.top < bottom,
      );
    }).length;
  });
  expect(covered).toBe(0);
});

it('leaves without a question also while a file waits to be sent', async () => {
  const { page } = citizen;
  const questions: string[] = [];
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    void dialog.accept();
  });
  await openChat(page, stage.server.url);
  const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`);
  await page.locator('input[type=file]').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
  await page.getByText('Ready: goes with your next message').waitFor();
  await exitOf(page).click();
  await page.waitForURL(weather);
  expect(questions).toEqual([]);
});

describe('After leaving', () => {
  it.each(['/', '/lite/chat'])('"back" finds the other page again, from the number and from %s', async (before) => {
    const { page } = citizen;
    await page.goto(stage.server.url + before);
    await openChat(page, stage.server.url);
    const { number } = await fileComplaint(page);
    await exitOf(page).click();
    await page.waitForURL(weather);
    await page.goBack({ waitUntil: 'commit' }).catch(() => null);
    await page.waitForURL(weather);
    expect(await page.getByText(number.slice(-4)).count()).toBe(0);
  });

  it('the number and the check are no steps to go back to', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    const steps = await page.evaluate(() => history.length);
    await fileComplaint(page);
    expect(page.url()).toBe(`${stage.server.url}/chat/`);
    expect(await page.evaluate(() => history.length)).toBe(steps);
  });

  it('a page that the browser kept whole shows nothing and leaves again', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await page.evaluate(() => {
      sessionStorage.setItem('citizen-left', 'https://www.bbc.com/weather');
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    });
    await page.waitForURL(weather);
  });

  it('whoever enters the address again comes back to the conversation', async () => {
    const { page } = citizen;
    await openChat(page, stage.server.url);
    await say(page, story);
    await exitOf(page).click();
    await page.waitForURL(weather);
    await openChat(page, stage.server.url);
    await page.getByText(story).waitFor();
  });
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visit, type Visitor } from './support/browser.js';
import { fileComplaint, openChat, say, story } from './support/citizen.js';
import { openStage } from './support/stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const stage = openStage();

/** What axe finds of WCAG 2.2 A and AA, as `rule: where`. */
const faults = async (page: Page): Promise<readonly string[]> => {
  const found = await page.evaluate(async (source) => {
    // The policy forbids scripts in the page; the debugger may run one in its place.
    (0, eval)(source);
    const { axe: run } = window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return run.run({ runOnly: { type: 'tag', values: tags } });
  }, axe);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
};

const chatTo =
  (steps: (page: Page) => Promise<unknown>) =>
  async (page: Page): Promise<void> => {
    await openChat(page, stage.server.url);
    await steps(page);
  };
const goTo = (path: string) => (page: Page) => page.goto(stage.server.url + path);

const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  start: goTo('/'),
  'start in Krio': goTo('/kri/'),
  data: goTo('/data/'),
  exit: goTo('/exit/'),
  missing: goTo('/nothing/'),
  'an empty chat': chatTo(() => Promise.resolve()),
  'a chat': chatTo((page) => say(page, story)),
  'a chat with a file': chatTo(async (page) => {
    const buffer = Buffer.from(`%PDF-1.4\n${'x'.repeat(40_000)}`);
    await page.locator('input[type=file]').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer });
    await page.getByText('Ready: goes with your next message').waitFor();
  }),
  'check answers': chatTo(async (page) => {
    await say(page, story);
    await say(page, 'submit');
    await page.getByRole('button', { name: 'Check your answers' }).click();
    await page.getByRole('button', { name: 'File my complaint' }).waitFor();
  }),
  confirmation: chatTo(fileComplaint),
  track: goTo('/track/'),
  'track with a typing error': async (page) => {
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill('OMB-0000-0000-0001');
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText('There is a problem').waitFor();
  },
  case: async (page) => {
    await openChat(page, stage.server.url);
    const { number, key } = await fileComplaint(page);
    await page.goto(`${stage.server.url}/track/`);
    await page.getByLabel('Your number').fill(number);
    await page.getByLabel('Access key').fill(key);
    await page.getByRole('button', { name: 'Show how it stands' }).click();
    await page.getByText('What was said').waitFor();
  },
  'the light start page': goTo('/lite/'),
  'the light chat': goTo('/lite/chat'),
  'the light page of the files': goTo('/lite/files'),
  'a light page that is not there': goTo('/lite/nothing'),
  'the light track page': goTo('/lite/track'),
  'the light page that asks before it forgets': goTo('/lite/forget'),
};

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Buttons fade from one scheme's colours to the other's; half-way they are nobody's. */
const settleColours = (page: Page): Promise<unknown> =>
  page.evaluate(() => {
    const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    return Promise.all(fading.map(({ finished }) => finished.then(() => null)));
  });

describe.each(Object.entries(pages))('%s', (_name, open) => {
  describe('at a desk', () => {
    let desk: Visitor;
    beforeAll(async () => {
      desk = await visit(stage.browser, { viewport: { width: 1280, height: 900 } });
      await open(desk.page);
    });
    afterAll(() => desk.close());

    it.each(['light', 'dark'] as const)('has nothing that axe finds: %s', async (colorScheme) => {
      await desk.page.emulateMedia({ colorScheme });
      await settleColours(desk.page);
      expect(await faults(desk.page)).toEqual([]);
    });
  });

  describe('on a small phone', () => {
    let phone: Visitor;
    beforeAll(async () => {
      phone = await visit(stage.browser, { viewport: { width: 320, height: 640 } });
      await open(phone.page);
    });
    afterAll(() => phone.close());

    it('fits into 320 pixels without scrolling sideways', async () => {
      expect(await overflowOf(phone.page)).toBe(0);
    });

    it('fits from right to left too', async () => {
      const setDirection = (dir: string): Promise<void> =>
        phone.page.evaluate((to) => {
          document.documentElement.dir = to;
        }, dir);
      await setDirection('rtl');
      const overflow = await overflowOf(phone.page);
      await setDirection('ltr');
      expect(overflow).toBe(0);
    });

    it('fits with text at 200 per cent', async () => {
      await phone.page.setViewportSize({ width: 640, height: 640 });
      await phone.page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
      expect(await overflowOf(phone.page)).toBe(0);
    });
  });
});

describe('By keyboard alone', () => {
  it('a citizen sends a message and answers by a tap on a suggestion', async () => {
    const { page, close } = await visit(stage.browser, { viewport: { width: 1280, height: 900 } });
    await openChat(page, stage.server.url);
    await page.locator('#message').focus();
    await page.keyboard.type(story);
    await page.keyboard.press('Enter');
    await page.locator('.quick button').first().waitFor();
    const answers = await page.locator('.messages > .msg-agent').count();
    // Past the button that adds a file.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('.messages > .msg-agent').nth(answers).waitFor();
    await close();
  });

  it('the first stop of every page leads past its head', async () => {
    const { page, close } = await visit(stage.browser);
    await page.goto(stage.server.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await close();
  });

  it('what has the focus is never behind the composer', async () => {
    const { page, close } = await visit(stage.browser);
    await openChat(page, stage.server.url);
    for (let at = 0; at < 3; at += 1) await say(page, `${story} ${at}`);
    const hidden = await page.evaluate(() => {
      const dock = document.querySelector('.dock');
      return [...document.querySelectorAll<HTMLElement>('.quick button')].filter((button) => {
        button.focus();
        const box = button.getBoundingClientRect();
        const top = dock?.getBoundingClientRect().top ?? Infinity;
        return box.bottom > top && box.top < (dock?.getBoundingClientRect().bottom ?? 0);
      }).length;
    });
    expect(hidden).toBe(0);
    await close();
  });
});

it('a number reads the same on a page that goes from right to left', async () => {
  const { page, close } = await visit(stage.browser);
  await openChat(page, stage.server.url);
  await fileComplaint(page);
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  const lefts = await page
    .locator('.groups')
    .first()
    .locator('span')
    .evaluateAll((groups) => groups.map((group) => group.getBoundingClientRect().left));
  expect(lefts.slice(0, 2)).toEqual(lefts.slice(0, 2).sort((a, b) => a - b));
  await close();
});

it('nothing moves for those who asked for less motion', async () => {
  const { page, close } = await visit(stage.browser, { reducedMotion: 'reduce' });
  await openChat(page, stage.server.url);
  await say(page, story);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await close();
});

it.each(['/data/', '/lite/'])('%s is printed in the light colours, also where the screen is dark', async (path) => {
  const { page, close } = await visit(stage.browser, { colorScheme: 'dark' });
  await page.goto(stage.server.url + path);
  const colours = (): Promise<readonly string[]> =>
    page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.backgroundColor, style.color, style.getPropertyValue('--sheet')];
    });
  expect((await colours())[2]).toBe('#1a2324');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await colours()).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)', '#fffdf8']);
  await close();
});

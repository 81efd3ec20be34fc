import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openChat, say, story } from './support/citizen.js';
import { citizenOn, openStage } from './support/stage.js';

const stage = openStage();

interface Uploads {
  /** Bodies of the requests that carried a file. */
  readonly uploads: Blob[];
}

const citizen = citizenOn(stage, async ({ page }) => {
  await page.addInitScript(() => {
    const uploads: Blob[] = [];
    Object.assign(window, { uploads });
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own request below
    XMLHttpRequest.prototype.send = new Proxy(XMLHttpRequest.prototype.send, {
      apply: (send, request, given: readonly unknown[]) => {
        if (given[0] instanceof Blob) uploads.push(given[0]);
        Reflect.apply(send, request, given);
      },
    });
  });
  await openChat(page, stage.server.url);
});

/** What a camera writes into a photo: a segment behind the first marker of a JPEG. */
const withExif = (jpeg: Buffer): Buffer => {
  const note = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0 GPS 8.484 N 13.234 W');
  const head = Buffer.from([0xff, 0xe1, 0, note.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, note, jpeg.subarray(2)]);
};

const drawn = async (page: Page): Promise<Buffer> =>
  Buffer.from(
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext('2d')?.fillRect(5, 5, 20, 10);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
      return [...new Uint8Array(await blob.arrayBuffer())];
    }),
  );

/** Chooses a photo. */
const choose = (page: Page, buffer: Buffer): Promise<void> =>
  page.locator('input[type=file]').setInputFiles({ name: 'ward.jpg', mimeType: 'image/jpeg', buffer });

/** The bytes of the upload with this number, from 0. */
const sent = async (page: Page, at = 0): Promise<Buffer> => {
  await page.waitForFunction((place) => (window as unknown as Uploads).uploads.length > place, at);
  return Buffer.from(
    await page.evaluate(async (place) => {
      const blob = (window as unknown as Uploads).uploads[place];
      return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
    }, at),
  );
};

it('a photo goes without what the camera wrote into it', async () => {
  const { page } = citizen;
  const photo = withExif(await drawn(page));
  expect(photo.includes('GPS')).toBe(true);
  await choose(page, photo);
  const bytes = await sent(page);
  expect(bytes.length).toBeGreaterThan(100);
  expect(bytes.includes('GPS')).toBe(false);
  await page.getByText('does not tell where it was taken').waitFor();
  expect(await page.getByText('This photo goes as it is').count()).toBe(0);
});

it('the original goes with it when it was chosen, and the page says what that means', async () => {
  const { page } = citizen;
  const photo = withExif(await drawn(page));
  await choose(page, photo);
  await sent(page);
  await page.getByLabel('Send the original').check();
  expect((await sent(page, 1)).includes('GPS')).toBe(true);
  await page.getByText('It may tell where and when the photo was taken.').waitFor();
});

it('a photo of which no copy can be made goes as it is, and the page says so', async () => {
  const { page } = citizen;
  await page.evaluate(() => (window.createImageBitmap = () => Promise.reject(new Error('not here'))));
  await choose(page, withExif(await drawn(page)));
  expect((await sent(page)).includes('GPS')).toBe(true);
  await page.getByText('This photo goes as it is: no smaller copy could be made here.').waitFor();
});

it('a file that is chosen while the server cannot be reached takes nothing away, and is listed when it can be again', async () => {
  const { page } = citizen;
  const parts = '**/_next/static/chunks/**';
  await page.locator('#message').fill('Half written.');
  await page.route(parts, (route) => route.abort());
  let refused = 0;
  page.on('requestfailed', () => {
    refused += 1;
  });
  await choose(page, await drawn(page));
  // The runtime of the bundle itself tries each part twice: the list, and how a file is sent.
  await expect.poll(() => refused, { timeout: 60_000 }).toBeGreaterThan(4);
  await page.locator('.beside').getByText('ward.jpg').waitFor();
  await page.unroute(parts);
  await page.getByRole('button', { name: 'Remove: ward.jpg' }).waitFor();
  await page.getByText('Ready: goes with your next message').waitFor();
  expect(await page.locator('#message').inputValue()).toBe('Half written.');
});

it('a file on its way when the connection goes says that it waits for it, and is sent when it is back', async () => {
  const { page, context } = citizen;
  await page.route('**/api/uploads', () => undefined); // the network hangs
  await choose(page, await drawn(page));
  await page.locator('.file-state').getByText('Sending: 0 per cent').waitFor();
  await context.setOffline(true);
  await page.getByText('There is no connection. When it is back, the file is sent from its beginning').waitFor();
  expect(await page.locator('.file progress').count()).toBe(0);
  await page.unroute('**/api/uploads');
  await context.setOffline(false);
  await page.getByText('Ready: goes with your next message').waitFor();
});

it('a file that can never be taken is offered no new try, a document no smaller photo', async () => {
  const { page } = citizen;
  const letter = { name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(11 * 2 ** 20, 'x') };
  await page.locator('input[type=file]').setInputFiles(letter);
  await page.getByText('This file is larger than 10 MB. Write in your message what is in it').waitFor();
  await page.locator('input[type=file]').setInputFiles({ ...letter, name: 'a.pdf', buffer: Buffer.from('no PDF') });
  await page.locator('input[type=file]').setInputFiles({ ...letter, name: 'b.pdf', buffer: Buffer.alloc(0) });
  await page.locator('.file', { hasText: 'b.pdf' }).getByText('Not sent').waitFor();
  await page.locator('.file', { hasText: 'a.pdf' }).getByText('Not sent').waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  expect(await page.getByText('Size of photos').count()).toBe(0);
});

it('a file that was chosen is in view on a small phone, also under an answer that is taller than the view', async () => {
  const { page } = citizen;
  await page.setViewportSize({ width: 320, height: 480 });
  await say(page, story);
  await choose(page, await drawn(page));
  await page.locator('.file-name').waitFor();
  const isSeen = () =>
    page.locator('.file-name').evaluate((name) => {
      const [{ bottom }, dock] = [
        name.getBoundingClientRect(),
        document.querySelector('.dock')?.getBoundingClientRect(),
      ];
      return bottom <= innerHeight && bottom > (dock?.bottom ?? 0);
    });
  await expect.poll(isSeen).toBe(true);
});

it('of more than ten files those are named that were not taken', async () => {
  const { page } = citizen;
  const buffer = Buffer.from('%PDF-1.4 x');
  const files = Array.from({ length: 12 }, (_, at) => ({
    name: `page-${at + 1}.pdf`,
    mimeType: 'application/pdf',
    buffer,
  }));
  await page.locator('input[type=file]').setInputFiles(files);
  await page.getByText('Not taken, because ten are the most at a time: 2 (page-11.pdf, page-12.pdf).').waitFor();
});

it('taking a file off the list leaves the focus where the next one is chosen', async () => {
  const { page } = citizen;
  await choose(page, await drawn(page));
  await page.getByRole('button', { name: 'Remove: ward.jpg' }).click();
  await page.locator('.tray').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Add photo or file');
});

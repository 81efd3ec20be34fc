import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { createLiteBrowser, fieldIn, fileByForm, story } from './support/lite-browser.js';
import { startTestServer, type TestServer } from './support/test-server.js';

// The light pages while the database is away: a page in plain words, and nothing that was written is lost.

let database: TestDatabase;
let network: TcpProxy;
let server: TestServer;

const socketOf = (url: string): string => {
  const query = new URLSearchParams(url.split('?')[1]);
  return `${query.get('host') ?? ''}/.s.PGSQL.${query.get('port') ?? ''}`;
};

beforeAll(async () => {
  database = await freshDatabase();
  network = await startTcpProxy(() => socketOf(database.url));
  const [, user = '', name = ''] = /^postgres:\/\/([^@]*)@\/([^?]*)/.exec(database.url) ?? [];
  const through = `postgres://${user}@127.0.0.1:${new URL(network.url).port}/${name}?sslmode=disable`;
  server = await startTestServer({ DATABASE_URL: through, RATE_LIMITS: 'off' });
});
afterAll(async () => {
  network.mode = 'pass';
  await server.drop();
  await network.close();
  await database.drop();
});

/** A browser with a chat, while the database is away. */
const caught = async (language = '') => {
  network.mode = 'pass';
  const given = await fileByForm(server.url);
  await given.browser.go(`/lite/chat${language}`);
  network.mode = 'refuse';
  return given;
};
const kept = ['content-security-policy', 'permissions-policy', 'cache-control', 'referrer-policy', 'x-frame-options'];
const headersOf = ({ headers }: Response) => kept.map((name) => headers.get(name));
const isAway = (response: Response): void => {
  expect([response.status, response.headers.get('retry-after'), response.headers.get('content-type')]).toEqual([
    503,
    '5',
    'text/html; charset=utf-8',
  ]);
};

describe('While the database is away, the light pages', () => {
  it('say so where the conversation would be, with a way to try again and the headers of every page', async () => {
    network.mode = 'pass';
    const usual = await createLiteBrowser(server.url).go('/lite/chat');
    const { browser } = await caught();
    const response = await browser.go('/lite/chat');
    isAway(response);
    expect(headersOf(response)).toEqual(headersOf(usual));
    expect(browser.page()).toContain('The service cannot answer just now.');
    expect(browser.page()).toContain('<a href="/lite/chat">Try again</a>');
    expect(browser.page()).not.toContain('/live/live.js');
  });

  it('show a message again that could not be sent, and take it once when the database is back', async () => {
    const { browser } = await caught('?lang=kri');
    const id = fieldIn(browser.page(), 'id');
    const response = await browser.post('/lite/chat', { message: `${story} & more` });
    isAway(response);
    expect(browser.page()).toContain('Di savis nɔ ebul ansa jɔs naw.');
    expect(browser.page()).toContain(`${story} &amp; more</textarea>`);
    expect(fieldIn(browser.page(), 'id')).toBe(id);
    network.mode = 'pass';
    await expect
      .poll(async () => (await browser.post('/lite/chat', { message: `${story} & more` })).status, { timeout: 60_000 })
      .toBe(200);
    expect(browser.page().split(`${story} &amp; more`)).toHaveLength(2);
  });

  it('show the words of somebody who begins', async () => {
    network.mode = 'pass';
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/chat');
    network.mode = 'refuse';
    isAway(await browser.post('/lite/chat', { message: story }));
    expect(browser.page()).toContain(`${story}</textarea>`);
  });

  it('keep number and key in the form that looks a complaint up', async () => {
    const { number, key } = await caught();
    const browser = createLiteBrowser(server.url);
    expect((await browser.go('/lite/track')).status).toBe(200);
    isAway(await browser.post('/lite/track', { trackingNumber: number, accessKey: key }));
    expect(browser.page()).toContain(`value="${number}"`);
    expect(browser.page()).toContain(`value="${key}"`);
  });

  it('show an answer to the office again', async () => {
    const { browser, number, key } = await caught();
    const form = { trackingNumber: number, accessKey: key, answer: 'It was on Monday.' };
    isAway(await browser.post('/lite/answer', form));
    expect(browser.page()).toContain('It was on Monday.</textarea>');
    expect(browser.page()).toContain('action="/lite/answer"');
  });

  it('say so on the page of the files', async () => {
    const { browser } = await caught();
    isAway(await browser.go('/lite/files'));
    isAway(await browser.post('/lite/files', { evidenceId: 'x', lang: 'kri' }));
    expect(browser.page()).toContain('Di savis nɔ ebul ansa jɔs naw.');
  });

  it('are there where nothing of the database is needed, the removing of the chat too', async () => {
    const { browser } = await caught();
    for (const address of ['/lite/', '/lite/forget', '/lite/track', '/lite/lite.css'])
      expect((await browser.go(address)).status, address).toBe(200);
    expect((await browser.post('/lite/forget', {})).status).toBe(200);
    expect(browser.cookie()).not.toContain('lite=');
  });
});

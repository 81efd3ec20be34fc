import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdf } from '../evidence/support/samples.js';
import { createLiteBrowser, fieldIn, fileByForm, story } from './support/lite-browser.js';
import { startTestServer, type TestServer } from './support/test-server.js';

// What the light pages say when something is not as it should be, and that nothing that was written is lost over it.

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ LOOKUP_FAILURES_PER_IP_PER_MINUTE: '3', MESSAGE_BURST: '4' });
});
afterAll(() => server.drop());

const krio = async () => {
  const browser = createLiteBrowser(server.url);
  await browser.go('/lite/chat?lang=kri');
  return browser;
};
const file = (name: string, bytes: Uint8Array, type = 'application/pdf') =>
  new File([Uint8Array.from(bytes)], name, { type });
const titleOf = (response: Response) => [response.status, response.headers.get('content-type')];
const HTML = 'text/html; charset=utf-8';

describe('A light page in Krio says in Krio', () => {
  it('that nothing was written, beside the box, which gets the focus', async () => {
    const browser = await krio();
    expect((await browser.post('/lite/chat', { message: ' ' })).status).toBe(400);
    expect(browser.page()).toContain('id="message-wrong">Duya rayt sɔntin');
    expect(browser.page()).toMatch(/<textarea id="message"[^>]*aria-describedby="message-wrong" autofocus>/);
  });

  it('that a file is of a kind that is not taken, beside its field, and keeps the words', async () => {
    const browser = await krio();
    const program = file('a.exe', Buffer.from('MZ program'), 'application/x-msdownload');
    const { status } = await browser.post('/lite/chat', { message: 'Luk dis', file: program });
    expect(status).toBe(415);
    expect(browser.page()).toContain('id="file-wrong">Wi nɔ ebul tek dis kayn fayl.');
    expect(browser.page()).toContain('Luk dis</textarea>');
  });

  it('that a message came too fast, and when to try again', async () => {
    const browser = await krio();
    await browser.post('/lite/chat', { message: 'one' });
    let last = await browser.post('/lite/chat', { message: 'two' });
    for (let n = 0; n < 6 && last.status === 200; n += 1)
      last = await browser.post('/lite/chat', { message: `more ${n}` });
    expect(last.status).toBe(429);
    expect(browser.page()).toMatch(/Dat kam tu fas|Wi stil de ansa/);
    expect(browser.page()).toMatch(/more \d<\/textarea>/);
  });

  it('that a number has a slip, beside its field, and that nothing was found', async () => {
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/track?lang=kri');
    await browser.post('/lite/track', { trackingNumber: 'OMB-0000' });
    expect(browser.page()).toContain('id="trackingNumber-wrong">Dis nɔto kɔmplen nɔmba.');
    expect(browser.page()).toContain('aria-describedby="trackingNumber-wrong" autofocus');
    const { number } = await fileByForm(server.url);
    await browser.go('/lite/track?lang=kri');
    await browser.post('/lite/track', { trackingNumber: number, accessKey: '0000' });
    expect(browser.page()).toContain('Wi nɔ fɛn natin fɔ dis nɔmba ɛn ki togɛda.');
  });

  it('that an address is not there', async () => {
    const browser = createLiteBrowser(server.url);
    expect(titleOf(await browser.go('/lite/nothing?lang=kri'))).toEqual([404, HTML]);
    expect(browser.page()).toContain('<html lang="kri">');
    expect(browser.page()).toContain('Da pej de nɔ de ya.');
  });

  it('what errors are called to the script of the live chat, which hears them in English', async () => {
    const browser = await krio();
    expect(browser.page()).toContain('Dat kam tu fas.');
    await browser.go('/lite/chat');
    expect(browser.page()).toContain('&quot;problems&quot;:null');
  });
});

describe('A form that is too large', () => {
  it('is answered by the page with the words that stood before the file', async () => {
    const browser = await krio();
    const large = file('a.pdf', Buffer.concat([pdf(), Buffer.alloc(13 * 1024 * 1024)]));
    const response = await browser.post('/lite/chat', { message: 'Luk dis fayl', file: large });
    expect(titleOf(response)).toEqual([413, HTML]);
    expect(browser.page()).toContain('Dis big pas wetin wi ebul tek.');
    expect(browser.page()).toContain('Luk dis fayl</textarea>');
  });
});

describe('A ready answer', () => {
  it('leaves in the box what was begun there', async () => {
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/chat');
    await browser.post('/lite/chat', { message: story });
    await browser.post('/lite/chat', { quick: 'submit', message: 'One more thing' });
    expect(browser.page()).toContain('One more thing</textarea>');
    expect(browser.page()).toContain('These are your answers:');
  });
});

describe('Without cookies', () => {
  it('no conversation begins: the page says why, and shows the words again', async () => {
    const browser = createLiteBrowser(server.url, { keepsCookies: false });
    await browser.go('/lite/chat');
    const response = await browser.post('/lite/chat', { message: story });
    expect(response.status).toBe(403);
    expect(browser.page()).toContain('your browser did not keep the cookie');
    expect(browser.page()).toContain(`${story}</textarea>`);
    expect(response.headers.getSetCookie().join()).not.toMatch(/(^|,)lite=/);
  });

  it('once they are kept again, the same words go with the next press', async () => {
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/chat');
    browser.loseCookies();
    await browser.post('/lite/chat', { message: story });
    expect((await browser.post('/lite/chat', { message: story })).status).toBe(200);
    expect(browser.page().split(story)).toHaveLength(2);
  });
});

describe('An empty form', () => {
  it('begins no conversation: there is no chat that could be removed', async () => {
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/chat');
    const response = await browser.post('/lite/chat', { message: ' ' });
    expect(response.status).toBe(400);
    expect(browser.cookie()).not.toMatch(/(^|; )lite=/);
    expect(browser.page()).toContain('<p id="forget" hidden>');
  });
});

describe('A chat that this browser does not hold any more', () => {
  it('is not begun anew unsaid by a page of it: the words are shown again and begin a new one only when sent again', async () => {
    const { browser } = await fileByForm(server.url);
    await browser.go('/lite/chat');
    const token = fieldIn(browser.page(), 'token');
    browser.loseCookies();
    const response = await browser.post('/lite/chat', { message: 'One more thing.', token });
    expect(response.status).toBe(403);
    expect(browser.page()).toContain('is not open in this browser any more');
    expect(browser.page()).toContain('One more thing.</textarea>');
    expect((await browser.post('/lite/chat', { message: 'One more thing.' })).status).toBe(200);
    expect(browser.page()).toContain('<p>One more thing.</p>');
  });

  it('is said to be gone when its cookie opens nothing, once', async () => {
    const asked = await fetch(`${server.url}/lite/chat`, { headers: { cookie: 'lite=nothing' } });
    expect(await asked.text()).toContain('is not open any more');
    expect(asked.headers.getSetCookie().join()).toContain('lite=; Max-Age=0');
  });
});

describe('The files of a light chat', () => {
  const withFiles = async () => {
    const browser = createLiteBrowser(server.url);
    await browser.go('/lite/chat');
    await browser.post('/lite/chat', { message: story });
    expect(browser.page()).toMatch(/<p id="files" hidden>/);
    await browser.post('/lite/chat', { message: 'Here it is.', file: file('letter.pdf', pdf()) });
    expect(browser.page()).not.toMatch(/<p id="files" hidden>/);
    await browser.go('/lite/files');
    return browser;
  };

  it('can be taken back before filing, each by a button of its own', async () => {
    const browser = await withFiles();
    expect(browser.page()).toContain('letter.pdf');
    await browser.post('/lite/files', { evidenceId: fieldIn(browser.page(), 'evidenceId') });
    expect(browser.page()).toContain('The file is taken back.');
    expect(browser.page()).not.toContain('letter.pdf');
  });

  it('are not taken back by a form that is not of the page', async () => {
    const browser = await withFiles();
    const evidenceId = fieldIn(browser.page(), 'evidenceId');
    expect((await browser.post('/lite/files', { evidenceId, token: 'guessed' })).status).toBe(403);
    expect((await browser.post('/lite/files', { evidenceId }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    await browser.go('/lite/files');
    expect(browser.page()).toContain('letter.pdf');
  });

  it('stay once the complaint is filed', async () => {
    const { browser } = await fileByForm(server.url);
    await browser.go('/lite/files');
    expect(browser.page()).toContain('There are no files that could be taken back.');
  });
});

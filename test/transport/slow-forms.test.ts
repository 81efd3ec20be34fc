import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdf } from '../evidence/support/samples.js';
import { createLiteBrowser, fieldIn, story } from './support/lite-browser.js';
import { connectRaw, type RawSocket } from './support/raw-socket.js';
import { startTestServer, type TestServer } from './support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    FRAME_DEADLINE_MS: '500',
    SLOW_FORMS_PER_ADDRESS: '1',
    UPLOAD_MIN_BYTES_PER_S: '4',
  });
});
afterAll(() => server.drop());

const BOUNDARY = 'light-form';
const field = (name: string, value: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** The form of the light chat with a file, as the bytes that a browser sends: all but the end of the file, and that end. */
const formWithFile = async () => {
  const browser = createLiteBrowser(server.url);
  await browser.go('/lite/chat');
  await browser.post('/lite/chat', { message: story });
  const hidden = ['lang', 'token', 'id'].map((name) => field(name, fieldIn(browser.page(), name))).join('');
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(hidden + head), pdf(), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  const lines = [
    'POST /lite/chat HTTP/1.1',
    'Host: h',
    `Cookie: ${browser.cookie()}`,
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  const begin = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body.subarray(0, -10)]);
  return { browser, begin, end: body.subarray(-10) };
};
type Form = Awaited<ReturnType<typeof formWithFile>>;

const sendSlowly = async ({ begin }: Form): Promise<RawSocket> => {
  const raw = await connectRaw(server.port);
  raw.write(begin);
  return raw;
};
const isCut = async (raw: RawSocket): Promise<string> => {
  await raw.ended;
  return raw.received().toString('latin1').slice(0, 12);
};

describe('A form of the light chat with a file that takes longer than the deadline', () => {
  it('arrives when its end comes late; meanwhile a second one from the same address is cut', async () => {
    const [first, second] = [await formWithFile(), await formWithFile()];
    const slow = await sendSlowly(first);
    // Cut at the deadline: by then the first, which began earlier, had its place.
    expect(await isCut(await sendSlowly(second))).toBe('HTTP/1.1 408');
    slow.write(first.end);
    expect(await isCut(slow)).toBe('HTTP/1.1 303');
    await first.browser.go('/lite/chat');
    expect(first.browser.page()).toContain('a.pdf');
  });

  it('is cut when nothing more comes, and leaves its place to another', async () => {
    expect(await isCut(await sendSlowly(await formWithFile()))).toBe('HTTP/1.1 408');
    const [form, other] = [await formWithFile(), await formWithFile()];
    const slow = await sendSlowly(form);
    expect(await isCut(await sendSlowly(other))).toBe('HTTP/1.1 408');
    slow.write(form.end);
    expect(await isCut(slow)).toBe('HTTP/1.1 303');
  });
});

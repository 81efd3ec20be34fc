import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../src/agent/agent.js';
import { pdf } from '../evidence/support/samples.js';
import { linesOf, newLibrary, newTab, shows, type Library, type TabStorage } from '../support/library.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { startTestServer, type TestServer } from './support/test-server.js';

// The client library and the server, both real, with a bad network between them.

/** Answers with the citizen's own words. */
const echo: Agent = {
  name: 'echo',
  version: '1',
  takeTurn: ({ message }) => Promise.resolve({ text: `re ${message.text}` }),
};
const talk = (...texts: readonly string[]): string[] =>
  texts.flatMap((text) => [`citizen: ${text}`, `agent: re ${text}`]);

let server: TestServer;
let network: TcpProxy;
const clients: Library[] = [];
const open = async (tab: TabStorage = newTab(), environment: object = {}): Promise<Library> => {
  const client = await newLibrary(network.url, tab, environment);
  clients.push(client);
  client.connect();
  return client;
};

beforeAll(async () => {
  server = await startTestServer({ SESSIONS_PER_IP_PER_MINUTE: '1000' }, { agent: echo });
});
beforeEach(async () => {
  network = await startTcpProxy(() => server.port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await network.close();
});
afterAll(() => server.drop());

describe('The client library at the real server', () => {
  it('sends, is answered, and knows its own messages', async () => {
    const client = await open();
    client.send('Hello');
    await shows(client, talk('Hello'));
    expect(client.getSnapshot()).toMatchObject({ isConnected: true, transport: 'websocket' });
  });

  it('resumes after cuts: nothing lost, nothing doubled, in order', async () => {
    const client = await open();
    const texts = ['one', 'two', 'three', 'four'];
    for (const [index, text] of texts.entries()) {
      client.send(text);
      if (index % 2 === 1) network.cut();
      await shows(client, talk(...texts.slice(0, index + 1)));
    }
  });

  it('sends again what lost its acknowledgement, and it is recorded once', async () => {
    const client = await open();
    client.send('one');
    await shows(client, talk('one'));
    network.mode = 'lose answers';
    client.send('two');
    await expect.poll(() => network.lostAnswers, { timeout: 30_000 }).toBeGreaterThan(0);
    network.mode = 'pass';
    await shows(client, talk('one', 'two'));
  });

  it('keeps what was written without a network over a reload of the page', async () => {
    const tab = newTab();
    const before = await open(tab);
    before.send('one');
    await shows(before, talk('one'));
    network.mode = 'refuse';
    before.send('two');
    before.send('three');
    const left = tab.copy();
    before.close();
    network.mode = 'pass';
    const after = await open(left);
    await shows(after, talk('one', 'two', 'three'));
    expect(after.getSnapshot().sessionId).toBe(before.getSnapshot().sessionId);
  });

  it('shows the same in two tabs of one session, each message once', async () => {
    const tab = newTab();
    const one = await open(tab);
    one.send('from one');
    await shows(one, talk('from one'));
    const two = await open(tab.copy());
    await shows(two, talk('from one'));
    two.send('from two');
    await shows(two, talk('from one', 'from two'));
    await shows(one, talk('from one', 'from two'));
  });

  it('takes Server-Sent Events where WebSockets are blocked, and resumes over them', async () => {
    network.mode = 'no upgrades';
    const client = await open();
    client.send('one');
    await shows(client, talk('one'));
    expect(client.getSnapshot().transport).toBe('sse');
    expect(network.refusedUpgrades).toBeGreaterThanOrEqual(3);
    network.cut();
    client.send('two');
    await shows(client, talk('one', 'two'));
    expect(client.getSnapshot().transport).toBe('sse');
  });

  it('builds its transcript again for a server that was restarted on the same log', async () => {
    const tab = newTab();
    const client = await open(tab);
    client.send('one');
    await shows(client, talk('one'));
    await server.restart();
    client.send('two');
    await shows(client, talk('one', 'two'));
    const reloaded = await open(tab.copy());
    await shows(reloaded, talk('one', 'two'));
  });
});

interface Page {
  readonly XMLHttpRequest: object;
  readonly File: new (parts: readonly object[], name: string, options: object) => object;
  close(): void;
}
const { JSDOM, VirtualConsole } = createRequire(import.meta.url)('jsdom') as {
  readonly JSDOM: new (html: string, options: object) => { readonly window: Page };
  readonly VirtualConsole: new () => object;
};

describe('An upload of the client library', () => {
  let page: Page;
  beforeEach(() => {
    page = new JSDOM('', { url: network.url, virtualConsole: new VirtualConsole() }).window;
  });
  afterEach(() => page.close());
  const report = (): object =>
    new page.File([Buffer.concat([pdf(), Buffer.alloc(400_000, 10)])], 'report “1”.pdf', { type: 'application/pdf' });

  it('tells how far it has come, and the message names the file', async () => {
    const client = await open(newTab(), { XMLHttpRequest: page.XMLHttpRequest });
    const shares: number[] = [];
    client.subscribe(() => {
      const share = client.getSnapshot().messages[0]?.progress;
      if (share !== undefined) shares.push(share);
    });
    client.send('The report', [report()]);
    await shows(client, talk('The report'));
    expect(client.getSnapshot().messages[0]?.media).toMatchObject([
      { uploadId: expect.any(String), name: 'report “1”.pdf', size: pdf().length + 400_000 },
    ]);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('is tried again when its answer was lost', async () => {
    const client = await open(newTab(), { XMLHttpRequest: page.XMLHttpRequest });
    await expect.poll(() => client.getSnapshot().isConnected).toBe(true);
    network.mode = 'lose answers';
    client.send('The report', [report()]);
    await expect.poll(() => network.lostAnswers, { timeout: 30_000 }).toBeGreaterThan(0);
    network.mode = 'pass';
    await shows(client, talk('The report'));
    expect(linesOf(client)).toHaveLength(2);
  });
});

// What is measured of one page in a browser: bytes, time to the first message, and what a long conversation costs.
import { gzipSync } from 'node:zlib';

/** 100 kb/s, 400 ms. */
const LINE = { offline: false, latency: 400, downloadThroughput: 100_000 / 8, uploadThroughput: 100_000 / 8 };
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;

const pageWith = async (browser, watch) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 780 } });
  const page = await context.newPage();
  if (watch !== undefined) page.on('response', watch);
  const devtools = await context.newCDPSession(page);
  return { context, page, devtools };
};

/** Bytes of everything that an address loads, as gzip. */
export const bytesOf = async (browser, address) => {
  const sizes = [];
  const { context, page } = await pageWith(browser, (response) => {
    const script = response.request().resourceType() === 'script';
    sizes.push(
      response.body().then(
        (body) => ({ script, bytes: gzipSync(body).length }),
        () => ({ script, bytes: 0 }),
      ),
    );
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  const all = await Promise.all(sizes);
  await context.close();
  const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
  return { scriptBytes: sum(all.filter(({ script }) => script)), totalBytes: sum(all) };
};

/** From the address to the moment at which the first message has been received by the office. */
export const firstMessage = async (browser, { address, input, isSent }) => {
  const { context, page, devtools } = await pageWith(browser);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', LINE);
  const from = performance.now();
  await page.goto(address, { waitUntil: 'commit', timeout: 120_000 });
  await input(page);
  await isSent(page);
  const ms = performance.now() - from;
  await context.close();
  return ms;
};

/** Bytes of the heap, nodes of the document, and how long a key takes until the next frame is drawn. */
export const load = async (browser, open, typeInto) => {
  const { context, page, devtools } = await pageWith(browser);
  await open(page);
  await typeInto(page);
  await page.evaluate(() => {
    window.delays = [];
    addEventListener(
      'keydown',
      ({ timeStamp }) =>
        requestAnimationFrame(() => setTimeout(() => window.delays.push(performance.now() - timeStamp))),
      true,
    );
  });
  await page.keyboard.type('The clinic asked me for money twice this week.', { delay: 30 });
  const delays = await page.evaluate(() => window.delays);
  await devtools.send('HeapProfiler.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  await context.close();
  return {
    heapMB: metric('JSHeapUsedSize') / 1e6,
    nodes: metric('Nodes'),
    delayMs: median(delays),
    delayP95Ms: percentile(delays, 0.95),
  };
};

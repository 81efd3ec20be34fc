import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../src/projections/read-models/index.js';
import { connectClassic, openSession } from './support/classic-client.js';
import { startTestServer, type TestServer } from './support/test-server.js';

const TOKEN = 'token-of-the-office-of-tests';
const BASE = '/api/admin/projections';

interface Copy {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly position: string;
  readonly head: string;
  readonly pausedReason: string | null;
}
interface Job {
  readonly kind: string;
  readonly state: string;
  readonly results: readonly { name: string; outcome: string }[] | null;
}
interface Stand {
  readonly projections: readonly Copy[];
  readonly jobs: readonly Job[];
}

let server: TestServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startTestServer({ ADMIN_TOKEN: TOKEN });
  pool = new pg.Pool({ connectionString: server.databaseUrl, max: 1, options: '-c search_path=citizen' });
  const { sessionId } = await openSession(server.url);
  const client = await connectClassic(server.url, sessionId);
  await client.say('My name is Canary Kamara');
  await client.close();
});
afterAll(async () => {
  await pool.end();
  await server.drop();
});

const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
const stand = async (): Promise<Stand> => (await (await fetch(`${server.url}${BASE}`, { headers })).json()) as Stand;
const post = async (path: string, body?: unknown) => {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${server.url}${BASE}/${path}`, { method: 'POST', headers, ...text });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const transcriptIs = (over: Partial<Copy>) =>
  expect
    .poll(async () => (await stand()).projections.find(({ name, role }) => name === 'transcript' && role === 'live'))
    .toMatchObject(over);

/** Events of the stream until one fits. */
const untilStream = async (fits: (stand: Stand) => boolean): Promise<Stand> => {
  const response = await fetch(`${server.url}${BASE}/events`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [event = '', data = ''] = block.split('\n');
      expect(event).toBe('event: status');
      const now = JSON.parse(data.slice('data: '.length)) as Stand;
      if (fits(now)) return now;
    }
  }
  throw new Error('The stream ended');
};

describe('the read models over HTTP', () => {
  it('are listed with what the code defines and how every copy stands', async () => {
    const response = await fetch(`${server.url}${BASE}`, { headers });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as Stand & { defined: { name: string; events: string[] }[] };
    expect(body.defined.map(({ name }) => name).sort()).toEqual(projections.map(({ name }) => name).sort());
    expect(body.projections.filter(({ role }) => role === 'live')).toHaveLength(projections.length);
    expect(BigInt(body.projections[0]!.head)).toBeGreaterThan(0n);
  });

  it('tell nothing of what citizens said', async () => {
    expect(await (await fetch(`${server.url}${BASE}`, { headers })).text()).not.toContain('Canary');
  });

  it('are rebuilt and verified in the background, which the stream shows live', async () => {
    for (const kind of ['rebuild', 'verify']) {
      const started = await post(`transcript/${kind}`);
      expect(started).toMatchObject({
        status: 202,
        body: { look: `${BASE}/events`, job: { kind, names: ['transcript'] } },
      });
      const done = await untilStream(({ jobs }) => jobs[0]?.kind === kind && jobs[0].state !== 'running');
      const outcome = kind === 'rebuild' ? 'rebuilt' : 'same';
      expect(done.jobs[0]).toMatchObject({ state: 'done', results: [{ name: 'transcript', outcome }] });
    }
    expect((await stand()).projections.map(({ role }) => role)).toContain('previous');
  });

  it('are rolled back to the rows of before a rebuild, once, and these are dropped', async () => {
    expect(await post('transcript/rollback')).toMatchObject({ status: 200, body: { ok: true } });
    expect(await post('transcript/drop-old')).toMatchObject({ status: 200, body: { ok: true } });
    expect(await post('transcript/rollback')).toMatchObject({ status: 409, body: { ok: false, code: 'no_previous' } });
  });

  it('are rebuilt all at once from one read of the log', async () => {
    expect((await post('rebuild', { maxLoadPercent: 90 })).status).toBe(202);
    const { jobs } = await untilStream((now) => now.jobs[0]?.kind === 'rebuild' && now.jobs[0].state !== 'running');
    expect(jobs[0]?.results).toHaveLength(projections.length);
  });

  it('are paused, and go on', async () => {
    expect(await post('transcript/pause', { reason: 'work on the disk' })).toMatchObject({ status: 200 });
    await transcriptIs({ state: 'paused', pausedReason: 'work on the disk' });
    expect((await post('transcript/resume')).status).toBe(200);
    await transcriptIs({ state: 'running', pausedReason: null });
  });

  it('refuse what makes no sense, with a code', async () => {
    const skip = { position: '1', reason: 'a known fault', by: 'staff-7' };
    expect(await post('transcript/skip', skip)).toMatchObject({ status: 409, body: { code: 'not_failed' } });
    expect(await post('transcript/cancel')).toMatchObject({ status: 409, body: { code: 'no_rebuild' } });
    expect(await post('transcript/retry')).toMatchObject({ status: 409, body: { code: 'not_failed' } });
  });

  it.each(['rebuild', 'verify', 'pause', 'resume', 'rollback', 'drop-old', 'cancel', 'retry'])(
    'answer %s of one that does not exist with 404',
    async (what) => {
      expect(await post(`transcripts/${what}`)).toMatchObject({ status: 404, body: { code: 'unknown_projection' } });
    },
  );

  it.each([
    ['skip', {}],
    ['skip', { position: 'x', reason: 'a known fault', by: 'staff-7' }],
    ['rebuild', { maxLoadPercent: 0 }],
    ['pause', { why: 'x' }],
  ])('answer %s with a wrong body %j with 400', async (what, body) => {
    expect((await post(`transcript/${what}`, body)).status).toBe(400);
  });

  it.each([
    ['GET', ''],
    ['GET', '/events'],
    ['POST', '/rebuild'],
    ['POST', '/transcript/rebuild'],
    ['POST', '/transcript/skip'],
  ])('refuse %s %s without the token', async (method, path) => {
    const wrong = { authorization: 'Bearer wrong' };
    expect((await fetch(`${server.url}${BASE}${path}`, { method, headers: wrong })).status).toBe(401);
    expect((await fetch(`${server.url}${BASE}${path}`, { method })).status).toBe(401);
  });

  it('are described in the OpenAPI document', async () => {
    const document = await (await fetch(`${server.url}/api/openapi.json`)).json();
    expect(document).toHaveProperty(['paths', `${BASE}/{name}/skip`, 'post', 'requestBody', 'required'], true);
    expect(document).toHaveProperty(['paths', `${BASE}/events`, 'get', 'operationId'], 'watchProjections');
  });
});

describe('one read model that stopped at an event', () => {
  const failure = {
    ...{ position: '1', eventType: 'SessionStarted', eventId: '0190aaaa-0000-7000-8000-000000000000' },
    ...{ message: 'TypeError: row is null', stack: ['at apply (transcript.js:1:1)'] },
  };
  beforeAll(() =>
    pool.query(
      `UPDATE projections SET state = 'failed', error = $1, fence = fence + 1 WHERE name = 'transcript' AND role = 'live'`,
      [JSON.stringify(failure)],
    ),
  );

  it('leaves the process ready, and /readyz says which one it is and no more', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 'degraded', reasons: ['read_model_failed'], readModels: false });
    expect((JSON.parse(text) as { projections: unknown[] }).projections).toContainEqual(
      expect.objectContaining({ name: 'transcript', state: 'failed' }),
    );
    expect(text).not.toContain('TypeError');
  });

  it('shows the event, the error and its stack to the office', async () => {
    await transcriptIs({ state: 'failed', error: failure } as Partial<Copy>);
  });

  it('is tried again by order', async () => {
    expect((await post('transcript/retry')).status).toBe(200);
    await transcriptIs({ state: 'running', error: null } as Partial<Copy>);
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ status: 'ready' });
  });
});

describe('without ADMIN_TOKEN', () => {
  it('there is nothing at the address', async () => {
    const plain = await startTestServer();
    expect((await fetch(`${plain.url}${BASE}`, { headers: { authorization: 'Bearer undefined' } })).status).toBe(404);
    await plain.drop();
  });
});

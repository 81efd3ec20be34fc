import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBreaker } from '../../../src/agent/model/breaker.js';
import { createOpenAiModel } from '../../../src/agent/model/openai-model.js';
import { loadPrompt, promptOf } from '../../../src/agent/model/prompt.js';
import { runReplayCommand, type ReplayCommand } from '../../../src/cli/agent-replay.js';
import { createComplaintCommands } from '../../../src/commands/command-handler.js';
import { sessionIdOf } from '../../../src/events/catalogue/index.js';
import { systemClock } from '../../../src/platform/clock.js';
import { createLogger } from '../../../src/platform/logging.js';
import { loadConfig, type Config } from '../../../src/platform/config.js';
import { createAgentUsage } from '../../../src/projections/queries/agent-usage.js';
import { readRecordedTurns } from '../../../src/projections/queries/recorded-turns.js';
import { openStorage, type Storage } from '../../../src/storage.js';
import { testPolicies } from '../../support/dialogue.js';
import { startScriptedModel, type ScriptedModel, type SeenRequest, type Step } from '../../support/scripted-model.js';
import { openSession } from '../../transport/support/classic-client.js';
import { startTestServer, type TestServer } from '../../transport/support/test-server.js';
import { connectV1 } from '../../transport/support/v1-client.js';
import { until } from '../support/office.js';
import { TEST_KEY } from './support/model-dialogue.js';

// A conversation with a (scripted) model is held and filed on a real server; then its turns are replayed out of the log.

const story = 'On Monday the police at Lumley asked me for 500 Leones. My name is Mariama Kamara.';
const period = { since: new Date(0), until: new Date('2100-01-01') };
const [category, other] = testPolicies.taxonomy.categories.map(({ code }) => code) as [string, string];

const then = ({ lastUser, toolResults }: SeenRequest): Step => {
  if (toolResults.length > 0) return { text: 'Thank you, Mariama Kamara. Was it at the station?' };
  if (lastUser === 'yes') return { text: 'That is done.' };
  if (!lastUser.startsWith('On Monday')) return { text: 'Which office was it?' };
  return {
    calls: [
      { name: 'record_details', args: { whole_message: true } },
      { name: 'propose_classification', args: { category, confidence: 0.9 } },
      { name: 'show_check_answers' },
    ],
  };
};

let model: ScriptedModel;
let server: TestServer;
let storage: Storage;
let config: Config;
const recorded: string[] = [];

beforeAll(async () => {
  model = await startScriptedModel(then);
  const env = { OPENAI_API_KEY: TEST_KEY, OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted' };
  server = await startTestServer(env);
  const session = await openSession(server.url);
  const client = await connectV1(server.url, session.token);
  for (const [at, text] of ['Good morning', story, 'yes'].entries()) {
    await client.post(`c-${at}`, text);
    await client.next('message', ({ data }) => data.role === 'agent');
  }
  recorded.push(...model.requests.map(({ body }) => body));
  await client.close();
  config = loadConfig({
    DATABASE_URL: server.databaseUrl,
    MASTER_KEY: server.masterKey,
    DATA_DIR: server.dataDir,
    ...env,
  });
  storage = await openStorage(config, createLogger({ logLevel: 'fatal' }), { as: 'tool' });
  const { log, pool } = storage;
  const cases = createComplaintCommands({ log, policy: testPolicies, clock: systemClock });
  await until(async () => {
    for await (const event of log.readAll({ types: ['CaseOpened'] })) {
      const complaintId = event.meta.stream.replace('complaint-', '');
      const classify = { type: 'ClassifyAsOfficer', category: other, institution: null } as const;
      const done = await cases.handle(complaintId, classify, { actor: { kind: 'officer', id: '1' } });
      expect(done.ok).toBe(true);
      expect((await readRecordedTurns(pool, period, 10)).total).toBe(3);
      return;
    }
    throw new Error('No case yet');
  });
});
beforeEach(() => model.use(then));
afterAll(async () => {
  await storage.close();
  await server.drop();
  await model.close();
});

const replay = async (given: Partial<ReplayCommand> = {}) => {
  const { log, pool } = storage;
  const { turns, total } = await readRecordedTurns(pool, period, 10);
  const { taxonomy } = testPolicies;
  const before = model.requests.length;
  let [out, err] = ['', ''];
  const shares = { sharesIdentity: false, sharesFileNames: false };
  const code = await runReplayCommand({
    ...{ log, taxonomy, settings: config, period, turns, turnsInPeriod: total, limit: 10, json: true, masked: true },
    rebuild: { taxonomy, contextTokens: config.modelContextTokens, shares, promptOf: () => loadPrompt() },
    ...{ prompt: loadPrompt(), modelName: 'scripted', model: createOpenAiModel({ ...config, openaiApiKey: TEST_KEY }) },
    ...{ breaker: createBreaker({ failures: 5, openMs: 1000 }), usage: createAgentUsage(pool), chance: () => 0.5 },
    clock: systemClock,
    ...{ atOnce: 1, signal: new AbortController().signal, isTty: false },
    output: { out: (text) => (out += text), err: (text) => (err += text) },
    ...given,
  });
  return { code, out, err, bodies: model.requests.slice(before).map(({ body }) => body) };
};
/** Who read in the clear what citizens told. */
const readings = async () => {
  const found: { readonly actor: object; readonly data: object }[] = [];
  for await (const event of storage.log.readAll({ types: ['PersonalDataUnmasked'] }))
    found.push({ actor: event.meta.actor, data: (await storage.log.open(event)).data });
  return found;
};
const head = async (): Promise<bigint> => (await storage.log.head()).position;

describe('the replay of recorded turns', () => {
  it('makes every recorded request again, byte for byte, that of a filing yes too', async () => {
    const { code, out, bodies } = await replay();
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ turns: { considered: 3, rebuilt: 3, notRebuilt: {}, replayed: 3 } });
    for (const body of recorded) expect(bodies).toContain(body);
  });

  it('finds nothing different with the same prompt and the same model', async () => {
    const { out } = await replay();
    expect(JSON.parse(out)).toMatchObject({ turns: { sameTools: { hits: 3, of: 3 } } });
  });

  it('shows what another prompt changes: other words, other tools that are not done', async () => {
    model.use(() => ({ text: 'When was it?', calls: [{ name: 'withdraw_draft' }] }));
    const at = await head();
    const prompt = promptOf('new', 'You are somebody else.');
    const { out, bodies } = await replay({ prompt, json: false });
    expect(bodies[0]).toContain('You are somebody else.');
    expect(out).toContain('- Which office was it?');
    expect(out).toContain('+ When was it?');
    expect(out).toContain('tools now:  withdraw_draft {}');
    expect(out).toContain('What this cannot tell');
    expect(await head()).toBe(at);
  });

  it('neither sends nor shows who the citizen is', async () => {
    const { out, bodies } = await replay({ json: false, prompt: promptOf('new', 'Other.') });
    expect(`${out}${bodies.join('')}`).not.toMatch(/Mariama|Kamara|OMB-/);
    expect(out).toContain('[name]');
  });

  it('shows it only to whoever says why', async () => {
    const reason = 'complaint about the prompt';
    for (const given of [{}, { reason }, { officer: '17' }, { reason: 'because', officer: '17' }])
      expect(await replay({ masked: false, ...given })).toMatchObject({ code: 2, out: '', bodies: [] });
    expect(await readings()).toEqual([]);
    const { out } = await replay({ masked: false, reason, officer: '17', json: false, prompt: promptOf('new', 'X') });
    expect(out).toContain('NOT masked, because: complaint about the prompt');
  });

  it('records who read what in the clear, and why, once for each citizen and before anything is sent', async () => {
    const before = (await readings()).length;
    const reason = 'complaint about the prompt';
    let recordedByThen = before;
    model.use(async (request) => {
      recordedByThen = (await readings()).length;
      return then(request);
    });
    await replay({ masked: false, reason, officer: '17' });
    const found = (await readings()).slice(before);
    expect(found).toEqual([{ actor: { kind: 'officer', id: '17' }, data: { tool: 'agent_replay', reason } }]);
    expect(recordedByThen).toBe(before + 1);
  });

  it('records nothing in a dry run, which shows nothing', async () => {
    const at = await head();
    await replay({ masked: false, reason: 'complaint about the prompt', officer: '17', model: null });
    expect(await head()).toBe(at);
  });

  it('asks nothing in a dry run', async () => {
    const { out, bodies } = await replay({ model: null });
    expect(bodies).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({
      turns: { rebuilt: 3, replayed: 0 },
      // What was proposed is held against the officer without any model.
      complaints: { judged: 1, classified: 0, recorded: { hits: 0, of: 1 } },
    });
  });

  it('says how many could not be made again, and does not pretend', async () => {
    const { taxonomy } = testPolicies;
    const rebuild = { taxonomy, contextTokens: 2000, shares: { sharesIdentity: false, sharesFileNames: false } };
    const unknown = await replay({ rebuild: { ...rebuild, promptOf: () => undefined } });
    expect(JSON.parse(unknown.out)).toMatchObject({ turns: { rebuilt: 0, notRebuilt: { prompt_unknown: 3 } } });
    const [first, ...rest] = taxonomy.categories;
    const moved = { ...taxonomy, categories: [...rest, first!] };
    const changed = await replay({ rebuild: { ...rebuild, taxonomy: moved, promptOf: () => loadPrompt() } });
    expect(JSON.parse(changed.out)).toMatchObject({ turns: { rebuilt: 0, notRebuilt: { request_differs: 3 } } });
  });
});

describe('the classification of filed complaints', () => {
  it('is held against the officer, the new one beside the recorded one', async () => {
    model.use((request) =>
      request.toolNames.length === 1
        ? { calls: [{ name: 'propose_classification', args: { category: other, confidence: 1 } }] }
        : then(request),
    );
    const { out } = await replay();
    expect(JSON.parse(out)).toMatchObject({
      complaints: {
        ...{ judged: 1, classified: 1, recorded: { hits: 0, of: 1 }, fresh: { hits: 1, of: 1 } },
        difference: { onlyOld: 0, onlyNew: 1, p: 1 },
      },
    });
  });
});

describe('a replay ends early', () => {
  it('when the person stops it, with the figures so far', async () => {
    const stopping = new AbortController();
    model.use(() => ({ text: 'I am', beforeEnd: () => stopping.abort() }));
    const { code, out } = await replay({ signal: stopping.signal });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ stopped: 'interrupted', turns: { failed: {} } });
  });

  it('when a budget is used up, before it asks', async () => {
    const { code, out, bodies } = await replay({ settings: { ...config, modelHourTokens: 1 } });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ stopped: 'budget' });
    expect(bodies).toEqual([]);
  });

  it('when the server refuses the key', async () => {
    model.use(() => ({ status: 401 }));
    const { out, bodies } = await replay();
    expect(JSON.parse(out)).toMatchObject({ stopped: 'model_down', turns: { failed: { auth: 1 } } });
    expect(bodies).toHaveLength(1);
  });
});

describe('a citizen who was erased', () => {
  it('drops out', async () => {
    const [session] = (await readRecordedTurns(storage.pool, period, 1)).turns;
    await storage.keys.destroy(sessionIdOf(`session-${session!.sessionId}`)!, ['content', 'identity']);
    const { out, bodies } = await replay();
    expect(JSON.parse(out)).toMatchObject({
      turns: { rebuilt: 0, notRebuilt: { erased: 3 } },
      complaints: { judged: 0 },
    });
    expect(bodies).toEqual([]);
  });
});

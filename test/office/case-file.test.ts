import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sessionStream } from '../../src/events/catalogue/index.js';
import { connectClassic, openSession } from '../transport/support/classic-client.js';
import { startTestServer, type TestServer } from '../transport/support/test-server.js';
import { openDesk, type Desk } from './support/office-desk.js';

const STORY = 'The land office has kept my Canary papers for three years and asks for money each time.';
const QUESTION = 'On which day did you pay the Canary toll?';
const LETTER = 'We have read your Canary letter.';
const why = { reason: 'First reading of a new case', officer: 'staff-7' };

let server: TestServer;
let desk: Desk;
let sessionId: string;
let number: string;
beforeAll(async () => {
  server = await startTestServer({ RATE_LIMITS: 'off' });
  desk = await openDesk(server);
  ({ sessionId } = await openSession(server.url));
  const client = await connectClassic(server.url, sessionId);
  await client.say(STORY);
  await client.say('submit');
  number = (await client.say('yes')).data.trackingNumber ?? '';
  const act = () => desk.act(number, { type: 'MoveCase', to: 'screening' });
  await vi.waitFor(act, { timeout: 60_000, interval: 30 });
  await desk.act(number, { type: 'WriteToCitizen', text: LETTER });
  await desk.act(number, { type: 'MoveCase', to: 'info_requested', question: QUESTION });
}, 60_000);
afterAll(async () => {
  await desk.close();
  await server.drop();
});

const readings = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const { type, actor } of desk.storage.store.readStream(sessionStream(sessionId)))
    if (type === 'PersonalDataUnmasked') found.push(actor);
  return found;
};

it('the file of a case is listed without a word of it, and says how to read it', async () => {
  const { code, printed } = await desk.show(number);
  expect(code).toBe(0);
  for (const what of ['description', 'letter', 'question']) {
    expect(printed).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d {2}${what}$`, 'm'));
  }
  expect(printed).not.toContain('Canary');
  expect(printed).toContain('--read --reason');
  expect(await readings()).toEqual([]);
});

it('without a reason or an officer nothing is read', async () => {
  const { code, printed } = await desk.show(number, { reason: why.reason, officer: undefined });
  expect(code).toBe(1);
  expect(printed).not.toContain('Canary');
  expect((await desk.show(number, { reason: 'because', officer: 'staff-7' })).printed).toContain('Say why');
  expect(await readings()).toEqual([]);
});

it('the texts are shown after the reading was recorded', async () => {
  const { code, printed } = await desk.show(number, why);
  expect(code).toBe(0);
  for (const text of [STORY, QUESTION, LETTER]) expect(printed).toContain(text);
  expect(await readings()).toEqual([{ kind: 'officer', id: 'staff-7' }]);
});

it('an officer sets the category, and the case shows it', async () => {
  const classify = { type: 'ClassifyAsOfficer', category: 'delay_no_answer', institution: null } as const;
  expect(await desk.act(number, classify)).toMatch(/^category {5}delay_no_answer$/m);
});

it('a category that the taxonomy does not have is refused', async () => {
  const classify = { type: 'ClassifyAsOfficer', category: 'invented', institution: null } as const;
  await expect(desk.act(number, classify)).rejects.toThrow('unknown_category');
});

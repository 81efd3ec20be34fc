import { describe, expect, it, vi } from 'vitest';
import { complaintStream, sessionStream, type DomainEvent } from '../../events/catalogue/index.js';
import { uuid } from '../../../test/support/given-session.js';
import { createMemoryEventLog, type MemoryEventLog } from '../../../test/support/memory-event-log.js';
import { createComplaintCommands, createSessionCommands } from '../command-handler.js';
import { createPolicies } from '../policies/policies.js';
import { createMemoryCheckpoints } from '../reactor-checkpoints.js';
import { createCaseCourier } from './case-courier.js';
import { createCaseMessenger } from './case-messenger.js';
import type { ComplaintCommand } from './commands.js';

const policy = createPolicies();
const clock = { now: () => new Date('2026-03-01T10:00:00.000Z') };
const complaintId = uuid(1);
const officer = { actor: { kind: 'officer', id: 'o-1' } } as const;

const append = (log: MemoryEventLog, stream: string, event: DomainEvent, id: string) =>
  log.append(
    stream,
    [{ event, id, occurredAt: clock.now().toISOString(), actor: { kind: 'system' }, subject: 'session-1' }],
    'any',
  );

/** An office in memory: one filed complaint, and both reactors until the test stops them. */
const openOffice = async () => {
  const log = createMemoryEventLog();
  const dependencies = { log, policy, clock };
  const cases = createComplaintCommands(dependencies);
  const sessions = createSessionCommands(dependencies);
  const started = { language: 'en', channel: 'web', policyVersion: '1', taxonomyVersion: 'v1' } as const;
  await append(log, sessionStream('s1'), { type: 'SessionStarted', data: started }, uuid(10));
  await cases.handle(
    complaintId,
    {
      ...{ type: 'OpenCase', complaintId, sessionId: 's1', trackingLookup: 'k', standing: 'complainant' },
      ...{ category: null, institution: null, filedAt: clock.now().toISOString() },
    },
    { actor: { kind: 'system' } },
  );
  const react = async (until: () => void): Promise<void> => {
    const stop = new AbortController();
    const given = { log, checkpoints: createMemoryCheckpoints(), onError: () => undefined, cases, sessions, policy };
    const running = [createCaseMessenger(given), createCaseCourier(given)].map((one) => one.run(stop.signal));
    await vi.waitFor(until);
    stop.abort();
    await Promise.all(running);
  };
  const office = async (...commands: readonly ComplaintCommand[]): Promise<void> => {
    for (const command of commands) {
      const outcome = await cases.handle(complaintId, command, officer);
      if (!outcome.ok) throw new Error(outcome.refusal.code);
    }
  };
  const updates = (sessionId = 's1') =>
    log.recorded.flatMap((event) =>
      event.type === 'CaseUpdateReceived' && event.meta.stream === sessionStream(sessionId) ? [event.data] : [],
    );
  const inCase = () => log.recorded.filter(({ meta }) => meta.stream === complaintStream(complaintId));
  const says = (text: string, n: number) =>
    append(log, sessionStream('s1'), { type: 'UserMessageReceived', data: { text, evidenceIds: [] } }, uuid(n));
  const requests = (request: 'answer' | 'dispute' | 'withdraw', ...messages: readonly number[]) =>
    append(
      log,
      sessionStream('s1'),
      { type: 'CaseRequestMade', data: { complaintId, request, messageIds: messages.map(uuid) } },
      uuid(900),
    );
  return { log, cases, react, office, updates, inCase, says, requests };
};

const asks: ComplaintCommand = { type: 'MoveCase', to: 'info_requested', question: 'On which day was it?' };
const screening: ComplaintCommand = { type: 'MoveCase', to: 'screening' };

describe('the case messenger', () => {
  it('brings a question into the conversation, with how to answer it', async () => {
    const { office, react, updates } = await openOffice();
    await office(screening, asks);
    await react(() => expect(updates()).toHaveLength(2));
    expect(updates()[1]).toMatchObject({ complaintId, kind: 'question', state: 'info_requested' });
    expect(updates()[1]?.text).toContain('On which day was it?');
    expect(updates()[1]?.text).toContain('You can answer right here');
  });

  it('brings a letter, and each public step in public words', async () => {
    const { office, react, updates } = await openOffice();
    await office(screening, { type: 'WriteToCitizen', text: 'We are reading it.' });
    await react(() => expect(updates()).toHaveLength(2));
    expect(updates().map(({ kind }) => kind)).toEqual(['status', 'message']);
    expect(updates()[0]?.text).toContain('Being checked');
    expect(updates()[1]?.text).toContain('We are reading it.');
  });

  it('says why the office cannot take it up, and keeps its other notes to itself', async () => {
    const { office, react, updates } = await openOffice();
    await office(
      { ...screening, note: 'Ask Mohamed' },
      { type: 'MoveCase', to: 'not_admissible', note: 'It is before a court.' },
    );
    await react(() => expect(updates()).toHaveLength(2));
    expect(updates()[0]?.text).not.toContain('Mohamed');
    expect(updates()[1]?.text).toContain('It is before a court.');
  });

  it('tells each thing once, from the start of the log again and beside another one', async () => {
    const { office, react, updates } = await openOffice();
    await office(screening, asks);
    const all = () => expect(updates()).toHaveLength(2);
    await Promise.all([react(all), react(all)]);
    await office({ type: 'WriteToCitizen', text: 'Please answer.' });
    await react(() => expect(updates()).toHaveLength(3));
    expect(updates()).toHaveLength(3);
  });
});

describe('the case courier', () => {
  it('carries an answer to the case, which goes back to where it was', async () => {
    const { office, react, says, requests, inCase } = await openOffice();
    await office(screening, asks);
    await says('On Monday', 21);
    await requests('answer', 21);
    await react(() => expect(inCase().at(-1)).toMatchObject({ type: 'CaseMoved', data: { to: 'screening' } }));
    expect(inCase().filter(({ type }) => type === 'CitizenAnswered')).toMatchObject([
      { data: { text: 'On Monday' }, meta: { causationId: uuid(900), actor: { kind: 'citizen' } } },
    ]);
  });

  it('keeps each message of an answer, once, however often it is run', async () => {
    const { office, react, says, requests, inCase } = await openOffice();
    await office(screening, asks);
    await says('On Monday', 21);
    await says('At noon', 22);
    await requests('answer', 21, 22);
    const answers = () => inCase().flatMap((event) => (event.type === 'CitizenAnswered' ? [event.data.text] : []));
    await react(() => expect(answers()).toEqual(['On Monday', 'At noon']));
    await office({ type: 'WriteToCitizen', text: 'Thank you.' });
    await react(() => expect(answers()).toHaveLength(2));
    expect(answers()).toHaveLength(2);
  });

  it('goes on after a failure between two messages, and doubles nothing', async () => {
    const { log, office, react, says, requests, inCase } = await openOffice();
    await office(screening, asks);
    await says('On Monday', 21);
    await requests('answer', 21);
    log.beforeAppend = () => Promise.reject(new Error('The store is away'));
    await react(() => expect(inCase().filter(({ type }) => type === 'CitizenAnswered')).toHaveLength(1));
  });

  it('withdraws a case, and disputes a closure with all that was written', async () => {
    const withdrawn = await openOffice();
    await withdrawn.requests('withdraw');
    await withdrawn.react(() => expect(withdrawn.updates().at(-1)).toMatchObject({ state: 'withdrawn' }));

    const closed = await openOffice();
    await closed.office(screening, { type: 'MoveCase', to: 'not_admissible', note: 'No.' });
    await closed.says('It is not before a court', 21);
    await closed.says('Look at page two', 22);
    await closed.requests('dispute', 21, 22);
    await closed.react(() => expect(closed.inCase().at(-1)).toMatchObject({ type: 'CitizenAnswered' }));
    expect(closed.inCase().map(({ type }) => type)).toContain('CaseDisputed');
  });

  it('tells the citizen when the case takes it no more', async () => {
    const { office, react, says, requests, updates } = await openOffice();
    await office(screening, asks, { type: 'MoveCase', to: 'closed', reason: 'no_answer' });
    await says('On Monday', 21);
    await requests('answer', 21);
    await react(() => expect(updates().map(({ kind }) => kind)).toContain('refused'));
  });
});

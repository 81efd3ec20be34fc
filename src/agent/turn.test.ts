import { describe, expect, it, vi } from 'vitest';
import { knownNumber, testPepper, testPolicies } from '../../test/support/dialogue.js';
import { stepSession } from '../commands/session/decide.js';
import type { SessionCommand } from '../commands/session/commands.js';
import { initialSession } from '../commands/session/initial.js';
import type { SessionState } from '../commands/session/state.js';
import { openTurn, type LookUp, type OpenCase, type TurnDependencies } from './turn.js';

const messageId = '0b8b7a50-54a1-4f0a-9a3f-0c5f1de0a001';
const agent = { kind: 'agent' } as const;

const after = (...commands: readonly SessionCommand[]): SessionState =>
  commands.reduce<SessionState>((state, command) => {
    const kind = command.type === 'StartSession' || command.type === 'PostUserMessage' ? 'citizen' : 'agent';
    const step = stepSession(command, state, { actor: { kind }, policy: testPolicies });
    if (!step.ok) throw new Error(step.refusal.code);
    return step.state;
  }, initialSession);

const started: SessionCommand = { type: 'StartSession', language: 'en', channel: 'web' };
const says = (text: string): SessionCommand => ({ type: 'PostUserMessage', messageId, text, evidence: [] });
const described: readonly SessionCommand[] = [
  started,
  { type: 'StartFiling' },
  { type: 'RecordDetails', details: { description: 'They took my land.' }, descriptionMode: 'append' },
];

const turnOn = (state: SessionState, dependencies: Partial<TurnDependencies> = {}) => {
  const prepareSubmission = vi.fn(() =>
    Promise.resolve({
      complaintId: '0b8b7a50-54a1-4f0a-9a3f-0c5f1de0a002',
      trackingNumber: knownNumber,
      trackingLookup: 'k',
      accessKey: 'KEY',
      accessKeyHash: 'h',
    }),
  );
  const lookUp = vi.fn<LookUp>(() => Promise.resolve({ outcome: 'not_found' }));
  const openCase = vi.fn<OpenCase>(() => Promise.resolve({ outcome: 'not_found' }));
  const officeWords = vi.fn(() => Promise.resolve({ question: 'On which day?', reason: null }));
  const tools = { prepareSubmission, lookUp, openCase, officeWords };
  const given = { policy: testPolicies, pepper: testPepper, ...tools, ...dependencies };
  return {
    ...openTurn(given, { sessionId: 's', messageId, state, actor: agent }),
    prepareSubmission,
    lookUp,
    openCase,
  };
};

describe('the tools of a turn', () => {
  it('tell nothing of what the office wrote about a complaint that was not opened here', async () => {
    const turn = turnOn(after(started, says('hello')));
    const words = await turn.tools.officeWords('0b8b7a50-54a1-4f0a-9a3f-0c5f1de0a002');
    expect(words).toEqual({ question: null, reason: null });
  });

  it('move the state on and keep what was accepted', () => {
    const turn = turnOn(after(started, says('hello')));
    expect(turn.tools.issue({ type: 'StartFiling' })).toEqual({ ok: true });
    expect(turn.tools.state().filing).toBe(true);
    expect(turn.commands()).toEqual([{ type: 'StartFiling' }]);
  });

  it('give the refusal of a rule and keep nothing of the command', () => {
    const turn = turnOn(after(started, says('hello')));
    expect(turn.tools.issue({ type: 'ShowAnswers' })).toMatchObject({ ok: false, refusal: { code: 'not_filing' } });
    expect(turn.commands()).toEqual([]);
  });

  it('do not keep a command that is true already', () => {
    const turn = turnOn(after(started, { type: 'StartFiling' }, says('hello')));
    turn.tools.issue({ type: 'StartFiling' });
    expect(turn.commands()).toEqual([]);
  });

  it('draw no tracking number when filing would be refused', async () => {
    const turn = turnOn(after(...described, says('yes')));
    expect(await turn.tools.submit()).toMatchObject({ ok: false, refusal: { code: 'answers_not_shown' } });
    expect(turn.prepareSubmission).not.toHaveBeenCalled();
  });

  it("file on the citizen's own yes to the answers shown", async () => {
    const turn = turnOn(after(...described, { type: 'ShowAnswers' }, says('yes')));
    expect(await turn.tools.submit()).toEqual({ ok: true, trackingNumber: knownNumber, accessKey: 'KEY' });
    expect(turn.tools.state().ended).toBe('filed');
  });

  it('refuse to file twice in one turn', async () => {
    const turn = turnOn(after(...described, { type: 'ShowAnswers' }, says('yes')));
    await turn.tools.submit();
    expect(await turn.tools.submit()).toMatchObject({ ok: false });
    expect(turn.prepareSubmission).toHaveBeenCalledTimes(1);
  });

  it('cannot file on words that are no yes', async () => {
    const turn = turnOn(after(...described, { type: 'ShowAnswers' }, says('yes, but change the date')));
    expect(await turn.tools.submit()).toMatchObject({ ok: false, refusal: { code: 'not_confirmed' } });
  });

  it('look nothing up for a number with a typing error', async () => {
    const turn = turnOn(after(started, says('x')));
    expect(await turn.tools.lookUp('OMB-1111-1111-1111')).toEqual({ outcome: 'malformed' });
    expect(turn.lookUp).not.toHaveBeenCalled();
  });

  it('record a lookup, found or not', async () => {
    const turn = turnOn(after(started, says('x')));
    await turn.tools.lookUp(knownNumber.toLowerCase());
    expect(turn.commands()).toMatchObject([{ type: 'RecordTrackingLookup', found: false }]);
  });

  it('record no lookup that the guard did not let through', async () => {
    const turn = turnOn(after(started, says('x')), { lookUp: () => Promise.resolve({ outcome: 'busy' }) });
    expect(await turn.tools.lookUp(knownNumber)).toEqual({ outcome: 'busy' });
    expect(turn.commands()).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { SessionCommand } from './commands.js';
import { filed, given, says, submits } from '../../../test/support/given-session.js';
import { uuid } from '../../../test/support/given-session.js';

const complaintId = uuid(7_001);
const prepares = (
  messages: readonly number[],
  request: 'answer' | 'dispute' | 'withdraw' = 'answer',
): Extract<SessionCommand, { type: 'PrepareCaseRequest' }> => ({
  type: 'PrepareCaseRequest',
  complaintId,
  request,
  messageIds: messages.map(uuid),
});
const makes: SessionCommand = { type: 'MakeCaseRequest' };
const answered = [...filed, says(3, 'It was on Monday')] as const;

describe('what a citizen tells the office about a filed complaint', () => {
  it('is prepared, and goes there with a later yes', () => {
    given(...answered)
      .when(prepares([3]))
      .then({ type: 'CaseRequestPrepared', data: { complaintId, request: 'answer', messageIds: [uuid(3)] } });
    given(...answered, prepares([3]), says(4, 'yes'))
      .when(makes)
      .then({ type: 'CaseRequestMade', data: { complaintId, request: 'answer', messageIds: [uuid(3)] } });
  });

  it('does not go there before the citizen was asked', () => {
    given(...answered)
      .when(makes)
      .thenRefused('not_confirmed');
    given(...answered, prepares([3]))
      .when(makes)
      .thenRefused('not_confirmed');
  });

  it('does not count a yes that was said before the question to it', () => {
    given(...answered, says(4, 'yes'), prepares([3]))
      .when(makes, { answering: 4 })
      .thenRefused('not_confirmed');
  });

  it('has words, unless it is a withdrawal', () => {
    given(...answered, prepares([]), says(4, 'yes'))
      .when(makes)
      .thenRefused('message_empty');
    given(...answered, prepares([], 'dispute'), says(4, 'yes'))
      .when(makes)
      .thenRefused('message_empty');
    given(...answered, prepares([], 'withdraw'), says(4, 'yes'))
      .when(makes)
      .thenTypes('CaseRequestMade');
  });

  it('is of words that were said here', () => {
    given(...answered)
      .when(prepares([99]))
      .thenRefused('message_unknown');
  });

  it('is about a complaint of this conversation, an earlier one too', () => {
    given(...answered)
      .when({ ...prepares([3]), complaintId: uuid(1) })
      .thenRefused('not_your_case');
    given(...answered, { type: 'StartAgain' })
      .when(prepares([3]))
      .thenTypes('CaseRequestPrepared');
  });

  it('is about a complaint that was opened with its access key', () => {
    const granted: SessionCommand = { type: 'GrantCaseAccess', complaintId: uuid(1) };
    given(...answered, granted)
      .when({ ...prepares([3]), complaintId: uuid(1) })
      .thenTypes('CaseRequestPrepared');
  });

  it('can be dropped, and goes nowhere then', () => {
    const dropped = [...answered, prepares([3]), says(4, 'no'), { type: 'DropCaseRequest' }] as const;
    given(...answered, prepares([3]))
      .when({ type: 'DropCaseRequest' })
      .thenTypes('CaseRequestDropped');
    given(...dropped)
      .when({ type: 'DropCaseRequest' })
      .thenNothing();
    given(...dropped)
      .when(makes)
      .thenRefused('not_confirmed');
  });

  it('is dropped when a new complaint is begun', () => {
    const state = given(...answered, prepares([3]), { type: 'StartAgain' }, { type: 'StartFiling' }).state();
    expect(state.caseRequest).toBeNull();
  });

  it('is forgotten with the content of the conversation', () => {
    const erased: SessionCommand = { type: 'ErasePersonalData', classes: ['content'], reason: 'citizen_request' };
    expect(given(...answered, prepares([3]), erased).state().caseRequest).toBeNull();
    given(...answered, erased)
      .when(prepares([3]))
      .thenRefused('erased');
  });

  it('is made once', () => {
    given(...answered, prepares([3]), says(4, 'yes'), makes)
      .when(makes)
      .thenRefused('not_confirmed');
  });

  it('leaves the complaint filed', () => {
    given(...answered, prepares([3]), says(4, 'yes'))
      .when(makes)
      .thenState('completed');
    given(...filed, submits())
      .when(submits())
      .thenNothing();
  });
});

import { describe, expect, test } from 'vitest';
import { createDriver, session } from '../support/driver.js';

describe('the outbox', () => {
  test('messages go one at a time and in order', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.send('b');
    expect(driver.sent()).toEqual([]);
    driver.frame({ type: 'ack', id: 'a', data: { position: '1', duplicate: false } });
    expect(driver.sent()).toMatchObject([{ id: 'b' }]);
  });

  test('a bubble goes from waiting to sent to received, and the durable frame takes its place', () => {
    const driver = createDriver();
    driver.send('a');
    expect(driver.state().outbox[0]?.state).toBe('waiting');
    driver.live();
    expect(driver.state().outbox[0]?.state).toBe('sent');
    driver.frame({ type: 'ack', id: 'a', data: { position: '1', duplicate: false } });
    expect(driver.state().outbox[0]?.state).toBe('received');
    driver.message('1', null, { role: 'citizen', clientId: 'a' });
    expect(driver.state().outbox).toEqual([]);
    expect(driver.state().log[0]?.message).toMatchObject({ id: 'a', state: 'received' });
  });

  test('the durable frame may come before the acknowledgement', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.message('1', null, { role: 'citizen', clientId: 'a' });
    driver.frame({ type: 'ack', id: 'a', data: { position: '1', duplicate: true } });
    expect(driver.state().outbox).toEqual([]);
    expect(driver.texts()).toEqual(['1']);
  });

  test('a message of another tab of the session is simply there', () => {
    const driver = createDriver();
    driver.live();
    driver.send('mine');
    driver.message('1', null, { role: 'citizen', clientId: 'theirs' });
    expect(driver.texts()).toEqual(['1']);
    expect(driver.state().outbox).toMatchObject([{ id: 'mine', state: 'sent' }]);
  });

  test('a refusal "for now" waits for the hint, and nothing overtakes', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.send('b');
    driver.frame({ type: 'error', id: 'a', data: { code: 'rate_limited', retryable: true, retryAfterMs: 1500 } });
    expect(driver.sent()).toEqual([]);
    expect(driver.waits()['hold']).toBe(1750);
    expect(driver.emitted('error')).toEqual([]);
    expect(driver.state().error).toBeNull();
    driver.timer('hold');
    expect(driver.sent()).toMatchObject([{ id: 'a' }]);
  });

  test('a refusal for good fails the message and lets the next one go', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.send('b');
    driver.frame({ type: 'error', id: 'a', data: { code: 'message_too_long', error: 'too long', retryable: false } });
    expect(driver.state().outbox[0]).toMatchObject({ id: 'a', state: 'failed', error: { code: 'message_too_long' } });
    expect(driver.sent()).toMatchObject([{ id: 'b' }]);
  });

  test('after eight refusals a person is asked, whose retry goes with the same id', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    for (let time = 0; time < 8; time += 1) {
      expect(driver.emitted('error')).toEqual([]);
      driver.frame({ type: 'error', id: 'a', data: { code: 'busy', retryable: true } });
      if (time < 7) driver.timer('hold');
    }
    expect(driver.emitted('error')).toMatchObject([{ code: 'busy' }]);
    expect(driver.state().outbox[0]?.state).toBe('failed');
    driver.input({ type: 'retry', id: 'a', uploading: false });
    expect(driver.sent()).toMatchObject([{ id: 'a' }]);
  });

  test('an upload that fails fails its message and lets the next one go; tried again, it goes last', () => {
    const driver = createDriver();
    driver.live();
    driver.input({ type: 'send', id: 'a', text: '', media: [], uploading: true });
    driver.send('b');
    const error = { code: 'file_type_rejected', message: 'no', retryable: false };
    driver.input({ type: 'upload_failed', id: 'a', error });
    expect(driver.sent()).toMatchObject([{ id: 'b' }]);
    driver.input({ type: 'retry', id: 'a', uploading: true });
    expect(driver.state().outbox.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  test('an upload that fails after its message was discarded is not reported', () => {
    const driver = createDriver();
    driver.live();
    driver.input({ type: 'send', id: 'a', text: '', media: [], uploading: true });
    driver.input({ type: 'discard', id: 'a' });
    driver.input({ type: 'upload_failed', id: 'a', error: { code: 'network', message: '', retryable: true } });
    expect(driver.emitted('error')).toEqual([]);
  });

  test('a refusal "for now" by a classic server is told, for nothing is sent again there', () => {
    const driver = createDriver();
    driver.input({ type: 'start', restored: null });
    driver.input({ type: 'session', session: { ...session, protocols: [] } });
    driver.input({ type: 'opened', socket: driver.state().socket! });
    driver.frame({ type: 'error', data: { code: 'rate_limited', error: 'slow', retryable: true } });
    expect(driver.emitted('error')).toMatchObject([{ code: 'rate_limited' }]);
  });

  test('an error about a message that was taken already leaves it alone', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.frame({ type: 'ack', id: 'a', data: { position: '1', duplicate: false } });
    driver.frame({ type: 'error', id: 'a', data: { code: 'agent_unavailable', retryable: true } });
    expect(driver.state().outbox[0]?.state).toBe('received');
    expect(driver.state().error?.code).toBe('agent_unavailable');
  });

  test('what a reload leaves is sent first; a message whose file was on its way has failed', () => {
    const item = { text: '', at: '', media: [], tries: 0 };
    const driver = createDriver();
    driver.send('new');
    driver.input({
      type: 'start',
      restored: {
        session,
        position: null,
        outbox: [
          { ...item, id: 'old', state: 'sent' },
          { ...item, id: 'file', state: 'waiting', uploading: true },
        ],
      },
    });
    expect(driver.emitted('session')).toEqual([{ sessionId: 's1', reason: 'resumed' }]);
    expect(driver.state().outbox.map(({ id, state }) => [id, state])).toEqual([
      ['old', 'waiting'],
      ['file', 'failed'],
      ['new', 'waiting'],
    ]);
  });

  test('a message with files waits for them, and what comes after it waits too', () => {
    const driver = createDriver();
    driver.live();
    driver.input({ type: 'send', id: 'a', text: '', media: [], uploading: true });
    driver.send('b');
    expect(driver.sent()).toEqual([]);
    driver.input({ type: 'uploaded', id: 'a', media: [{ uploadId: 'u1' }] });
    expect(driver.sent()).toMatchObject([{ id: 'a', data: { media: [{ uploadId: 'u1' }] } }]);
  });

  test('a message whose files were lost in a reload never goes without them', () => {
    const item = { id: 'a', text: 'see file', at: '', media: [], tries: 0, uploading: true };
    const driver = createDriver();
    driver.input({ type: 'start', restored: { session, position: null, outbox: [{ ...item, state: 'failed' }] } });
    driver.live();
    driver.input({ type: 'retry', id: 'a', uploading: false });
    expect(driver.sent()).toEqual([]);
    expect(driver.state().outbox).toMatchObject([{ state: 'failed', error: { code: 'upload_interrupted' } }]);
  });

  test('a message on its way cannot be discarded, a waiting one can', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.send('b');
    driver.input({ type: 'discard', id: 'a' });
    driver.input({ type: 'discard', id: 'b' });
    expect(driver.state().outbox.map(({ id }) => id)).toEqual(['a']);
  });
});

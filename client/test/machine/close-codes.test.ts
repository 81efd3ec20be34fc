import { describe, expect, test } from 'vitest';
import { closeActions } from '../../src/codes.js';
import { createDriver } from '../support/driver.js';

describe('close codes', () => {
  const expected: Record<string, string> = {
    stop: 'idle',
    report: 'failed',
    retry: 'backoff',
    slower: 'backoff',
    hint: 'backoff',
    now: 'connecting',
    refresh: 'connecting',
    renew: 'connecting',
    end: 'failed',
    upgrade: 'connecting',
    replaced: 'failed',
  };
  test.each(Object.entries(closeActions))('%s means %s', (code, action) => {
    const driver = createDriver();
    driver.live();
    driver.closed(Number(code));
    expect(driver.state().phase).toBe(expected[action]);
  });

  test('the token is renewed once after 4401; a second 4401 is the end', () => {
    const driver = createDriver();
    driver.live();
    driver.closed(4401);
    expect(driver.kinds()).toContain('refresh');
    driver.input({ type: 'token', token: 't2', expiresAt: 200_000_000 });
    driver.closed(4401);
    expect(driver.state()).toMatchObject({ phase: 'failed', error: { code: 'unauthorized', closeCode: 4401 } });
  });

  test('a token that cannot be renewed for want of a network is tried again', () => {
    const driver = createDriver();
    driver.live();
    driver.closed(4401);
    driver.input({ type: 'no_token', status: 0, error: { code: 'network', message: '', retryable: true } });
    expect(driver.state().phase).toBe('backoff');
  });

  test('an unknown session is replaced by a new one, into which nothing of the old one is sent', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.closed(1006);
    driver.send('a');
    driver.timer('reconnect');
    driver.closed(4404);
    expect(driver.emitted('session')).toEqual([{ sessionId: 's1', reason: 'unknown' }]);
    driver.timer('reconnect');
    expect(driver.kinds()).toContain('create_session');
    driver.live();
    expect(driver.sent()).toEqual([]);
    expect(driver.texts()).toEqual([]);
    expect(driver.state().outbox).toMatchObject([{ id: 'a', state: 'failed', error: { code: 'session_unknown' } }]);
  });

  test('a replaced tab stops until a person chooses it', () => {
    const driver = createDriver();
    driver.live();
    driver.closed(4409);
    expect(driver.state().error?.code).toBe('replaced');
    driver.input({ type: 'start', restored: null });
    expect(driver.kinds()).toContain('open');
  });

  test('4403 ends the session: nothing of it may be stored', () => {
    const driver = createDriver();
    driver.live();
    driver.closed(4403);
    expect(driver.state()).toMatchObject({ session: null, position: null, ended: true });
  });
});

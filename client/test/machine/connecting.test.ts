import { describe, expect, test } from 'vitest';
import { createDriver, session } from '../support/driver.js';

describe('connecting', () => {
  test('a session is made first, then the socket opens, then hello is the first frame', () => {
    const driver = createDriver();
    expect(driver.input({ type: 'start', restored: null })).toContainEqual({ type: 'create_session' });
    driver.input({ type: 'session', session });
    expect(driver.effects()).toContainEqual({
      type: 'open',
      socket: driver.state().socket,
      transport: 'websocket',
      session,
    });
    driver.input({ type: 'opened', socket: driver.state().socket! });
    expect(driver.sent()).toEqual([
      {
        type: 'hello',
        data: {
          token: 't1',
          resume: null,
          client: { name: '@citizen-interface/client', version: '0.1.0' },
          want: ['delta', 'receipts'],
        },
      },
    ]);
    expect(driver.state().phase).toBe('greeting');
  });

  test('a server that offers no protocol gets the classic profile and no hello', () => {
    const driver = createDriver();
    driver.input({ type: 'start', restored: null });
    driver.input({ type: 'session', session: { ...session, protocols: [] } });
    expect(driver.state().transport).toBe('classic');
    driver.input({ type: 'opened', socket: driver.state().socket! });
    expect(driver.sent()).toEqual([]);
    expect(driver.state().phase).toBe('live');
  });

  test('on a classic server a message counts as sent when it is written, in the documented shape', () => {
    const driver = createDriver();
    driver.input({ type: 'start', restored: null });
    driver.input({ type: 'session', session: { ...session, protocols: [] } });
    driver.input({ type: 'opened', socket: driver.state().socket! });
    driver.send('a', 'hello');
    expect(driver.sent()).toEqual([{ type: 'message', data: { message: 'hello', sessionId: 's1', media: undefined } }]);
    driver.frame({ type: 'message', data: { message: 'welcome', sessionId: 's1' } });
    expect(driver.state().log.map(({ message }) => [message?.role, message?.text, message?.state])).toEqual([
      ['citizen', 'hello', 'sent'],
      ['agent', 'welcome', 'received'],
    ]);
  });

  test('a token that has run out is renewed before the socket opens', () => {
    const driver = createDriver({ session: { ...session, expiresAt: 1_000_100 } });
    driver.input({ type: 'start', restored: null });
    expect(driver.kinds()).toContain('refresh');
    driver.input({ type: 'token', token: 't2', expiresAt: 200_000_000 });
    expect(driver.kinds()).toContain('open');
    expect(driver.state().session?.token).toBe('t2');
  });

  test('the token is renewed ahead of its end, and the socket stays', () => {
    const driver = createDriver();
    driver.live();
    expect(driver.waits()['refresh']).toBe(100_000_000 - driver.now - 60_000);
    driver.timer('refresh');
    driver.input({ type: 'token', token: 't2', expiresAt: 200_000_000 });
    expect(driver.kinds()).toEqual(['timer']);
    expect(driver.state().phase).toBe('live');
  });

  test('a session that cannot be made now is tried again; one that is refused is not', () => {
    const driver = createDriver();
    driver.input({ type: 'start', restored: null });
    driver.input({ type: 'no_session', error: { code: 'network', message: '', retryable: true } });
    expect(driver.state().phase).toBe('backoff');
    driver.timer('reconnect');
    driver.input({ type: 'no_session', error: { code: 'origin_rejected', message: '', retryable: false } });
    expect(driver.state().phase).toBe('failed');
  });

  test('frames of a socket that was let go are not heard', () => {
    const driver = createDriver();
    driver.live();
    const old = driver.state().socket!;
    driver.closed(1006);
    const before = driver.state();
    driver.input({ type: 'frame', socket: old, frame: { type: 'message', position: '1', data: { message: 'x' } } });
    expect(driver.state()).toBe(before);
  });
});

describe('when WebSockets are blocked', () => {
  test('the third that does not open makes way for SSE, and later a WebSocket is tried again', () => {
    const driver = createDriver({ session });
    driver.input({ type: 'start', restored: null });
    for (let time = 0; time < 3; time += 1) {
      driver.closed(1006);
      driver.timer('reconnect');
    }
    expect(driver.state().transport).toBe('sse');
    driver.live();
    expect(driver.waits()['probe']).toBe(300_000);
    driver.timer('probe');
    expect(driver.state().transport).toBe('websocket');
    driver.closed(1006);
    driver.timer('reconnect');
    expect(driver.state().transport).toBe('sse');
  });

  test('when SSE does not work either, both are tried in turn', () => {
    const driver = createDriver({ session, blocked: 3, phase: 'backoff' });
    const used = [];
    for (let time = 0; time < 4; time += 1) {
      driver.timer('reconnect');
      used.push(driver.state().transport);
      driver.closed(1006);
    }
    expect(used).toEqual(['sse', 'websocket', 'sse', 'websocket']);
  });
});

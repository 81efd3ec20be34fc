import { describe, expect, test } from 'vitest';
import { createDriver } from '../support/driver.js';

describe('coming back', () => {
  test('hello names the last position', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.closed(1006);
    driver.timer('reconnect');
    driver.input({ type: 'opened', socket: driver.state().socket! });
    expect(driver.sent()[0]).toMatchObject({ data: { resume: { position: '1' } } });
  });

  test('waits are drawn evenly up to a ceiling that doubles and ends at 30 seconds', () => {
    const driver = createDriver();
    driver.chance = 0.999_999;
    driver.live({ reconnect: { minMs: 1000, maxMs: 600_000, factor: 2 } });
    const ceilings = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      driver.closed(1011);
      ceilings.push(driver.waits()['reconnect']);
      driver.timer('reconnect');
      driver.input({ type: 'opened', socket: driver.state().socket! });
    }
    expect(ceilings).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  test('after ten seconds connected the waits start short again', () => {
    const driver = createDriver({ attempt: 5 });
    driver.live();
    expect(driver.waits()['uptime']).toBe(10_000);
    driver.timer('uptime');
    expect(driver.state().attempt).toBe(0);
  });

  test('a drained client waits exactly as long as it was told', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'drain', data: { reconnectAfterMs: 1234, deadlineMs: 9000 } });
    expect(driver.waits()['drain']).toBe(9000);
    driver.closed(1012);
    expect(driver.waits()['reconnect']).toBe(1234);
  });

  test('1013 doubles the wait', () => {
    const driver = createDriver();
    driver.live();
    driver.closed(1013);
    expect(driver.waits()['reconnect']).toBe(500);
  });

  test('4429 waits for the hint of the error before it', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'error', data: { code: 'rate_limited', error: 'slow', retryable: true, retryAfterMs: 7000 } });
    expect(driver.emitted('error')).toEqual([]);
    driver.closed(4429);
    expect(driver.waits()['reconnect']).toBe(7000);
  });

  test('without a network nothing is tried; with it, at once', () => {
    const driver = createDriver();
    driver.live();
    driver.input({ type: 'surroundings', online: false });
    driver.closed(1006);
    expect(driver.waits()['reconnect']).toBeUndefined();
    driver.input({ type: 'surroundings', online: true });
    expect(driver.kinds()).toContain('open');
  });

  test('a network that goes is told at once, and what was on its way waits again', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.send('a');
    driver.input({ type: 'surroundings', online: false });
    expect(driver.emitted('state')).toEqual(['backoff']);
    expect(driver.waits()['reconnect']).toBeUndefined();
    expect(driver.state().outbox).toMatchObject([{ id: 'a', state: 'waiting' }]);
    driver.input({ type: 'surroundings', online: true });
    driver.input({ type: 'opened', socket: driver.state().socket! });
    expect(driver.sent()[0]).toMatchObject({ data: { resume: { position: '1' } } });
  });

  test('a network that goes while the page is hidden is not tried before both are back', () => {
    const driver = createDriver();
    driver.live();
    driver.input({ type: 'surroundings', visible: false });
    driver.input({ type: 'surroundings', online: false });
    driver.input({ type: 'surroundings', online: true });
    expect(driver.kinds()).not.toContain('open');
    driver.input({ type: 'surroundings', visible: true });
    expect(driver.kinds()).toContain('open');
  });

  test('a hidden page pauses; seen again, it connects at once', () => {
    const driver = createDriver();
    driver.live();
    driver.closed(1006);
    driver.input({ type: 'surroundings', visible: false });
    expect(driver.waits()).toEqual({ reconnect: null });
    driver.input({ type: 'surroundings', visible: true });
    expect(driver.kinds()).toContain('open');
  });

  test('a wait that the server asked for is kept also when the page is seen again', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'drain', data: { reconnectAfterMs: 4000, deadlineMs: 9000 } });
    driver.closed(1012);
    driver.now += 1000;
    driver.input({ type: 'surroundings', visible: true });
    expect(driver.waits()).toEqual({ reconnect: 3000 });
  });
});

describe('watchdog', () => {
  test('two unanswered pings give the socket up and open another one at once', () => {
    const driver = createDriver();
    driver.live();
    expect(driver.waits()['ping']).toBe(25_000);
    driver.timer('ping');
    expect(driver.sent()).toMatchObject([{ type: 'ping' }]);
    driver.timer('ping');
    driver.timer('ping');
    expect(driver.effects()).toContainEqual({ type: 'close', code: 4499 });
    expect(driver.kinds()).toContain('open');
  });

  test('a pong is life', () => {
    const driver = createDriver();
    driver.live();
    for (let beat = 0; beat < 5; beat += 1) {
      driver.timer('ping');
      driver.frame({ type: 'pong' });
    }
    expect(driver.state().phase).toBe('live');
  });

  test('a page that is seen again asks the socket and gives it five seconds', () => {
    const driver = createDriver();
    driver.live();
    driver.input({ type: 'surroundings', visible: true });
    expect(driver.waits()['ping']).toBe(5000);
    driver.timer('ping');
    expect(driver.kinds()).toContain('open');
  });

  test('a message without an answer gives the socket up; it is sent again with the same id', () => {
    const driver = createDriver();
    driver.live();
    driver.send('a');
    driver.timer('ack');
    driver.live();
    expect(driver.sent()).toMatchObject([{ type: 'message', id: 'a' }]);
  });
});

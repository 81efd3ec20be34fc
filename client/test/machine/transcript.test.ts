import { describe, expect, test } from 'vitest';
import type { ServerFrame } from '../../src/index.js';
import { toSnapshot } from '../../src/snapshot.js';
import { createDriver } from '../support/driver.js';

describe('the log', () => {
  test('frames follow each other by prev; one seen before is dropped', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.message('2', '1');
    driver.message('1', null);
    driver.message('2', '1');
    expect(driver.texts()).toEqual(['1', '2']);
  });

  test('what lies before the first replay is fetched by itself, or only when asked for', () => {
    const requests = (earlier?: 'asked') => {
      const driver = createDriver({ earlier });
      driver.live({ replay: 1 }, '9');
      driver.message('9', '8');
      return driver.sent().map(({ type }) => type);
    };
    expect(requests()).toEqual(['history']);
    expect(requests('asked')).toEqual([]);
  });

  test('what is missed later is fetched by itself even then', () => {
    const driver = createDriver({ earlier: 'asked' });
    driver.live({ replay: 1 }, '9');
    driver.message('9', '8');
    driver.closed(1006);
    driver.timer('reconnect');
    driver.live({ replay: 1 }, '300');
    driver.message('300', '299');
    expect(driver.sent()).toMatchObject([{ type: 'history', data: { before: '300' } }]);
  });

  test('the snapshot names the place before which there is more', () => {
    const driver = createDriver({ earlier: 'asked' });
    driver.live({ replay: 1 }, '9');
    driver.message('9', '8');
    expect(toSnapshot(driver.state()).earlier).toBe('9');
    driver.input({ type: 'history', id: 'h', before: '9', limit: 100 });
    const item = { type: 'message', position: '8', prev: null, data: { message: 'first' } };
    driver.frame({ type: 'history', id: 'h', data: { items: [item], complete: true } });
    expect(driver.texts()).toEqual(['first', '9']);
    expect(toSnapshot(driver.state()).earlier).toBeNull();
  });

  test('a gap brings the client back with its last position', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.message('3', '2');
    expect(driver.state().phase).toBe('backoff');
    expect(driver.texts()).toEqual(['1']);
    driver.timer('reconnect');
    driver.input({ type: 'opened', socket: driver.state().socket! });
    expect(driver.sent()[0]).toMatchObject({ data: { resume: { position: '1' } } });
  });

  test('a durable frame of an unknown type moves the position and is told to nobody', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.frame({ type: 'weather', position: '2', prev: '1', data: { message: 'rain', state: 'wet' } });
    expect(driver.effects()).toEqual([]);
    driver.message('3', '2');
    expect(driver.state()).toMatchObject({ phase: 'live', position: '3' });
    expect(driver.emitted('message')).toMatchObject([{ text: '3' }]);
  });

  test('a durable frame of an unknown type counts in a replay', () => {
    const driver = createDriver();
    driver.live({ replay: 2 }, '2');
    driver.frame({ type: 'weather', position: '1', prev: null });
    driver.message('2', '1');
    expect(driver.state()).toMatchObject({ phase: 'live', position: '2' });
  });

  test('a status is part of the chain and of the conversation, not of the transcript', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'status', position: '1', prev: null, data: { state: 'completed', trackingNumber: 'OMB-1' } });
    driver.message('2', '1');
    expect(driver.state().conversation).toEqual({ state: 'completed', trackingNumber: 'OMB-1' });
    expect(driver.texts()).toEqual(['status', '2']);
  });

  test('old states that a replay tells do not show', () => {
    const driver = createDriver();
    driver.live({ replay: 2, state: 'completed' }, '2');
    driver.frame({ type: 'status', position: '1', prev: null, data: { state: 'greeting' } });
    expect(driver.emitted('status')).toEqual([]);
    expect(driver.state().conversation.state).toBe('completed');
  });

  test('a server that could not recover tells everything again', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.closed(1006);
    driver.timer('reconnect');
    driver.live({ recovered: false, epoch: 'e2', replay: 2 }, '12');
    driver.message('11', null);
    driver.message('12', '11');
    expect(driver.texts()).toEqual(['11', '12']);
    expect(driver.state().phase).toBe('live');
  });

  test('another epoch counts as not recovered', () => {
    const driver = createDriver();
    driver.live();
    driver.message('1', null);
    driver.closed(1006);
    driver.timer('reconnect');
    driver.live({ epoch: 'e2' });
    expect(driver.texts()).toEqual([]);
  });

  test('a replay of only the newest page is completed with history, page by page', () => {
    const driver = createDriver();
    driver.live({ replay: 2 }, '6');
    driver.message('5', '4');
    driver.message('6', '5');
    expect(driver.sent()).toMatchObject([{ type: 'history', data: { before: '5', limit: 100 } }]);
    const item = (position: string, prev: string | null): ServerFrame => ({
      type: 'message',
      position,
      prev,
      data: { message: position },
    });
    const id = driver.state().filling!;
    driver.frame({ type: 'history', id, data: { items: [item('3', '2'), item('4', '3')], complete: false } });
    expect(driver.sent()).toMatchObject([{ type: 'history', data: { before: '3' } }]);
    driver.frame({
      type: 'history',
      id: driver.state().filling!,
      data: { items: [item('1', null), item('2', '1')], complete: true },
    });
    expect(driver.texts()).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(driver.state().holes).toEqual([]);
  });
});

describe('replies being written', () => {
  test('pieces overwrite from their offset, and the message replaces them', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'reply', data: { replyId: 'r', phase: 'started' } });
    driver.frame({ type: 'delta', data: { replyId: 'r', offset: 0, text: 'Good mrn' } });
    driver.frame({ type: 'delta', data: { replyId: 'r', offset: 6, text: 'orning' } });
    expect(driver.state().streaming).toEqual([{ replyId: 'r', text: 'Good morning' }]);
    driver.message('1', null, { replyId: 'r' });
    expect(driver.state().streaming).toEqual([]);
    driver.frame({ type: 'delta', data: { replyId: 'r', offset: 0, text: 'late' } });
    expect(driver.state().streaming).toEqual([]);
  });

  test('a piece that would leave a gap is dropped', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'delta', data: { replyId: 'r', offset: 5, text: 'x' } });
    expect(driver.state().streaming).toEqual([]);
  });

  test('an aborted reply disappears', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'delta', data: { replyId: 'r', offset: 0, text: 'x' } });
    driver.frame({ type: 'reply', data: { replyId: 'r', phase: 'aborted', reason: 'agent_timeout' } });
    expect(driver.state().streaming).toEqual([]);
    expect(driver.emitted('reply')).toEqual([{ replyId: 'r', phase: 'aborted', reason: 'agent_timeout' }]);
  });

  test('typing ends with the message and with the connection', () => {
    const driver = createDriver();
    driver.live();
    driver.frame({ type: 'typing', data: { isTyping: true, who: 'officer' } });
    expect(driver.state().typing).toBe('officer');
    driver.message('1', null);
    expect(driver.state().typing).toBeNull();
  });

  test('unknown frames change nothing', () => {
    const driver = createDriver();
    driver.live();
    expect(driver.frame({ type: 'weather', data: {} })).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { endpoints } from './api.js';
import { optionsOf } from './react/use-websocket.js';

test('the rest of the API lies beside the session', () => {
  const at = endpoints('https://office.example/base/api/agent/session');
  expect(at.of('a/b')).toBe('https://office.example/base/api/agent/session/a%2Fb');
  expect(at.uploads).toBe('https://office.example/base/api/uploads');
  expect(endpoints('/api/agent/session').uploads).toBe('/api/uploads');
});

test('a page whose own route makes the session names the API', () => {
  expect(endpoints('/api/agent/session', 'https://office.example/').uploads).toBe('https://office.example/api/uploads');
});

test('a site may change the tokens itself', () => {
  const at = endpoints('/api/agent/session', 'https://office.example', '/office/:id/token');
  expect(at.token('a/b')).toBe('/office/a%2Fb/token');
  expect(at.of('a')).toBe('https://office.example/api/agent/session/a');
  expect(endpoints('/api/agent/session').token('a')).toBe('/api/agent/session/a/token');
});

test('the address of the hook says where things are', () => {
  expect(optionsOf(undefined, {})).toEqual({});
  expect(optionsOf('wss://office.example/chat', {})).toEqual({
    websocketUrl: 'wss://office.example/chat',
    apiUrl: 'https://office.example',
  });
  expect(optionsOf('http://localhost:3000', {})).toEqual({ sessionUrl: 'http://localhost:3000/api/agent/session' });
});

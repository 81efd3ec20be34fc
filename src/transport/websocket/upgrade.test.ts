import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { newSessionId } from '../../platform/ids.js';
import { createClientAddresses } from '../client-address.js';
import { createOriginPolicy } from '../origin-policy.js';
import { protocolError } from '../protocol/result.js';
import { createSlots } from './slots.js';
import { admit, refusalResponse, type AdmissionDeps } from './upgrade.js';

const sessionId = newSessionId();
const addresses = createClientAddresses([]);
const request = (url: string, headers: Record<string, string> = {}): IncomingMessage =>
  ({ url, headers: { host: 'h', ...headers }, socket: { remoteAddress: '203.0.113.1' } }) as unknown as IncomingMessage;
const deps = (more: Partial<AdmissionDeps> = {}): AdmissionDeps => ({
  addresses,
  isOriginAllowed: createOriginPolicy([], addresses),
  slots: createSlots({ perAddress: 2, total: 3 }),
  refusalById: (id) => Promise.resolve(id === sessionId ? null : protocolError('session_unknown')),
  isDraining: () => false,
  ...more,
});
const asked = async (url: string, headers: Record<string, string> = {}, more: Partial<AdmissionDeps> = {}) => {
  const admission = await admit(deps(more), request(url, headers));
  return admission.ok ? admission.profile : admission.error.code;
};

describe('admission of a socket', () => {
  it.each(['/', '/ws'])('serves the classic profile at %s', async (path) => {
    expect(await asked(`${path}?sessionId=${sessionId}`)).toBe('classic');
  });

  it.each([
    ['/other', {}, 'not_found'],
    ['//', {}, 'not_found'],
    ['/', {}, 'session_unknown'],
    ['/?sessionId=../../x', {}, 'session_unknown'],
    [`/?sessionId=${newSessionId()}`, {}, 'session_unknown'],
    [`/?sessionId=${sessionId}`, { origin: 'https://evil' }, 'origin_rejected'],
    [`/?sessionId=${sessionId}`, { 'sec-websocket-protocol': 'chat, soap' }, 'protocol_unsupported'],
  ])('%s with %j is %s', async (url, headers, code) => {
    expect(await asked(url, headers)).toBe(code);
  });

  it('serves leoma.chat.v1 without a session in the address, and reads a token beside it', async () => {
    const token = 'a.b.c';
    const offered = `leoma.chat.v1, leoma.token.${Buffer.from(token).toString('base64url')}`;
    const headers = { 'sec-websocket-protocol': offered };
    expect(await admit(deps(), request('/ws', headers))).toMatchObject({ ok: true, profile: 'v1', token });
    expect(await admit(deps(), request('/', { 'sec-websocket-protocol': 'x, leoma.chat.v1' }))).toMatchObject({
      profile: 'v1',
      token: null,
    });
  });

  it('takes nobody while the server drains', async () => {
    expect(await asked(`/?sessionId=${sessionId}`, {}, { isDraining: () => true })).toBe('draining');
  });

  it('limits sockets of one address and of the node, and takes places back (security row 13)', async () => {
    const slots = createSlots({ perAddress: 2, total: 3 });
    const first = await admit(deps({ slots }), request(`/?sessionId=${sessionId}`));
    await admit(deps({ slots }), request(`/?sessionId=${sessionId}`));
    expect(await asked(`/?sessionId=${sessionId}`, {}, { slots })).toBe('too_many_sockets');
    slots.take('198.51.100.1');
    expect(await asked(`/?sessionId=${sessionId}`, {}, { slots })).toBe('overloaded');
    if (first.ok) {
      first.giveBack();
      first.giveBack();
    }
    expect(slots.count()).toBe(2);
    expect(await asked(`/?sessionId=${sessionId}`, {}, { slots })).toBe('classic');
  });

  it('keeps no place for a session that is unknown', async () => {
    const slots = createSlots({ perAddress: 2, total: 3 });
    await asked('/?sessionId=x', {}, { slots });
    expect(slots.count()).toBe(0);
  });

  it('answers a refusal as a problem, with Retry-After when it helps', async () => {
    const admission = await admit(deps({ slots: createSlots({ perAddress: 0, total: 9 }) }), request('/'));
    const text = admission.ok ? '' : refusalResponse(admission.error);
    expect(text).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/);
    expect(text).toContain('Retry-After: 5');
    expect(text).toContain('"code":"too_many_sockets"');
  });
});

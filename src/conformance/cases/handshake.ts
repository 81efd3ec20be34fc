import type { Case } from '../case.js';
import { check, checkEqual } from '../outcome.js';

/** 128 bits that no server has given out. */
const UNKNOWN_SESSION = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The handshake, as far as both profiles share it. */
export const handshakeCases: readonly Case[] = [
  {
    id: 'C01',
    profile: 'classic',
    section: '2.1',
    title: 'the session answer holds a sessionId and a websocketUrl without a query',
    rule: '`websocketUrl` never carries a query: clients append `?sessionId=` to it.',
    run: async (bench) => {
      const { sessionId, body } = await bench.openSession();
      check(/^[A-Za-z0-9_-]{22,}$/.test(sessionId), 'sessionId is not at least 22 characters of base64url');
      const url = new URL(String(body['websocketUrl']));
      check(url.protocol === 'ws:' || url.protocol === 'wss:', `websocketUrl begins with ${url.protocol}`);
      checkEqual(url.search, '', 'The query of websocketUrl');
    },
  },
  {
    id: 'C02',
    profile: 'classic',
    section: '3.1',
    title: 'without a subprotocol the handshake succeeds and none is selected',
    rule: 'A client that offers no subprotocol gets the classic profile, and the answer names no subprotocol.',
    run: async (bench) => {
      const peer = await bench.connect(await bench.openSession());
      checkEqual(peer.protocol, '', 'The selected subprotocol');
    },
  },
  {
    id: 'C03',
    profile: 'classic',
    section: '3.1',
    title: 'only unknown subprotocols are refused with 400',
    rule: 'A client that offers only subprotocols that the server does not speak is refused with HTTP 400.',
    run: async (bench) => {
      const { sessionId } = await bench.openSession();
      const answer = await bench.tryConnect(sessionId, { protocols: ['soap', 'chat.example'] });
      check(!answer.ok, 'The connection was opened');
      checkEqual(answer.status, 400, 'The status');
    },
  },
  {
    id: 'C04',
    profile: 'classic',
    section: '3.2',
    title: 'a session that does not exist is refused with 404',
    rule: 'A classic handshake for a session that is not known is refused with HTTP 404.',
    run: async (bench) => {
      const answer = await bench.tryConnect(UNKNOWN_SESSION);
      check(!answer.ok, 'The connection was opened');
      checkEqual(answer.status, 404, 'The status');
    },
  },
  {
    id: 'C05',
    profile: 'classic',
    section: '3.2',
    title: 'a page of a foreign origin is refused with 403',
    rule: 'A handshake whose `Origin` is not allowed is refused with HTTP 403 before the upgrade.',
    run: async (bench) => {
      const { sessionId } = await bench.openSession();
      const answer = await bench.tryConnect(sessionId, { origin: 'https://elsewhere.invalid' });
      check(!answer.ok, 'The connection was opened');
      checkEqual(answer.status, 403, 'The status');
    },
  },
  {
    id: 'C06',
    profile: 'classic',
    section: '3.1',
    title: 'compression is not negotiated',
    rule: 'The server never negotiates compression, whatever a client offers.',
    run: async (bench) => {
      const peer = await bench.connect(await bench.openSession(), { offerCompression: true });
      checkEqual(peer.headers['sec-websocket-extensions'] ?? null, null, 'Sec-WebSocket-Extensions');
    },
  },
];

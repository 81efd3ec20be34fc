import { V1_PROTOCOL } from '../../transport/protocol/position.js';
import type { Case } from '../case.js';
import { check, checkEqual } from '../outcome.js';
import { beginV1, checkErrorCode, checkV1Shape, connectV1, helloFrame, ofType, openV1, tokenOf } from './v1-kit.js';

const HELLO_DEADLINE_MS = 5000;
const SLACK_MS = 3000;

/** From discovery to `welcome`. */
export const v1HandshakeCases: readonly Case[] = [
  {
    id: 'V01',
    profile: 'v1',
    section: '2.1',
    title: 'the session answer announces the profile, a token, its expiry and the limits',
    rule: 'A server that speaks `leoma.chat.v1` adds `protocols`, `token`, `expiresAt` and `limits`.',
    run: async (bench) => {
      const { body } = await bench.openSession();
      check(
        Array.isArray(body['protocols']) && body['protocols'].includes(V1_PROTOCOL),
        'protocols lacks leoma.chat.v1',
      );
      check(typeof body['token'] === 'string' && body['token'].length >= 20, 'There is no token');
      check(Date.parse(String(body['expiresAt'])) > Date.now(), 'expiresAt does not lie ahead');
      check(typeof body['limits'] === 'object' && body['limits'] !== null, 'There are no limits');
    },
  },
  {
    id: 'V02',
    profile: 'v1',
    section: '3.1',
    title: 'leoma.chat.v1 is selected when it is offered',
    rule: 'A client that offers `leoma.chat.v1` gets the resumable profile, and the answer names exactly that.',
    run: async (bench) => {
      checkEqual((await connectV1(bench)).protocol, V1_PROTOCOL, 'The selected subprotocol');
    },
  },
  {
    id: 'V03',
    profile: 'v1',
    section: '3.1',
    title: 'leoma.chat.v1 is selected among unknown ones, wherever it stands',
    rule: 'Other subprotocols beside it are passed over, wherever they stand.',
    run: async (bench) => {
      const peer = await connectV1(bench, { protocols: ['leoma.chat.v9', 'soap', V1_PROTOCOL] });
      checkEqual(peer.protocol, V1_PROTOCOL, 'The selected subprotocol');
    },
  },
  {
    id: 'V04',
    profile: 'v1',
    section: '3.1',
    title: 'a token among the subprotocols is taken and never echoed',
    rule: 'The token may come as a second subprotocol `leoma.token.<token in base64url>`; the server never echoes it.',
    run: async (bench) => {
      const session = await bench.openSession();
      const offered = `leoma.token.${Buffer.from(tokenOf(session)).toString('base64url')}`;
      const peer = await connectV1(bench, { protocols: [V1_PROTOCOL, offered] });
      checkEqual(peer.protocol, V1_PROTOCOL, 'The selected subprotocol');
      peer.send({ type: 'hello', data: {} });
      const welcome = await peer.next('welcome', ofType('welcome'));
      checkEqual(welcome.data['sessionId'], session.sessionId, 'The session');
    },
  },
  {
    id: 'V05',
    profile: 'v1',
    section: '5.3',
    title: 'hello is answered with welcome, with everything that it must hold',
    rule: 'A good `hello` is answered with `welcome`, before any other frame.',
    run: async (bench) => {
      const { session, peer, welcome } = await beginV1(bench);
      checkV1Shape(welcome);
      check(peer.frames[0] === welcome, 'welcome is not the first frame');
      checkEqual(welcome.data['sessionId'], session.sessionId, 'The session');
      checkEqual(welcome.data['recovered'], true, 'recovered of a client that resumes nothing');
    },
  },
  {
    id: 'V06',
    profile: 'v1',
    section: '5.3',
    title: 'a first frame other than hello is answered with hello_required',
    rule: 'Any other frame before `hello` is answered with `hello_required` and otherwise ignored.',
    run: async (bench) => {
      const session = await bench.openSession();
      const peer = await connectV1(bench);
      peer.send({ type: 'message', id: 'early', data: { message: 'Hello', sessionId: session.sessionId } });
      checkErrorCode(await peer.next('An error', ofType('error')), 'hello_required');
      const talk = await openV1(bench, session);
      const said = talk.peer.frames.filter(({ type }) => type === 'message');
      checkEqual(said.length, 0, 'The number of recorded messages');
    },
  },
  {
    id: 'V07',
    profile: 'v1',
    section: '5.3',
    title: 'a connection without hello is closed with 4408 after 5 s, whatever else it sends',
    rule: 'A connection that has not said a good `hello` within 5 s is closed with 4408, whatever it sent meanwhile.',
    limitMs: HELLO_DEADLINE_MS + 2 * SLACK_MS,
    run: async (bench) => {
      const peer = await connectV1(bench);
      const from = performance.now();
      peer.send({ type: 'ping', data: {} });
      const { code } = await peer.closed(HELLO_DEADLINE_MS + SLACK_MS);
      checkEqual(code, 4408, 'The close code');
      check(performance.now() - from > 1000, 'It was closed at once');
    },
  },
  {
    id: 'V08',
    profile: 'v1',
    section: '5.3',
    title: 'a flood before hello is cut off with 4408',
    rule: 'More than 8 frames or 16 KiB before `hello` close it at once.',
    run: async (bench) => {
      const peer = await connectV1(bench);
      const from = performance.now();
      for (let sent = 0; sent < 50; sent += 1) peer.send({ type: 'ping', data: { t: sent } });
      checkEqual((await peer.closed(HELLO_DEADLINE_MS)).code, 4408, 'The close code');
      check(performance.now() - from < HELLO_DEADLINE_MS - 1000, 'It was only closed by the deadline');
    },
  },
  {
    id: 'V09',
    profile: 'v1',
    section: '5.3',
    title: 'a token that is not good is refused with 4401',
    rule: 'A token that is missing, forged or expired is refused with an `error` and close code 4401.',
    run: async (bench) => {
      const session = await bench.openSession();
      for (const token of ['', 'not-a-token', `${tokenOf(session).slice(0, -6)}AAAAAA`]) {
        const peer = await connectV1(bench);
        peer.send(helloFrame(session, { token }));
        checkEqual((await peer.closed()).code, 4401, 'The close code');
        check(!peer.frames.some(ofType('welcome')), 'The server said welcome');
      }
    },
  },
  {
    id: 'V10',
    profile: 'v1',
    section: '5.3',
    title: 'a second hello is refused with bad_frame',
    rule: 'A second `hello` is refused with `bad_frame`.',
    run: async (bench) => {
      const { session, peer } = await beginV1(bench);
      peer.send(helloFrame(session));
      checkErrorCode(await peer.next('An error', ofType('error')), 'bad_frame');
    },
  },
];

import type { Case } from '../case.js';
import { check, checkEqual, skipped } from '../outcome.js';
import type { Peer } from '../peer.js';
import {
  beginV1,
  checkAlive,
  checkErrorCode,
  checkV1Shape,
  durables,
  errorOf,
  messageFrame,
  ofType,
  ownFrame,
  roleIs,
} from './v1-kit.js';

const DEEP = 20_000;
const DEFAULT_FRAME_BYTES = 64 * 1024;

const nextError = (peer: Peer) => peer.next('An error', ofType('error'));

/** What is refused, and what ends a connection. */
export const v1AbuseCases: readonly Case[] = [
  {
    id: 'V50',
    profile: 'v1',
    section: '5.7',
    title: 'an unknown type is answered with unsupported_type, naming the frame',
    rule: 'A frame of an unknown `type` is answered with `unsupported_type`, and the connection stays open.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.send({ type: 'dance', id: 'd-1', data: {} });
      const error = await errorOf(peer, 'd-1');
      checkErrorCode(error, 'unsupported_type');
      checkV1Shape(error);
      await checkAlive(peer);
    },
  },
  {
    id: 'V51',
    profile: 'v1',
    section: '13',
    title: 'unknown keys are ignored',
    rule: 'Unknown keys in a frame are ignored, by servers and by clients.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frame = messageFrame('Hello');
      peer.send({ ...frame, colour: 'red', data: { ...frame.data, more: { a: [1] } } });
      await ownFrame(peer, frame.id);
    },
  },
  {
    id: 'V52',
    profile: 'v1',
    section: '5.7',
    title: 'text that is not JSON is refused with bad_json, and the fifth time closes with 4400',
    rule: 'Text that is not JSON is refused with `bad_json`; after five unreadable frames the connection is closed with 4400.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.sendText('{"type":');
      checkErrorCode(await nextError(peer), 'bad_json');
      await checkAlive(peer);
      for (let sent = 0; sent < 8 && peer.isOpen(); sent += 1) {
        peer.sendText('{"type":');
        await bench.pause(60);
      }
      checkEqual((await peer.closed()).code, 4400, 'The close code');
    },
  },
  {
    id: 'V53',
    profile: 'v1',
    section: '5.7',
    title: 'JSON that is nested too deeply closes with 4400',
    rule: 'JSON that is nested too deeply, and a binary frame, are refused with `bad_frame` and close code 4400 at once.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.sendText('['.repeat(DEEP));
      checkErrorCode(await nextError(peer), 'bad_frame');
      checkEqual((await peer.closed()).code, 4400, 'The close code');
    },
  },
  {
    id: 'V54',
    profile: 'v1',
    section: '5.7',
    title: 'a binary frame closes with 4400',
    rule: 'JSON that is nested too deeply, and a binary frame, are refused with `bad_frame` and close code 4400 at once.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.sendBinary(Buffer.from('{}'));
      checkEqual((await peer.closed()).code, 4400, 'The close code');
    },
  },
  {
    id: 'V55',
    profile: 'v1',
    section: '5.7',
    title: 'a frame over the announced size closes with 1009',
    rule: 'A frame over `limits.frameBytes` closes the connection with 1009.',
    run: async (bench) => {
      const { peer, welcome } = await beginV1(bench);
      const limits = welcome.data['limits'] as Readonly<Record<string, unknown>> | undefined;
      const limit = Number(limits?.['frameBytes'] ?? DEFAULT_FRAME_BYTES);
      if (limit > 2 ** 24) throw skipped('the limit is more than 16 MiB');
      peer.send(messageFrame('x'.repeat(limit)));
      checkEqual((await peer.closed()).code, 1009, 'The close code');
    },
  },
  {
    id: 'V56',
    profile: 'v1',
    section: '5.4',
    title: 'the id of another session is refused with session_mismatch',
    rule: 'A `sessionId` other than that of the token is refused with `session_mismatch`, and nothing is recorded.',
    run: async (bench) => {
      const other = await beginV1(bench);
      const { peer } = await beginV1(bench);
      const frame = messageFrame('In the name of somebody else');
      peer.send({ ...frame, data: { ...frame.data, sessionId: other.session.sessionId } });
      checkErrorCode(await errorOf(peer, frame.id), 'session_mismatch');
      await bench.pause(300);
      for (const each of [peer, other.peer])
        checkEqual(durables(each).filter(roleIs('citizen')).length, 0, 'The number of recorded messages');
    },
  },
  {
    id: 'V57',
    profile: 'v1',
    section: '5.4',
    title: 'a message without text and files is refused with message_empty',
    rule: 'A message without text and without files is refused with `message_empty`.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      const frame = messageFrame(' ');
      peer.send(frame);
      checkErrorCode(await errorOf(peer, frame.id), 'message_empty');
    },
  },
  {
    id: 'V58',
    profile: 'v1',
    section: '5.4',
    title: 'a message without an id is refused with bad_frame',
    rule: 'A message without an `id` is refused with `bad_frame`.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.send({ type: 'message', data: { message: 'Hello' } });
      checkErrorCode(await nextError(peer), 'bad_frame');
    },
  },
  {
    id: 'V59',
    profile: 'v1',
    section: '5.4',
    title: 'a message over the announced length is refused with message_too_long',
    rule: 'A text over `limits.messageChars` is refused with `message_too_long`.',
    run: async (bench) => {
      const { peer, welcome } = await beginV1(bench);
      const limits = (welcome.data['limits'] ?? {}) as Readonly<Record<string, unknown>>;
      const [chars, bytes] = [Number(limits['messageChars']), Number(limits['frameBytes'] ?? DEFAULT_FRAME_BYTES)];
      if (!(chars > 0 && chars + 1000 < bytes))
        throw skipped('the server announces no such limit, or a frame cannot hold it');
      const frame = messageFrame('x'.repeat(chars + 1));
      peer.send(frame);
      checkErrorCode(await errorOf(peer, frame.id), 'message_too_long');
    },
  },
  {
    id: 'V60',
    profile: 'v1',
    section: '5.7',
    title: 'error frames have their text at the top as well as in data',
    rule: 'An `error` frame repeats `data.error` at the top, as in the classic profile.',
    run: async (bench) => {
      const { peer } = await beginV1(bench);
      peer.send({ type: 'dance', id: 'd-2' });
      const error = await errorOf(peer, 'd-2');
      check(typeof error.error === 'string' && error.error !== '', 'There is no top-level error');
      checkEqual(error.error, error.data['error'], 'The top-level error');
    },
  },
];

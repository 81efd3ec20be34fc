import type { Case } from '../case.js';
import { check } from '../outcome.js';
import { documented, expectError, nextReply, openTalk, TINY_PNG } from './classic-kit.js';

/** What a classic client may send (rule L1), and what is refused. */
export const classicInboundCases: readonly Case[] = [
  {
    id: 'C10',
    profile: 'classic',
    section: '4.1',
    title: 'the documented shape is answered',
    rule: 'The documented shape is `{"type":"message","data":{"message":…,"sessionId":…,"media":[…]}}`.',
    run: async (bench) => {
      const { session, peer } = await openTalk(bench);
      peer.send(documented(session.sessionId, 'Hello'));
      const { data } = await nextReply(bench, peer);
      check(typeof data['message'] === 'string' && data['message'] !== '', 'The answer has no text');
    },
  },
  {
    id: 'C11',
    profile: 'classic',
    section: '4.1',
    title: 'the flat shape is answered',
    rule: 'The flat shape is `{"sessionId":…,"message":…,"media":[…]}`, without a `type`.',
    run: async (bench) => {
      const { session, peer } = await openTalk(bench);
      peer.send({ sessionId: session.sessionId, message: 'Hello', userName: 'A', userEmail: 'a@example.org' });
      await nextReply(bench, peer);
    },
  },
  {
    id: 'C12',
    profile: 'classic',
    section: '4.3',
    title: 'unknown keys are ignored',
    rule: 'L1. Both inbound shapes are accepted, with any additional keys.',
    run: async (bench) => {
      const { session, peer } = await openTalk(bench);
      const { sessionId } = session;
      peer.send({ type: 'message', more: { a: [1] }, data: { message: 'Hello', sessionId, colour: 'red' } });
      await nextReply(bench, peer);
    },
  },
  ...[null, undefined].map((sessionId, index): Case => ({
    id: `C1${3 + index}`,
    profile: 'classic',
    section: '4.3',
    title: sessionId === null ? 'sessionId null means the socket’s own' : 'a missing sessionId means the socket’s own',
    rule: 'A `sessionId` that is null, empty or missing means the session of the socket.',
    run: async (bench) => {
      const { peer } = await openTalk(bench);
      peer.send({ type: 'message', data: { message: 'Hello', sessionId } });
      await nextReply(bench, peer);
    },
  })),
  {
    id: 'C15',
    profile: 'classic',
    section: '4.3',
    title: 'a file as a data URL with an empty text is taken',
    rule: 'A `data:` prefix in `media[].data` is tolerated, and so is an empty text beside files.',
    run: async (bench) => {
      const { session, peer } = await openTalk(bench);
      const size = Buffer.from(TINY_PNG, 'base64').length;
      const media = [{ name: 'dot.png', type: 'image/png', size, data: `data:image/png;base64,${TINY_PNG}` }];
      peer.send({ type: 'message', data: { message: '', sessionId: session.sessionId, media } });
      const answer = await peer.next(
        'An answer to the file',
        ({ type }) => type === 'message' || type === 'error',
        bench.replyMs,
      );
      check(answer.type === 'message', `The file was refused: ${String(answer.data['code'])}`);
    },
  },
  {
    id: 'C16',
    profile: 'classic',
    section: '4.4',
    title: 'a message without text and files is refused with message_empty',
    rule: 'A message without text and without files is refused with `message_empty`; the connection stays open.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      talk.peer.send(documented(talk.session.sessionId, '  '));
      await expectError(bench, talk, 'message_empty');
    },
  },
  {
    id: 'C17',
    profile: 'classic',
    section: '4.4',
    title: 'text that is not JSON is refused with bad_json',
    rule: 'Text that is not JSON is refused with `bad_json`; the connection stays open.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      talk.peer.sendText('{"type":"message",');
      await expectError(bench, talk, 'bad_json');
    },
  },
  {
    id: 'C18',
    profile: 'classic',
    section: '4.4',
    title: 'an unknown type is refused with unsupported_type',
    rule: 'A frame of an unknown `type` is answered with `unsupported_type`; the connection stays open.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      talk.peer.send({ type: 'dance', data: {} });
      await expectError(bench, talk, 'unsupported_type');
    },
  },
  {
    id: 'C19',
    profile: 'classic',
    section: '4.4',
    title: 'a binary frame is refused with bad_frame',
    rule: 'A binary frame, or JSON of another form, is refused with `bad_frame`; the connection stays open.',
    run: async (bench) => {
      const talk = await openTalk(bench);
      talk.peer.sendBinary(Buffer.from('{}'));
      await expectError(bench, talk, 'bad_frame');
    },
  },
  {
    id: 'C20',
    profile: 'classic',
    section: '4.4',
    title: 'the id of another session is refused with session_mismatch',
    rule: 'A `sessionId` other than that of the socket is refused with `session_mismatch`, and nothing is recorded.',
    run: async (bench) => {
      const other = await openTalk(bench);
      const talk = await openTalk(bench);
      talk.peer.send(documented(other.session.sessionId, 'In the name of somebody else'));
      await expectError(bench, talk, 'session_mismatch');
      await bench.pause(300);
      check(other.peer.frames.length === 0, 'The other session received something');
    },
  },
];

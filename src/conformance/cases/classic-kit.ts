import { classicServerFrameSchema } from '../../transport/protocol/classic-frames.js';
import type { Bench, SessionInfo } from '../case.js';
import { check, failed } from '../outcome.js';
import type { AnyFrame, Peer } from '../peer.js';
import { wrongnessOf } from '../shape.js';

export const isMessage = (frame: AnyFrame): boolean => frame.type === 'message';
export const isError = (frame: AnyFrame): boolean => frame.type === 'error';

export interface ClassicTalk {
  readonly session: SessionInfo;
  readonly peer: Peer;
}

/** A session of its own with one socket, as a classic client has it. */
export const openTalk = async (bench: Bench): Promise<ClassicTalk> => {
  const session = await bench.openSession();
  return { session, peer: await bench.connect(session) };
};

/** A text in the documented shape. */
export const documented = (sessionId: string, message: string) => ({ type: 'message', data: { message, sessionId } });

export const nextReply = (bench: Bench, peer: Peer): Promise<AnyFrame> =>
  peer.next('An answer (a frame of type "message")', isMessage, bench.replyMs);

export const nextError = (peer: Peer): Promise<AnyFrame> => peer.next('An error frame', isError);

/** Says something and gives the answer. */
export const say = (bench: Bench, { session, peer }: ClassicTalk, text: string): Promise<AnyFrame> => {
  peer.send(documented(session.sessionId, text));
  return nextReply(bench, peer);
};

/** Fails unless the error has this code and the socket is still usable. */
export const expectError = async (bench: Bench, talk: ClassicTalk, code: string): Promise<AnyFrame> => {
  const error = await nextError(talk.peer);
  checkCode(error, code);
  await say(bench, talk, 'Hello, are you still there?');
  return error;
};

export const checkCode = (error: AnyFrame, code: string): void => {
  check(error.data['code'] === code, `The error has the code ${String(error.data['code'])}, expected ${code}`);
};

/** Fails when a frame is not one of the classic profile. Additional keys in `data` are allowed. */
export const checkClassicShape = (frame: AnyFrame): void => {
  const wrong = wrongnessOf(classicServerFrameSchema, frame.raw);
  if (wrong !== null) throw failed(`A frame of type ${String(frame.type)} is not as documented: ${wrong}`);
};

/** The smallest picture: one grey pixel. */
export const TINY_PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

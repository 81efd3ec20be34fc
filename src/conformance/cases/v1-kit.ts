import { randomUUID } from 'node:crypto';
import { V1_PROTOCOL } from '../../transport/protocol/position.js';
import { v1ServerFrameSchema } from '../../transport/protocol/v1-server-frames.js';
import type { Bench, SessionInfo } from '../case.js';
import { check, checkEqual, failed } from '../outcome.js';
import type { AnyFrame, ConnectOptions, Peer } from '../peer.js';
import { wrongnessOf } from '../shape.js';

export interface V1Talk {
  readonly session: SessionInfo;
  readonly peer: Peer;
  readonly welcome: AnyFrame;
}

export interface HelloOptions {
  /** Position to resume from. Default: none. */
  readonly resume?: string | undefined;
  readonly want?: readonly string[];
  readonly token?: string;
}

export const tokenOf = ({ body }: SessionInfo): string => {
  const token = body['token'];
  if (typeof token !== 'string') throw failed('The session answer has no token');
  return token;
};

/** A connection of the profile that has said nothing yet. */
export const connectV1 = (bench: Bench, options: ConnectOptions = {}): Promise<Peer> =>
  bench.connect(null, { protocols: [V1_PROTOCOL], ...options });

export const helloFrame = (session: SessionInfo, { resume, want = [], token }: HelloOptions = {}) => ({
  type: 'hello',
  data: {
    token: token ?? tokenOf(session),
    resume: resume === undefined ? null : { position: resume },
    client: { name: 'citizen-conformance', version: '1' },
    want,
  },
});

export const ofType =
  (type: string) =>
  (frame: AnyFrame): boolean =>
    frame.type === type;

/** Frames that the log holds: those with a position, in the order in which they came. */
export const durables = (peer: Peer): readonly AnyFrame[] =>
  peer.frames.filter(({ type, position }) => position !== undefined && type !== 'welcome');

/** Says hello on a new connection; gives `welcome`, and waits until the replay that it announces is there. */
export const openV1 = async (bench: Bench, session: SessionInfo, options: HelloOptions = {}): Promise<V1Talk> => {
  const peer = await connectV1(bench);
  peer.send(helloFrame(session, options));
  const welcome = await peer.next('welcome', ofType('welcome'));
  const replay = welcome.data['replay'];
  if (typeof replay !== 'number') throw failed('welcome has no number of frames to replay');
  if (replay > 0) await peer.seek(`The last of ${replay} replayed frames`, () => durables(peer).length >= replay);
  return { session, peer, welcome };
};

/** A new session with one connection. */
export const beginV1 = async (bench: Bench, options: HelloOptions = {}): Promise<V1Talk> =>
  openV1(bench, await bench.openSession(), options);

export const messageFrame = (text: string, id: string = randomUUID()) => ({
  type: 'message',
  id,
  data: { message: text },
});

export const ackOf = (peer: Peer, id: string): Promise<AnyFrame> =>
  peer.seek(`The ack of ${id}`, (frame) => frame.type === 'ack' && frame.id === id);

export const errorOf = (peer: Peer, id: string): Promise<AnyFrame> =>
  peer.seek(`The error for ${id}`, (frame) => frame.type === 'error' && frame.id === id);

/** The durable frame of the message that was sent under this id. */
export const ownFrame = (peer: Peer, id: string): Promise<AnyFrame> =>
  peer.seek(
    `The message frame with clientId ${id}`,
    ({ type, data }) => type === 'message' && data['role'] === 'citizen' && data['clientId'] === id,
  );

export const roleIs =
  (role: string) =>
  ({ type, data }: AnyFrame): boolean =>
    type === 'message' && data['role'] === role;

/** Says something, and waits for its ack, its own frame and the assistant's answer. */
export const sayV1 = async (bench: Bench, { peer }: V1Talk, text: string): Promise<AnyFrame> => {
  const frame = messageFrame(text);
  const before = durables(peer).filter(roleIs('agent')).length;
  peer.send(frame);
  await ackOf(peer, frame.id);
  await ownFrame(peer, frame.id);
  const answers = (): readonly AnyFrame[] => durables(peer).filter(roleIs('agent'));
  await peer.seek('An answer of the assistant', () => answers().length > before, bench.replyMs);
  return answers().at(-1) as AnyFrame;
};

/** Fails unless every frame is chained to the one before it. `after` is the position before the first; null: none. */
export const checkChain = (frames: readonly AnyFrame[], after: unknown): void => {
  let before = after;
  for (const { type, position, prev } of frames) {
    check(typeof position === 'string', `A ${String(type)} frame has no position`);
    checkEqual(prev, before, `prev of the ${String(type)} frame at ${position}`);
    before = position;
  }
};

/** Fails when a frame is not one of the profile. Additional keys are allowed. */
export const checkV1Shape = (frame: AnyFrame): void => {
  const wrong = wrongnessOf(v1ServerFrameSchema, frame.raw);
  if (wrong !== null) throw failed(`A frame of type ${String(frame.type)} is not as documented: ${wrong}`);
};

export const checkErrorCode = ({ data }: AnyFrame, code: string): void => {
  checkEqual(data['code'], code, 'The error code');
};

/** Fails unless the connection still answers. */
export const checkAlive = async (peer: Peer): Promise<void> => {
  const t = Math.round(performance.now() * 1000);
  peer.send({ type: 'ping', data: { t } });
  await peer.seek('pong', (frame) => frame.type === 'pong' && frame.data['t'] === t);
};

export const positionOf = (frame: AnyFrame | undefined): string => {
  if (typeof frame?.position !== 'string') throw failed('A frame has no position');
  return frame.position;
};

/** Fails unless both are the very same frames. */
export const checkSameFrames = (actual: readonly AnyFrame[], expected: readonly AnyFrame[], what: string): void => {
  checkEqual(
    actual.map(({ position }) => position),
    expected.map(({ position }) => position),
    `The positions of ${what}`,
  );
  for (const [index, { raw }] of expected.entries()) checkEqual(actual[index]?.raw, raw, `A frame of ${what}`);
};

export { createCitizenClient, type CitizenClient, type ClientOptions } from './client.js';
export {
  closeAction,
  closeActions,
  type CloseAction,
  type ErrorCode,
  type LocalErrorCode,
  type ServerErrorCode,
} from './codes.js';
export type { Environment, SocketConstructor, SocketLike, StorageLike, Surroundings } from './environment.js';
export {
  PROTOCOL,
  type ClientFrame,
  type FrameData,
  type Limits,
  type Media,
  type MediaInfo,
  type QuickReply,
  type ReconnectPolicy,
  type Role,
  type ServerFrame,
} from './frames.js';
export type {
  ChatMessage,
  ClientEvents,
  HistoryPage,
  MessageState,
  Phase,
  StreamingReply,
  Transport,
} from './machine/types.js';
export { emptySnapshot, type Snapshot } from './snapshot.js';
export { CitizenError, type ClientError } from './errors.js';
export type { Uploaded, UploadOptions } from './upload.js';

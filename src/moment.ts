import type { Responder } from './agent/responder.js';
import { createLocalBroadcast, type Broadcast } from './events/broadcast.js';
import { createPostgresBroadcast } from './events/postgres/broadcast.js';
import { followTurns, type FollowedTurns } from './follow-turns.js';
import type { Config } from './platform/config.js';
import type { Logger } from './platform/logging.js';
import { deriveKey } from './platform/secrets.js';
import type { Storage } from './storage.js';
import { createRunningReplies, type RunningReplies } from './transport/running-replies.js';
import { shareReplies } from './transport/shared-replies.js';

/** What goes on at this moment: replies that are being written, here and in other processes over the same database. */
export interface TheMoment {
  readonly replies: RunningReplies;
  readonly listeners: FollowedTurns['listeners'];
  /** Stops a reply wherever it is written. False: it is not being written any more. */
  cancel(sessionId: string, replyId: string): boolean;
  stop(): Promise<void>;
}

const openBroadcast = (config: Config, { pool, log, masterKey }: Storage, logger: Logger): Broadcast => {
  // Over an embedded PostgreSQL there is one server only.
  if (config.databaseUrl === undefined || !config.shareReplies) return createLocalBroadcast().join();
  return createPostgresBroadcast({
    ...{ pool, logId: log.logId, key: deriveKey(masterKey, 'broadcast') },
    debug: (error, message) =>
      logger.debug({ err: { message: error instanceof Error ? error.message : 'unknown' } }, message),
  });
};

/** @param responder the one of this process, once there is one */
export const createMoment = (
  config: Config,
  storage: Storage,
  logger: Logger,
  responder: () => Responder | undefined,
): TheMoment => {
  const replies = createRunningReplies();
  const broadcast = openBroadcast(config, storage, logger);
  const cancelHere = (sessionId: string, replyId: string): boolean => turns.cancel(responder(), sessionId, replyId);
  const shared = shareReplies({
    ...{ replies, broadcast, now: () => performance.now() },
    cancelHere: (sessionId, replyId) => void cancelHere(sessionId, replyId),
  });
  const turns = followTurns(shared);
  return {
    replies,
    listeners: (onTurn) => turns.listeners(onTurn),
    cancel: (sessionId, replyId) => cancelHere(sessionId, replyId) || shared.cancelElsewhere(sessionId, replyId),
    stop: async () => {
      shared.stop();
      await broadcast.stop();
    },
  };
};

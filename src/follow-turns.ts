import type { Responder, ResponderOptions, TurnEvent } from './agent/responder.js';
import { replyIdOf } from './commands/command-handler.js';
import type { ReplyEnd, RunningReplies } from './transport/running-replies.js';

const ends: Readonly<Record<Exclude<TurnEvent['phase'], 'started'>, ReplyEnd>> = {
  finished: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
  put_off: 'put_off',
};

/** What the responder is to tell, so that connected clients see a reply while it is written; and the way to stop it. */
export interface FollowedTurns {
  listeners(onTurn: (event: TurnEvent) => void): Pick<ResponderOptions, 'onTurn' | 'onDelta' | 'onAttempt'>;
  cancel(responder: Responder | undefined, sessionId: string, replyId: string): boolean;
}

/** Joins the responder, which knows messages, and transport, which shows replies: the id of a reply follows from its message's. */
export const followTurns = (replies: Pick<RunningReplies, 'started' | 'begun' | 'wrote' | 'ended'>): FollowedTurns => {
  /** By session: the message that is being answered. */
  const answering = new Map<string, string>();
  return {
    listeners: (onTurn) => ({
      onTurn: (event) => {
        onTurn(event);
        const { sessionId, messageId, phase } = event;
        if (phase === 'started') {
          answering.set(sessionId, messageId);
          replies.started(sessionId, replyIdOf(messageId));
        } else {
          answering.delete(sessionId);
          replies.ended(sessionId, replyIdOf(messageId), ends[phase]);
        }
      },
      onAttempt: (sessionId, messageId) => replies.begun(sessionId, replyIdOf(messageId)),
      onDelta: (sessionId, messageId, text) => replies.wrote(sessionId, replyIdOf(messageId), text),
    }),
    cancel: (responder, sessionId, replyId) => {
      const messageId = answering.get(sessionId);
      if (responder === undefined || messageId === undefined || replyIdOf(messageId) !== replyId) return false;
      return responder.cancel(sessionId, messageId);
    },
  };
};

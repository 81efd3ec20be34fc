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
  /** By session: the message that is being answered, and the id of its reply. It is a hash, and asked for with every piece. */
  const answering = new Map<string, { readonly messageId: string; readonly replyId: string }>();
  const replyTo = (sessionId: string, messageId: string): string => {
    const known = answering.get(sessionId);
    return known?.messageId === messageId ? known.replyId : replyIdOf(messageId);
  };
  return {
    listeners: (onTurn) => ({
      onTurn: (event) => {
        onTurn(event);
        const { sessionId, messageId, phase } = event;
        const replyId = replyTo(sessionId, messageId);
        if (phase === 'started') {
          answering.set(sessionId, { messageId, replyId });
          replies.started(sessionId, replyId);
        } else {
          answering.delete(sessionId);
          replies.ended(sessionId, replyId, ends[phase]);
        }
      },
      onAttempt: (sessionId, messageId) => replies.begun(sessionId, replyTo(sessionId, messageId)),
      onDelta: (sessionId, messageId, text) => replies.wrote(sessionId, replyTo(sessionId, messageId), text),
    }),
    cancel: (responder, sessionId, replyId) => {
      const turn = answering.get(sessionId);
      if (responder === undefined || turn?.replyId !== replyId) return false;
      return responder.cancel(sessionId, turn.messageId);
    },
  };
};

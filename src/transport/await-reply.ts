import { ERASED } from '../events/personal.js';
import type { Hub } from './hub.js';
import { emptyView, viewAfter, type SessionView } from './session-view.js';

export type ReplyOutcome =
  | {
      readonly kind: 'replied';
      readonly text: string;
      readonly quickReplies: readonly { readonly label: string; readonly send: string }[];
      /** The session with this reply. */
      readonly view: SessionView;
      readonly revision: number;
    }
  /** The assistant gave up. */
  | { readonly kind: 'failed' }
  /** No answer in time, or an officer has the conversation and answers when they can. */
  | { readonly kind: 'pending' };

/**
 * Waits until one message is answered, at most `timeoutMs`.
 * @throws whatever made the session's events unreadable
 */
export const awaitReply = (
  hub: Pick<Hub, 'join'>,
  {
    sessionId,
    messageId,
    timeoutMs,
  }: { readonly sessionId: string; readonly messageId: string; readonly timeoutMs: number },
): Promise<ReplyOutcome> =>
  new Promise((resolve, reject) => {
    let view = emptyView;
    let isLive = false;
    let leave = (): void => undefined;
    const end = (outcome: ReplyOutcome): void => {
      clearTimeout(timer);
      leave();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ kind: 'pending' }), timeoutMs);
    leave = hub.join(sessionId, {
      afterRevision: -1,
      onEvents: (events) => {
        for (const event of events) {
          view = viewAfter(view, event);
          if (event.type === 'TurnFailed' && event.data.answers === messageId) {
            end({ kind: 'failed' });
            return;
          }
          if (event.type !== 'AgentReplied' || event.data.answers !== messageId) continue;
          const { text, onceText, quickReplies } = event.data;
          const whole = onceText === undefined || onceText === ERASED ? text : `${text}\n\n${onceText}`;
          end({ kind: 'replied', text: whole, quickReplies, view, revision: event.meta.revision });
          return;
        }
        if (isLive && view.officerJoined) end({ kind: 'pending' });
      },
      onCaughtUp: () => {
        isLive = true;
        if (view.officerJoined) end({ kind: 'pending' });
      },
      onFailed: (error) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error('The events of the session could not be read'));
      },
    });
  });

import type { ReplyNews } from '../running-replies.js';
import { send } from './v1-effects.js';
import type { Moment, V1Effect, V1State, V1Step } from './v1-types.js';

// What is only of the moment: who types, and the text of a reply as it is being written. Never replayed; left out or
// gathered while the client reads slowly (protocol.md table, rows 6, 9 and 10).

/** Beyond this a client is slow: typing is left out, text waits until there is room. */
export const SOFT_BUFFER_BYTES = 64 * 1024;
/** How soon text that had to wait is tried again, in ms. */
export const COALESCE_MS = 50;

const isSlow = ({ bufferedBytes }: Moment): boolean => bufferedBytes > SOFT_BUFFER_BYTES;

/** Tells whether the assistant is at work, when that is news. It follows from the log, so it is right in every process. */
export const showTyping = (state: V1State, moment: Moment): V1Step => {
  const { pending, officerJoined } = state.fold.view;
  const isTyping = pending.length > 0 && !officerJoined;
  if (isTyping === state.typingShown || isSlow(moment)) return [state, []];
  return [{ ...state, typingShown: isTyping }, [send({ type: 'typing', data: { isTyping, who: 'agent' } })]];
};

/** Sends what there is of the running reply and was not sent yet. */
export const showRunning = (state: V1State, moment: Moment): V1Step => {
  const { running } = state;
  if (running === null || !state.wantsDelta || running.sent === running.text.length) return [state, []];
  if (isSlow(moment)) return [state, [{ type: 'delta', outcome: 'coalesced' }]];
  const { replyId, sent: offset, text } = running;
  const effects: readonly V1Effect[] = [
    send({ type: 'delta', data: { replyId, offset, text: text.slice(offset) } }),
    { type: 'delta', outcome: 'sent' },
  ];
  return [{ ...state, running: { ...running, sent: text.length }, unconfirmed: state.unconfirmed + 1 }, effects];
};

/** Text waits for the client to read: time of the next try, or Infinity. */
export const runningDue = ({ running, wantsDelta, phase }: V1State, now: number): number =>
  phase === 'live' && wantsDelta && running !== null && running.sent < running.text.length
    ? now + COALESCE_MS
    : Infinity;

const endOf = (how: Extract<ReplyNews, { kind: 'ended' }>['how']) =>
  how === 'finished' ? ({ phase: 'finished' } as const) : ({ phase: 'aborted', reason: how } as const);

/** News of the running reply. Before `welcome` they are only remembered. */
export const onReply = (state: V1State, news: ReplyNews, moment: Moment): V1Step => {
  const { replyId } = news;
  const isLive = state.phase === 'live';
  if (news.kind !== 'ended' && replyId === state.said) return [state, []];
  switch (news.kind) {
    case 'started': {
      const next = { ...state, running: { replyId, text: '', sent: 0 } };
      return [next, isLive ? [send({ type: 'reply', data: { replyId, phase: 'started' } })] : []];
    }
    case 'text': {
      const known = state.running?.replyId === replyId ? state.running.sent : 0;
      const next = { ...state, running: { replyId, text: news.text, sent: known } };
      return isLive ? showRunning(next, moment) : [next, []];
    }
    case 'ended': {
      const next = { ...state, running: null };
      return [next, isLive ? [send({ type: 'reply', data: { replyId, ...endOf(news.how) } })] : []];
    }
  }
};

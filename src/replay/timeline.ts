import { isUpTo, parseMoment, type Moment } from '../projections/as-of.js';
import type { Story, StoryEvent } from './collect.js';

/** One step of the timeline. */
export interface Step extends StoryEvent {
  /** From 0. */
  readonly index: number;
  /** Number of the turn that it belongs to, from 0. Turns may overlap: a second message can come before the first is answered. */
  readonly turn: number;
}

export type TurnKind = 'opening' | 'message' | 'office' | 'elsewhere';

/** What belongs together: one message of the citizen with all that it led to, or a piece of the office's own work. */
export interface Turn {
  readonly index: number;
  readonly kind: TurnKind;
}

export interface Timeline {
  readonly steps: readonly Step[];
  readonly turns: readonly Turn[];
}

/** Message that an event belongs to, or undefined. Files stand before the message that names them, in the same append. */
function messageOf(events: readonly StoryEvent[], at: number, messages: ReadonlySet<string>): string | undefined {
  const { event, place } = events[at] ?? {};
  if (event === undefined || place !== 'session') return undefined;
  if (event.type === 'UserMessageReceived') return event.meta.id;
  if (event.type === 'AgentReplied' || event.type === 'TurnFailed') return event.data.answers;
  if (event.type === 'EvidenceUploaded') {
    const { evidenceId } = event.data;
    const later = events
      .slice(at)
      .find((next) => next.event.type === 'UserMessageReceived' && next.event.data.evidenceIds.includes(evidenceId));
    return later?.event.meta.id;
  }
  const cause = event.meta.causationId;
  return cause !== undefined && messages.has(cause) ? cause : undefined;
}

const kindOf = ({ place, event }: StoryEvent): TurnKind => {
  if (place === 'elsewhere') return 'elsewhere';
  if (place === 'session') return event.meta.actor.kind === 'citizen' ? 'opening' : 'office';
  return 'office';
};

/**
 * Puts the events of a story into turns. The steps keep the order of the log, whatever turn they belong to. An event without a
 * message of its own goes on with the turn before it when both are the citizen's or the assistant's (imported conversations name no
 * causes), or when both are of the same kind.
 */
export function timelineOf({ events }: Pick<Story, 'events'>): Timeline {
  const messages = new Set(
    events.flatMap(({ event }) => (event.type === 'UserMessageReceived' ? [event.meta.id] : [])),
  );
  const turns: Turn[] = [];
  const ofMessage = new Map<string, number>();
  const begin = (kind: TurnKind): number => turns.push({ index: turns.length, kind }) - 1;
  const steps: Step[] = [];
  for (const [index, story] of events.entries()) {
    const message = messageOf(events, index, messages);
    const last = steps.at(-1)?.turn;
    const kind = kindOf(story);
    let turn: number;
    if (message !== undefined) {
      turn = ofMessage.get(message) ?? begin('message');
      ofMessage.set(message, turn);
    } else if (last !== undefined && (turns[last]?.kind === kind || goesOn(story, turns[last]?.kind))) turn = last;
    else turn = begin(kind);
    steps.push({ ...story, index, turn });
  }
  return { steps, turns };
}

/** What the assistant did in the conversation belongs to the message before it, whether it says so or not; so does the number. */
const goesOn = ({ place, event }: StoryEvent, before: TurnKind | undefined): boolean =>
  before === 'message' && (place === 'tracking' || (place === 'session' && event.meta.actor.kind === 'agent'));

/** The last step at a moment, or undefined when the story had not begun. */
export const stepAt = (steps: readonly Step[], moment: Moment): Step | undefined =>
  steps.findLast(({ event }) => isUpTo(moment, event.meta));

/**
 * The step that a person means: `#12` the twelfth, `4711` the last one up to that position of the log, or the last one up to a
 * time (ISO 8601).
 * @returns the index; `before` when the story had not begun by then; undefined when the text means nothing of that
 */
export function findStep(steps: readonly Step[], text: string): number | 'before' | undefined {
  const [, number] = /^#(\d{1,6})$/.exec(text) ?? [];
  if (number !== undefined) return steps[Number(number) - 1]?.index;
  const moment = parseMoment(text);
  return moment && (stepAt(steps, moment)?.index ?? 'before');
}

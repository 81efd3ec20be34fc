import { sessionIdOf } from '../events/catalogue/index.js';
import type { Projection } from '../projections/projection.js';
import { entriesOf, type TranscriptEntry } from '../projections/queries/transcript.js';
import { transcript, type TranscriptRow } from '../projections/read-models/transcript.js';
import type { Skip } from '../projections/skips.js';
import type { Story } from './collect.js';
import { differences, type Change } from './diff.js';
import { createStepFolder, type Snapshot } from './fold-steps.js';
import { gistOf } from './gist.js';
import { show, type Reader, type Shown } from './masking.js';
import { timelineOf, type Step, type Timeline, type TurnKind } from './timeline.js';

/** One line of the list of steps. */
export interface StepLine {
  readonly index: number;
  readonly turn: number;
  readonly turnKind: TurnKind;
  readonly position: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly type: string;
  readonly gist: string;
  /** Read models that leave this event out. */
  readonly skippedBy: readonly SkippedBy[];
  /** The conversation or the case came into another state, or something went wrong. */
  readonly mark: 'state' | 'trouble' | 'none';
}

/** What the citizen saw up to a step: one line of the conversation. */
export interface SawLine {
  readonly at: string;
  readonly role: TranscriptEntry['role'];
  readonly text: string;
  readonly files: readonly string[];
  readonly choices: readonly string[];
  readonly state: string;
}

/** A moment of the story: after one step. */
export interface StepView extends StepLine {
  /** The event as it stands in the log, with all that the log keeps about it. */
  readonly event: Shown;
  readonly saw: readonly SawLine[];
  readonly readModels: readonly {
    readonly name: string;
    readonly rows: readonly Shown[];
    /** Number of the step whose event it could not apply, now or before; the rows are older than this step. */
    readonly stoppedAt?: number;
  }[];
  /** What this step changed in the read models. */
  readonly changes: readonly Change[];
}

/** A read model that leaves out the event of a step, by decision of a person. */
export interface SkippedBy {
  readonly readModel: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** A story that can be looked at step by step. */
export interface Replay {
  readonly timeline: Timeline;
  readonly lines: readonly StepLine[];
  readonly masked: boolean;
  view(index: number): Promise<StepView>;
  /** What differs in the read models between two steps; -1: before the first. */
  compare(from: number, to: number): Promise<readonly Change[]>;
}

const troubles: ReadonlySet<string> = new Set(['TurnFailed', 'HumanRequested', 'Unknown', 'SessionRevoked']);
const stateChanges: ReadonlySet<string> = new Set([
  'SessionStateChanged',
  'CaseMoved',
  'CaseOpened',
  'ComplaintSubmitted',
]);

const markOf = (step: Step, skippedBy: readonly SkippedBy[]): StepLine['mark'] => {
  if (troubles.has(step.event.type) || skippedBy.length > 0) return 'trouble';
  return stateChanges.has(step.event.type) ? 'state' : 'none';
};

async function rawEvent({ event, recorded, place }: Step, data: Shown, seen: (value: unknown) => Promise<Shown>) {
  const { payload: _sealed, ...meta } = recorded;
  const { actor, stream, revision, position, id, type, schemaVersion, ...rest } = (await seen(meta)) as Record<
    string,
    Shown
  >;
  const known = event.type === 'Unknown' ? null : data;
  return { position, type, schemaVersion, stream, revision, id, actor, ...rest, place, data: known } as Shown;
}

/** A line of the conversation as it is told; a notice without words has its name instead. */
const sawOf = ({ at, role, text, notice, evidence, quickReplies, state }: TranscriptEntry): SawLine => ({
  at,
  role,
  text: text === '' && notice !== null ? `(${notice.replaceAll('_', ' ')})` : text,
  files: evidence.map(({ name, mimeType }) => `${name} (${mimeType})`),
  choices: quickReplies.map(({ label }) => label),
  state,
});

/**
 * Makes a story ready for looking at. Every personal text goes through `reader`; nothing else decides what is masked.
 * @param projections whose rows are folded along; `transcript` among them gives what the citizen saw
 * @param skips events that they leave out
 */
export async function createReplay(
  story: Story,
  {
    reader,
    projections,
    skips = [],
  }: { readonly reader: Reader; readonly projections: readonly Projection[]; readonly skips?: readonly Skip[] },
): Promise<Replay> {
  const timeline = timelineOf(story);
  const { steps, turns } = timeline;
  const folder = createStepFolder(steps, projections, skips);
  const sessionIds = [
    ...new Set(steps.flatMap(({ event }) => sessionIdOf(event.meta.stream) ?? []).concat(story.sessionId)),
  ];
  const seen = (value: unknown): Promise<Shown> => show(value, reader, sessionIds);

  const lineOf = async (step: Step): Promise<StepLine> => {
    const { event, recorded, index, turn } = step;
    const data = await seen(event.data);
    const skippedBy = skips
      .filter(({ position }) => position === recorded.position)
      .map(({ projection: readModel, at, by, reason }) => ({ readModel, at, by, reason }));
    return {
      ...{ index, turn, turnKind: turns[turn]?.kind ?? 'opening', position: recorded.position.toString() },
      ...{
        recordedAt: recorded.recordedAt,
        type: recorded.type,
        mark: markOf(step, skippedBy),
        gist: gistOf(event.type, data),
      },
      skippedBy,
      actor: recorded.actor.id === undefined ? recorded.actor.kind : `${recorded.actor.kind} ${recorded.actor.id}`,
    };
  };
  const lines = await Promise.all(steps.map(lineOf));

  const sawIn = async (snapshot: Snapshot): Promise<readonly SawLine[]> => {
    const rows = (snapshot.get(transcript) ?? []) as readonly TranscriptRow[];
    return (await entriesOf(reader, rows)).map(sawOf);
  };
  const rowsIn = (snapshot: Snapshot, index: number) =>
    Promise.all(
      [...snapshot].map(async ([{ name }, rows]) => {
        const stop = folder.stopOf(name) ?? Infinity;
        return { name, rows: await Promise.all(rows.map(seen)), ...(stop <= index ? { stoppedAt: stop + 1 } : {}) };
      }),
    );
  const compare = async (from: number, to: number): Promise<readonly Change[]> =>
    differences(await folder.at(from), await folder.at(to), reader, sessionIds);

  return {
    timeline,
    lines,
    masked: reader.masked,
    compare,
    async view(index) {
      const [step, line] = [steps[index], lines[index]];
      if (step === undefined || line === undefined) throw new RangeError(`There is no step ${index}`);
      // In this order, so that the fold goes forwards once.
      const changes = await compare(index - 1, index);
      const snapshot = await folder.at(index);
      const event = await rawEvent(step, await seen(step.event.data), seen);
      return { ...line, event, saw: await sawIn(snapshot), readModels: await rowsIn(snapshot, index), changes };
    },
  };
}

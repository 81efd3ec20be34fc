import type { Codec } from '../../events/event-log.js';
import { ERASED } from '../../events/personal.js';
import type { SessionStateName } from '../../events/catalogue/session.js';
import { transcript, type TranscriptRow } from '../read-models/transcript.js';
import { openField, readRows, type Database } from './rows.js';

/** One line of what the citizen saw, with its texts opened. */
export interface TranscriptEntry {
  /** Place in the session's stream: the order of lines, and where to read on from. */
  readonly revision: number;
  /** Place in the whole log. */
  readonly position: bigint;
  readonly role: 'citizen' | 'agent' | 'officer' | 'system';
  /** Empty for a `system` line with a notice. `ERASED` when its key was destroyed. */
  readonly text: string;
  /** What was shown once, while it can still be opened; else null. */
  readonly onceText: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** Id of the event; for a citizen's line the id that replies answer. */
  readonly messageId: string;
  readonly replyTo: string | null;
  readonly quickReplies: readonly { readonly label: string; readonly send: string }[];
  readonly evidence: readonly {
    readonly evidenceId: string;
    readonly name: string;
    readonly mimeType: string;
    readonly sizeBytes: number;
  }[];
  /** The session's state with this line: as it was when the citizen wrote, as it had become when the reply was given. */
  readonly state: SessionStateName;
  /** What a `system` line without a text tells. */
  readonly notice: NonNullable<TranscriptRow['notice']> | null;
}

export interface TranscriptOptions {
  /** Only lines after this revision. */
  readonly afterRevision?: number | undefined;
  readonly limit: number;
}

// One statement, so that lines, files and states are those of one moment.
const pageSql = (view: string): string => `
WITH page AS (
  SELECT * FROM ${view} WHERE session_id = $1 AND revision > $2 AND kind NOT IN ('file', 'state')
  ORDER BY revision LIMIT $3
)
SELECT * FROM page
UNION ALL
SELECT * FROM ${view} WHERE session_id = $1 AND kind IN ('file', 'state')
ORDER BY revision`;

/**
 * State changes of a turn stand next to its reply, before or after it. They belong to the reply; the citizen's line before
 * it still has the state in which it was written.
 */
function stateOf(row: TranscriptRow, next: TranscriptRow | undefined, states: readonly TranscriptRow[]) {
  const until = row.kind === 'citizen' ? row.revision : (next?.revision ?? Infinity);
  return states.findLast(({ revision }) => revision < until)?.state ?? 'greeting';
}

async function toEntry(
  codec: Pick<Codec, 'openText'>,
  row: TranscriptRow,
  files: readonly TranscriptRow[],
  state: SessionStateName,
): Promise<TranscriptEntry> {
  const named = files.flatMap(({ file }) => (file && row.evidence_ids?.includes(file.evidenceId) ? [file] : []));
  const [content, once, evidence] = await Promise.all([
    row.content === null ? '' : openField(codec, row.content),
    row.once === null ? null : openField(codec, row.once),
    Promise.all(named.map(async (file) => ({ ...file, name: await openField(codec, file.name) }))),
  ]);
  return {
    revision: row.revision,
    position: row.position,
    role: row.kind === 'citizen' || row.kind === 'agent' || row.kind === 'officer' ? row.kind : 'system',
    text: content,
    onceText: once === ERASED ? null : once,
    at: row.at,
    messageId: row.event_id,
    replyTo: row.answers,
    quickReplies: row.quick_replies ?? [],
    evidence,
    state,
    notice: row.notice,
  };
}

/** What rows of one session, in order of revision, show. Also of rows that were folded up to a past moment. */
export function entriesOf(codec: Pick<Codec, 'openText'>, rows: readonly TranscriptRow[]): Promise<TranscriptEntry[]> {
  const files = rows.filter(({ kind }) => kind === 'file');
  const states = rows.filter(({ kind }) => kind === 'state');
  const lines = rows.filter(({ kind }) => kind !== 'file' && kind !== 'state');
  return Promise.all(lines.map((row, i) => toEntry(codec, row, files, stateOf(row, lines[i + 1], states))));
}

/** Lines of one session in order, texts opened. A session that does not exist has none. */
export async function readTranscript(
  { db, codec }: { readonly db: Database; readonly codec: Pick<Codec, 'openText'> },
  sessionId: string,
  { afterRevision = -1, limit }: TranscriptOptions,
): Promise<TranscriptEntry[]> {
  return entriesOf(codec, await readRows(db, transcript, pageSql, [sessionId, afterRevision, limit]));
}

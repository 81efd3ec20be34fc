import { complaintStream } from '../../events/catalogue/index.js';
import type { EventLog } from '../../events/event-log.js';
import { ERASED } from '../../events/personal.js';
import type { Queries } from './index.js';

/** Lines of a conversation that are given at once. */
export const MAX_LINES = 1000;

/** What the holder of the access key sees besides the public status. */
export interface OwnPart {
  /** At most `MAX_LINES` lines, oldest first. */
  readonly transcript: readonly {
    readonly role: 'citizen' | 'agent' | 'officer' | 'system';
    readonly text: string;
    /** ISO 8601. */
    readonly at: string;
    /** Id of the event in the conversation; none: it came from elsewhere. */
    readonly messageId?: string;
  }[];
  /** What the citizen told the office about the filed complaint; it stands in the transcript too. */
  readonly answers: readonly { readonly text: string; readonly at: string }[];
  /** Whether the transcript holds all of it. */
  readonly complete: boolean;
  readonly evidence: readonly {
    readonly evidenceId: string;
    readonly name: string;
    readonly mimeType: string;
    readonly sizeBytes: number;
  }[];
}

/** Answers and disputes, from whatever conversation or page they came. */
const readAnswers = async (log: Pick<EventLog, 'readStream'>, complaintId: string): Promise<OwnPart['answers']> => {
  const answers: { text: string; at: string }[] = [];
  for await (const event of log.readStream(complaintStream(complaintId))) {
    if (event.type !== 'CitizenAnswered' && event.type !== 'CaseDisputed') continue;
    const { text } = event.data;
    if (text !== '' && text !== ERASED) answers.push({ text, at: event.meta.occurredAt });
  }
  return answers;
};

type Lines = OwnPart['transcript'];
/** An answer that was written in this very conversation stands there already. */
const withAnswers = (lines: Lines, answers: OwnPart['answers']): Lines => {
  const written = new Set(lines.flatMap(({ role, text }) => (role === 'citizen' ? [text] : [])));
  const fromElsewhere = answers.filter(({ text }) => !written.has(text));
  const added = fromElsewhere.map(({ text, at }) => ({ role: 'citizen', text, at }) as const);
  return [...lines, ...added].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};

type Shown = Awaited<ReturnType<Queries['transcript']>>;
/** The files that were sent, without those that were taken back afterwards. */
const filesIn = (lines: Shown): OwnPart['evidence'] =>
  lines.reduce<OwnPart['evidence']>((files, { notice, evidence }) => {
    const these = evidence.map(({ evidenceId, name, mimeType, sizeBytes }) => ({
      evidenceId,
      name,
      mimeType,
      sizeBytes,
    }));
    if (notice !== 'file_withdrawn') return [...files, ...these];
    return files.filter((file) => !these.some(({ evidenceId }) => evidenceId === file.evidenceId));
  }, []);

/** Reads the conversation, the answers and the evidence of a complaint, for its owner. */
export const readOwnPart = async (
  { queries, log }: { readonly queries: Pick<Queries, 'transcript'>; readonly log: Pick<EventLog, 'readStream'> },
  { sessionId, complaintId }: { readonly sessionId: string; readonly complaintId: string },
): Promise<OwnPart> => {
  const answers = await readAnswers(log, complaintId);
  const lines = await queries.transcript(sessionId, { limit: MAX_LINES + 1 });
  const shown = lines.slice(0, MAX_LINES);
  return {
    // What happened without a word (an officer was asked for) has no text, and is no line here.
    transcript: withAnswers(
      shown.flatMap(({ role, text, at, messageId }) =>
        text === '' && role === 'system' ? [] : [{ role, text, at, messageId }],
      ),
      answers,
    ),
    answers,
    complete: shown.length === lines.length,
    evidence: filesIn(shown),
  };
};

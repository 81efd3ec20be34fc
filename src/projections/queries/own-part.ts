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
  }[];
  /** Whether the transcript holds all of it. */
  readonly complete: boolean;
  readonly evidence: readonly {
    readonly evidenceId: string;
    readonly name: string;
    readonly mimeType: string;
    readonly sizeBytes: number;
  }[];
}

/** Reads the conversation and the evidence of a complaint, for its owner. */
export const readOwnPart = async (queries: Pick<Queries, 'transcript'>, sessionId: string): Promise<OwnPart> => {
  const lines = await queries.transcript(sessionId, { limit: MAX_LINES + 1 });
  const shown = lines.slice(0, MAX_LINES);
  return {
    transcript: shown.map(({ role, text, at }) => ({ role, text, at })),
    complete: shown.length === lines.length,
    evidence: shown.flatMap((line) =>
      line.evidence.map(({ evidenceId, name, mimeType, sizeBytes }) => ({ evidenceId, name, mimeType, sizeBytes })),
    ),
  };
};

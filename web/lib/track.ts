import type { Answers } from './answers';
import { apiBase } from './api-base';

/** A complaint as it was filed. */
export type Filed = Omit<Answers, 'ready' | 'identity'> & {
  readonly identity: 'named' | 'confidential' | 'anonymous' | null;
};

/** What `POST /api/track` answers; the last ones with the access key only. */
export interface Tracked {
  readonly trackingNumber: string;
  readonly words: string;
  readonly lastChange: string;
  readonly nextStep: string;
  readonly nextStepDue: string | null;
  readonly citizenMustAct: boolean;
  readonly transcript?: readonly {
    readonly role: 'citizen' | 'agent' | 'officer' | 'system';
    readonly text: string;
    readonly at: string;
    /** It lists the answers as they were then. */
    readonly listsAnswers: boolean;
  }[];
  readonly filed?: Filed | null;
  /** What the office asks the citizen now. */
  readonly question?: string | null;
  readonly complete?: boolean;
  readonly evidence?: readonly { readonly evidenceId: string; readonly name: string; readonly sizeBytes: number }[];
}

export type TrackProblem = 'missing' | 'malformed' | 'unknown' | 'unknownNumber' | 'busy' | 'offline' | 'failed';
export type TrackResult =
  { readonly ok: true; readonly found: Tracked } | { readonly ok: false; readonly problem: TrackProblem };

const problemFor = (status: number, hasKey: boolean): TrackProblem => {
  if (status === 400) return 'malformed';
  if (status === 404) return hasKey ? 'unknown' : 'unknownNumber';
  return status === 429 ? 'busy' : 'failed';
};

/** Looks a number up, with the key if there is one. Both go in the body: nothing of them stands in an address. Never throws. */
export const lookUp = async (trackingNumber: string, accessKey: string, language: string): Promise<TrackResult> => {
  try {
    const response = await fetch(`${apiBase()}/api/track`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ trackingNumber, language, ...(accessKey === '' ? {} : { accessKey }) }),
    });
    return response.ok
      ? { ok: true, found: (await response.json()) as Tracked }
      : { ok: false, problem: problemFor(response.status, accessKey !== '') };
  } catch {
    return { ok: false, problem: navigator.onLine ? 'failed' : 'offline' };
  }
};

export type AnswerResult = { readonly ok: true } | { readonly ok: false; readonly reason: string | null };

/**
 * Answers the office's question. Never throws.
 * @param id sent again with the same one, the answer is recorded once
 * @returns the reason in the server's words, or null when there was no answer at all
 */
export const sendAnswer = async (
  number: string,
  accessKey: string,
  { text, id }: { readonly text: string; readonly id: string },
): Promise<AnswerResult> => {
  try {
    const response = await fetch(`${apiBase()}/api/track/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ trackingNumber: number, accessKey, text, id }),
    });
    if (response.ok) return { ok: true };
    const { error } = (await response.json()) as { error?: string };
    return { ok: false, reason: error ?? '' };
  } catch {
    return { ok: false, reason: null };
  }
};

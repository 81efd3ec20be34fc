import { apiBase } from './api-base';
import { sessionInTab } from './tab';

/** A file of the complaint that is being written. */
export interface GivenFile {
  readonly evidenceId: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** The answers of the conversation so far, as `GET /api/agent/session/:id/answers` gives them. */
export interface Answers {
  /** The answers were shown, and nothing has changed since: a yes files them. */
  readonly ready: boolean;
  readonly description: string | null;
  readonly happenedWhen: string | null;
  readonly happenedWhere: string | null;
  readonly triedBefore: string | null;
  readonly remedyWanted: string | null;
  readonly beforeCourt: 'yes' | 'no' | 'not_sure' | null;
  readonly files: readonly GivenFile[];
  readonly category: Readonly<Record<'en' | 'kri', string>> | null;
  readonly institution: Readonly<Record<'en' | 'kri', string>> | null;
  readonly institutionWords: string | null;
  readonly identity: {
    readonly mode: 'named' | 'confidential' | 'anonymous';
    readonly contact: readonly string[];
    readonly shareNameWithInstitution: boolean;
  } | null;
}

const ask = async (address: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetch(`${apiBase()}/api/agent/session/${address}`, {
    headers: { authorization: `Bearer ${sessionInTab()?.token ?? ''}` },
    cache: 'no-store',
    ...init,
  });
  if (!response.ok) throw new Error(String(response.status));
  return response;
};

/**
 * Asks for the answers of this tab's conversation.
 * @throws when there is no connection or the server refuses
 */
export const fetchAnswers = async (sessionId: string): Promise<Answers> =>
  (await (await ask(`${sessionId}/answers`)).json()) as Answers;

/**
 * Takes a file out of the complaint that is being written.
 * @throws when there is no connection or the server refuses
 */
export const takeBackFile = async (sessionId: string, evidenceId: string): Promise<void> => {
  await ask(`${sessionId}/evidence/${evidenceId}`, { method: 'DELETE' });
};

import { apiBase } from './api-base';
import { tokenInTab } from './tab';

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
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly category: Readonly<Record<'en' | 'kri', string>> | null;
  readonly institution: Readonly<Record<'en' | 'kri', string>> | null;
  readonly institutionWords: string | null;
  readonly identity: {
    readonly mode: 'named' | 'confidential' | 'anonymous';
    readonly contact: readonly string[];
    readonly shareNameWithInstitution: boolean;
  } | null;
}

/**
 * Asks for the answers of this tab's conversation.
 * @throws when there is no connection or the server refuses
 */
export const fetchAnswers = async (sessionId: string): Promise<Answers> => {
  const response = await fetch(`${apiBase()}/api/agent/session/${sessionId}/answers`, {
    headers: { authorization: `Bearer ${tokenInTab() ?? ''}` },
    cache: 'no-store',
  });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()) as Answers;
};

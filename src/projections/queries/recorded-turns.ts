import type { Period } from '../../platform/period.js';
import { agentReplies } from '../read-models/agent-replies.js';
import { viewName } from '../sql.js';
import type { Database } from './rows.js';

/** Where a reply stands in the log. */
export interface RecordedTurn {
  readonly sessionId: string;
  readonly revision: number;
}

/** Replies of a period for which a model was asked, the newest ones first, at most so many; and how many there are. */
export const readRecordedTurns = async (
  db: Database,
  { since, until }: Period,
  limit: number,
): Promise<{ readonly turns: readonly RecordedTurn[]; readonly total: number }> => {
  const { rows } = await db.query<{ session_id: string; revision: number; total: string }>(
    `SELECT session_id, revision, count(*) OVER () AS total FROM ${viewName(agentReplies)}
     WHERE at >= $1 AND at < $2 AND model IS NOT NULL ORDER BY at DESC, session_id, revision LIMIT $3`,
    [since, until, limit],
  );
  const turns = rows.map((row) => ({ sessionId: row.session_id, revision: row.revision }));
  return { turns, total: Number(rows[0]?.total ?? 0) };
};

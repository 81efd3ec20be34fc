import { agentReplies } from '../read-models/agent-replies.js';
import { viewName } from '../sql.js';
import type { Database } from './rows.js';

/** Tokens that replies used, in and out. As old as the projection's lag. */
export interface AgentUsage {
  ofSession(sessionId: string): Promise<number>;
  /** Of all sessions, in replies recorded since then. */
  since(time: Date): Promise<number>;
}

/** Sums over the read model `agent-replies`. */
export const createAgentUsage = (db: Database): AgentUsage => {
  const sum = async (condition: string, value: unknown): Promise<number> => {
    const { rows } = await db.query<{ tokens: string }>(
      `SELECT coalesce(sum(tokens_in::bigint + tokens_out), 0) AS tokens FROM ${viewName(agentReplies)} WHERE ${condition}`,
      [value],
    );
    return Number(rows[0]?.tokens ?? 0);
  };
  return {
    ofSession: (sessionId) => sum('session_id = $1', sessionId),
    since: (time) => sum('at >= $1', time),
  };
};

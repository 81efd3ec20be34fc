import type { ReplyProvenance } from '../../events/catalogue/session.js';
import { boolean, integer, json, nullable, text, time } from '../columns.js';
import { defineProjection } from '../projection.js';
import { sessionOf } from './keys.js';

/** How often each tool was called in one reply, and how often its command was refused, wholly or in part. */
export type ToolCounts = Readonly<Record<string, { readonly called: number; readonly refused: number }>>;

const toolCountsOf = (tools: NonNullable<ReplyProvenance['tools']>): ToolCounts => {
  const counts: Record<string, { called: number; refused: number }> = {};
  for (const { name, outcome } of tools) {
    const count = (counts[name] ??= { called: 0, refused: 0 });
    count.called += 1;
    if (outcome !== 'ok') count.refused += 1;
  }
  return counts;
};

/**
 * How each reply was made, without a word of it: one row per reply. The budgets of the language model are sums over it, and so
 * are figures by model and prompt version.
 */
export const agentReplies = defineProjection({
  name: 'agent-replies',
  // Version 2 names the tools.
  version: 2,
  table: {
    columns: {
      session_id: text,
      revision: integer,
      at: time,
      agent: text,
      agent_version: text,
      model: nullable(text),
      prompt_version: nullable(text),
      prompt_hash: nullable(text),
      tokens_in: integer,
      tokens_out: integer,
      tokens_estimated: boolean,
      tool_calls: integer,
      tools_refused: integer,
      /** By name; names that a model made up are recorded as `unknown`. */
      tools: json<ToolCounts>(),
      first_token_ms: nullable(integer),
      latency_ms: integer,
      retries: integer,
      /** Why not the model, or not the model alone, answered. */
      fallback: nullable(text),
      /** What the output guard changed, with commas between. */
      corrected: nullable(text),
      cancelled: boolean,
    },
    key: ['session_id', 'revision'],
    indexes: [{ columns: ['at'] }],
  },
  on: {
    AgentReplied: {
      key: (event) => ({ session_id: sessionOf(event), revision: event.meta.revision }),
      fresh: true,
      apply: (_row, event, key) => {
        const { agent } = event.data;
        const tools = agent.tools ?? [];
        return {
          ...key,
          at: event.meta.recordedAt,
          agent: agent.name,
          agent_version: agent.version,
          model: agent.model ?? null,
          prompt_version: agent.promptVersion ?? null,
          prompt_hash: agent.promptHash ?? null,
          tokens_in: agent.tokensIn ?? 0,
          tokens_out: agent.tokensOut ?? 0,
          tokens_estimated: agent.tokensEstimated ?? false,
          tool_calls: tools.length,
          tools_refused: tools.filter(({ outcome }) => outcome !== 'ok').length,
          tools: toolCountsOf(tools),
          first_token_ms: agent.firstTokenMs ?? null,
          latency_ms: agent.latencyMs,
          retries: agent.retries ?? 0,
          fallback: agent.fallback ?? null,
          corrected: agent.corrected === undefined || agent.corrected.length === 0 ? null : agent.corrected.join(','),
          cancelled: agent.cancelled ?? false,
        };
      },
    },
  },
});

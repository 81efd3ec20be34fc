import { describe, it } from 'vitest';
import { event, given } from '../../../test/support/given-projection.js';
import { timeOf } from '../../../test/support/projection-events.js';
import type { ReplyProvenance } from '../../events/catalogue/session.js';
import { agentReplies } from './agent-replies.js';

const reply = (agent: ReplyProvenance) => event('session-a', 'AgentReplied', { agent });

describe('agent-replies', () => {
  it('has a row for each reply, with what it cost and nothing of what it said', async () => {
    const agent = { name: 'model', version: '1', model: 'm', promptVersion: 'leoma.v1', promptHash: 'h', latencyMs: 5 };
    const tools = [
      { name: 'submit', outcome: 'ok' },
      { name: 'submit', outcome: 'not_confirmed' },
    ];
    await given(
      agentReplies,
      reply({ ...agent, tools, tokensIn: 100, tokensOut: 7, firstTokenMs: 3, retries: 1 }),
    ).thenRows([
      {
        ...{ session_id: 'a', at: timeOf(1), agent: 'model', model: 'm', prompt_version: 'leoma.v1', prompt_hash: 'h' },
        ...{ tokens_in: 100, tokens_out: 7, tool_calls: 2, tools_refused: 1, first_token_ms: 3, retries: 1 },
        tools: { submit: { called: 2, refused: 1 } },
        ...{ fallback: null, corrected: null, cancelled: false, tokens_estimated: false },
      },
    ]);
  });

  it('has one for the guided assistant too, with the reason when it stood in', async () => {
    const agent = { name: 'guided', version: '1', latencyMs: 5, fallback: 'auth', corrected: ['number', 'link'] };
    await given(agentReplies, reply(agent)).thenRows([
      { agent: 'guided', tokens_in: 0, model: null, fallback: 'auth', corrected: 'number,link', tools: {} },
    ]);
  });
});

import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Agent } from './agent/agent.js';
import { createGuidedAgent } from './agent/guided/agent.js';
import { createKnowledge } from './agent/guided/knowledge.js';
import { createModelAgent } from './agent/model/agent.js';
import { createBreaker } from './agent/model/breaker.js';
import { createBudgets } from './agent/model/budgets.js';
import { createReadConversation } from './agent/model/conversation.js';
import { createOpenAiModel } from './agent/model/openai-model.js';
import { loadPrompt } from './agent/model/prompt.js';
import { loadTextPacks } from './agent/texts/packs.js';
import type { Policies } from './commands/policies/policies.js';
import type { EventLog } from './events/event-log.js';
import type { Config } from './platform/config.js';
import type { Logger } from './platform/logging.js';
import { createAgentUsage } from './projections/queries/agent-usage.js';

export interface AssistantGiven {
  readonly config: Config;
  readonly policy: Policies;
  readonly log: Pick<EventLog, 'readStream'>;
  readonly pool: pg.Pool;
  readonly logger: Pick<Logger, 'warn'>;
}

const chance = (): number => randomInt(2 ** 31) / 2 ** 31;

/** Who answers the citizens: the guided assistant, or with OPENAI_API_KEY a language model that falls back to it. */
export const createAssistant = ({ config, policy, log, pool, logger }: AssistantGiven): Agent => {
  const words = { taxonomy: policy.taxonomy, texts: loadTextPacks(), saysYes: policy.saysYes };
  const guided = createGuidedAgent(words);
  const { openaiApiKey } = config;
  if (openaiApiKey === undefined) return guided;
  return createModelAgent({
    guided,
    chance,
    settings: config,
    knowledge: createKnowledge(words),
    prompt: loadPrompt(),
    model: createOpenAiModel({ ...config, openaiApiKey }),
    breaker: createBreaker({ failures: config.modelBreakerFailures, openMs: config.modelBreakerOpenMs }),
    budgets: createBudgets(config, createAgentUsage(pool)),
    conversation: createReadConversation(log),
    onFault: (fault) => logger.warn({ fault }, 'The language model failed'),
  });
};

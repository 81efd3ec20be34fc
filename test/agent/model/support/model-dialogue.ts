import type { Agent, Provenance } from '../../../../src/agent/agent.js';
import { createKnowledge } from '../../../../src/agent/guided/knowledge.js';
import { createModelAgent, type ModelAgentOptions } from '../../../../src/agent/model/agent.js';
import { createBreaker } from '../../../../src/agent/model/breaker.js';
import type { Spoken } from '../../../../src/agent/model/conversation.js';
import { createOpenAiModel } from '../../../../src/agent/model/openai-model.js';
import { loadPrompt } from '../../../../src/agent/model/prompt.js';
import { loadTextPacks } from '../../../../src/agent/texts/packs.js';
import type { Language } from '../../../../src/events/catalogue/session.js';
import { loadConfig } from '../../../../src/platform/config.js';
import { startDialogue, testGuidedAgent, testPolicies, type Dialogue } from '../../../support/dialogue.js';
import {
  inOrder,
  startScriptedModel,
  type ScriptedModel,
  type Script,
  type SeenRequest,
  type Step,
} from '../../../support/scripted-model.js';

/** What a citizen tells in most tests. */
export const story = 'On Monday the police at Lumley asked me for 500 Leones before they would take my statement.';

/** Never a real key; looked for in what goes out and in logs. */
export const TEST_KEY = 'sk-of-the-tests-0123456789';

export const testKnowledge = createKnowledge({
  taxonomy: testPolicies.taxonomy,
  texts: loadTextPacks(),
  saysYes: testPolicies.saysYes,
});

export const modelConfig = (url: string, env: Readonly<Record<string, string>> = {}) => ({
  ...loadConfig({ OPENAI_BASE_URL: url, OPENAI_MODEL: 'scripted', MODEL_RETRY_BASE_MS: '1', ...env }),
  openaiApiKey: TEST_KEY,
});

/** A model agent over the real client, without a log: the conversation is what the test gives it. */
export const modelAgent = (
  url: string,
  env: Readonly<Record<string, string>> = {},
  options: Partial<ModelAgentOptions> = {},
): Agent => {
  const settings = modelConfig(url, env);
  return createModelAgent({
    guided: testGuidedAgent(),
    knowledge: testKnowledge,
    prompt: loadPrompt(),
    settings,
    model: createOpenAiModel(settings),
    breaker: createBreaker({ failures: settings.modelBreakerFailures, openMs: settings.modelBreakerOpenMs }),
    budgets: { exceeded: () => Promise.resolve(undefined), spent: () => undefined },
    conversation: () => Promise.resolve([]),
    chance: () => 0.5,
    ...options,
  });
};

export interface ModelDialogue extends Dialogue {
  readonly model: ScriptedModel;
  /** Text of the current turn as it was shown while it came. */
  shown(): string;
  /** Pieces in which it came. */
  pieces(): readonly string[];
  /** How often what had been shown was taken back in this turn. */
  restarts(): number;
  reported(): Provenance | undefined;
  close(): Promise<void>;
}

/** A conversation with the model agent and a scripted model server. */
export const startModelDialogue = async (
  script: Script | readonly Step[],
  env: Readonly<Record<string, string>> = {},
  options: Partial<ModelAgentOptions> & { readonly language?: Language } = {},
): Promise<ModelDialogue> => {
  const model = await startScriptedModel(typeof script === 'function' ? script : inOrder(...script));
  const spoken: Spoken[] = [];
  let pieces: string[] = [];
  let restarts = 0;
  let reported: Provenance | undefined;
  const inner = modelAgent(model.url, env, { conversation: () => Promise.resolve([...spoken]), ...options });
  const agent: Agent = {
    ...inner,
    takeTurn: async (turn) => {
      pieces = [];
      restarts = 0;
      const { messageId, text, evidenceIds } = turn.message;
      spoken.push({ by: 'citizen', messageId, revision: spoken.length, text, files: evidenceIds.length });
      const reply = await inner.takeTurn({
        ...turn,
        onDelta: (piece) => pieces.push(piece),
        onRestart: () => {
          pieces = [];
          restarts += 1;
        },
        onProvenance: (provenance) => {
          reported = provenance();
        },
      });
      const name = reply.provenance?.by?.name ?? agent.name;
      spoken.push({ by: 'assistant', answers: messageId, text: reply.text, name });
      return reply;
    },
  };
  const dialogue = startDialogue(agent, options.language);
  return {
    ...dialogue,
    model,
    shown: () => pieces.join(''),
    pieces: () => pieces,
    restarts: () => restarts,
    reported: () => reported,
    close: () => model.close(),
  };
};

/** Begins dialogues of one test file, and ends all that were begun; to be called after each test. */
export const modelDialogues = () => {
  const open: ModelDialogue[] = [];
  return {
    begin: async (...given: Parameters<typeof startModelDialogue>): Promise<ModelDialogue> => {
      const dialogue = await startModelDialogue(...given);
      open.push(dialogue);
      return dialogue;
    },
    endAll: async (): Promise<void> => {
      await Promise.all(open.splice(0).map((dialogue) => dialogue.close()));
    },
  };
};

/** The facts that a request gave the model. */
export const factsIn = ({ messages }: Pick<SeenRequest, 'messages'>): Readonly<Record<string, unknown>> => {
  const line = messages[0]?.content.split('\n').find((one) => one.startsWith('{"your_first_answer"'));
  return JSON.parse(line ?? '{}') as Record<string, unknown>;
};

import type { Agent, Provenance, Reply, Turn } from '../agent.js';
import type { Knowledge } from '../guided/knowledge.js';
import { followLanguage } from '../guided/language-used.js';
import { whenStopped } from '../guided/when-stopped.js';
import type { BudgetName, Budgets } from './budgets.js';
import { composeReply } from './compose.js';
import { buildRequest } from './context.js';
import type { ReadConversation, Spoken } from './conversation.js';
import { codesOf, factsOf } from './facts.js';
import { createFallBack, isCaseBusiness, type Fallback } from './fall-back.js';
import { isModelFault, modelFault } from './failures.js';
import { heedDistress, heedWish } from './first-words.js';
import { afterFiling, besideFiling } from './filing-words.js';
import { createGate } from './gate.js';
import { truthOf } from './guard-effects.js';
import { guard, wholeSentences, type GuardGiven } from './guard.js';
import { createMask, ownNumberOf } from './mask.js';
import type { Prompt } from './prompt.js';
import { createRecordOfTurn, type RecordOfTurn } from './record-of-turn.js';
import { think, type ThinkDependencies, type Thought } from './think.js';
import { MODEL_AGENT } from './name.js';
import { limitTime } from './time-limit.js';
import { createToolCatalogue } from './tools/definitions.js';
import { submit } from './tools/file-and-look-up.js';
import { notKept } from './tools/earlier.js';
import { nothingDone, type Workbench } from './tools/workbench.js';

export interface ModelAgentOptions extends Omit<ThinkDependencies, 'catalogue'> {
  /** Answers whenever the model does not. */
  readonly guided: Agent;
  readonly knowledge: Knowledge;
  readonly prompt: Prompt;
  readonly conversation: ReadConversation;
  readonly budgets: Budgets;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** What one turn works with, once it is known that the model may answer. */
interface OpenThought extends Thought {
  readonly conversation: readonly Spoken[];
  readonly guardGiven: () => GuardGiven;
}

/** What a turn needs to know before the model is asked, and what can be read before the turn begins. */
interface Ahead {
  readonly conversation: Promise<readonly Spoken[]>;
  readonly over: Promise<BudgetName | 'budget_unknown' | undefined>;
}

const revisionOf = ({ state, message }: Turn): number =>
  state.pending.find(({ messageId }) => messageId === message.messageId)?.revision ?? state.revision;

/** The program has words of its own for this reply, whatever the model says. */
const hasSomethingToSay = ({ done }: Workbench): boolean =>
  done.effects.length > 0 || done.cardShown || done.sure !== null;

const citizenTexts = (conversation: readonly Spoken[]): readonly string[] =>
  conversation.flatMap((one) => (one.by === 'citizen' ? [one.text] : []));

/**
 * The language model as an assistant. It speaks; what it does it asks for by tools, which the deciders decide; what must be right
 * the program says itself. Whatever goes wrong with it, the guided assistant answers the same message in the same turn.
 */
export const createModelAgent = (options: ModelAgentOptions): Agent => {
  const { guided, knowledge, prompt, settings, model, breaker, budgets, now = () => performance.now() } = options;
  const fallBack = createFallBack(guided, knowledge);
  const catalogue = createToolCatalogue(knowledge.taxonomy);
  const codes = codesOf(knowledge.taxonomy);
  const shares = { sharesIdentity: settings.modelSharesIdentity, sharesFileNames: settings.modelSharesFileNames };

  const open = (
    turn: Turn,
    conversation: readonly Spoken[],
    record: RecordOfTurn,
    time: Pick<ReturnType<typeof limitTime>, 'signal' | 'timeLeftMs' | 'spoke'>,
  ): OpenThought => {
    const { tools, message, state } = turn;
    followLanguage(message.text, tools);
    const said = citizenTexts(conversation);
    const earlier = notKept(conversation, state, message.messageId);
    const bench: Workbench = { tools, message, before: state, said, earlier, settings, knowledge, done: nothingDone() };
    const kind = heedDistress(bench, conversation);
    if (kind !== '') turn.onDelta(kind);
    const mask = createMask(state, { sharesIdentity: shares.sharesIdentity, said, current: message.text });
    const guardGiven = (): GuardGiven => {
      const now = tools.state();
      const { texts } = knowledge.texts[now.language];
      return {
        truth: truthOf(now),
        ownNumber: ownNumberOf(now),
        said,
        maxChars: settings.modelReplyChars,
        words: {
          notFiled: texts.not_filed_yet,
          notDone: texts.not_done,
          noPromise: texts.no_promise,
          free: texts.info_free,
          who: texts.info_who,
        },
      };
    };
    let facts: string | undefined;
    const gate = createGate(guardGiven, (piece) => {
      record.firstText();
      time.spoke();
      // The program tells the filing: until its words are there, none of the model's may say otherwise.
      if (bench.done.filed) return;
      turn.onDelta(piece);
      turn.onProvenance(() => record.provenance());
    });
    return {
      signal: time.signal,
      timeLeftMs: time.timeLeftMs,
      bench,
      conversation,
      gate,
      record,
      guardGiven,
      requestFor: (shrink) => {
        // The facts as they were at the first call: what tools change since then their results say.
        facts ??= factsOf(tools.state(), shares, mask, notKept(conversation, tools.state(), message.messageId));
        return buildRequest({
          ...{ prompt: prompt.text, codes, facts, conversation, mask, tools: catalogue.definitions },
          maxTokens: shrink ? settings.modelContextTokens / 2 : settings.modelContextTokens,
        });
      },
      onRetry: () => {
        gate.reset();
        turn.onRestart();
        if (kind !== '') turn.onDelta(kind);
      },
    };
  };

  const finish = (thought: OpenThought, more: Provenance, cutOff = false): Reply => {
    heedWish(thought.bench, thought.conversation);
    const words = thought.gate.text();
    const { text, corrected } = guard(thought.guardGiven(), cutOff ? wholeSentences(words) : words);
    thought.record.corrected(corrected);
    const { bench } = thought;
    const isFiled = bench.tools.state().ended === 'filed';
    const fitting = bench.done.filed ? besideFiling(text) : isFiled ? afterFiling(text) : text;
    const reply = composeReply(fitting, bench, corrected.some((one) => one !== 'too_long') && !fitting.includes('?'));
    return { ...reply, provenance: { ...thought.record.provenance(), ...more } };
  };

  const read = (sessionId: string, revision: number): Ahead => {
    const conversation = options.conversation(sessionId, revision);
    // Heard by whoever waits for it, if anybody does.
    conversation.catch(() => undefined);
    return { conversation, over: budgets.exceeded(sessionId).catch(() => 'budget_unknown' as const) };
  };
  const readBefore = new WeakMap<Turn['message'], Ahead>();
  const ahead = (turn: Turn): Ahead => {
    const known = readBefore.get(turn.message);
    // A second try reads anew.
    readBefore.delete(turn.message);
    return known ?? read(turn.sessionId, revisionOf(turn));
  };

  /** Undefined: the model may answer. */
  const closedBy = async (turn: Turn, { over }: Ahead): Promise<Fallback | undefined> =>
    isCaseBusiness(turn) ? 'case_business' : ((await over) ?? (breaker.allow() ? undefined : 'breaker_open'));

  const answer = async (turn: Turn, thought: OpenThought): Promise<Reply> => {
    const { bench, record } = thought;
    // A plain yes to the answers that were just shown files: neither a model's mistake nor its ill will may come between.
    if (turn.state.lastAsked === 'confirm' && turn.state.confirmedBy === turn.message.messageId) await submit(bench);
    try {
      const { cutOff } = await think(thought, { ...options, catalogue });
      const reply = finish(thought, {}, cutOff);
      // The guard left nothing, and the program has nothing to say: somebody must answer.
      if (reply.text.trim() === '') throw modelFault('empty_reply');
      return reply;
    } catch (error) {
      if (!isModelFault(error) || turn.signal.aborted || !hasSomethingToSay(bench)) throw error;
      // Something was filed or found already: the program tells it by itself, rather than do it again.
      thought.gate.reset();
      turn.onRestart();
      return finish(thought, { ...record.provenance(), fallback: error.kind });
    }
  };

  const takeTurn = async (turn: Turn): Promise<Reply> => {
    const known = ahead(turn);
    const conversation = await known.conversation;
    const closed = await closedBy(turn, known);
    if (closed !== undefined) return fallBack(turn, closed, {}, conversation);
    const record = createRecordOfTurn(model.name, prompt, now);
    const time = limitTime(turn.signal, settings.modelTurnMs, now, settings.modelFirstTextMs);
    try {
      return await answer(turn, open(turn, conversation, record, time));
    } catch (error) {
      if (!isModelFault(error) || turn.signal.aborted) throw error;
      return await fallBack(turn, error.kind, record.provenance(), conversation);
    } finally {
      time.end();
      budgets.spent(record.tokens());
    }
  };

  return {
    ...MODEL_AGENT,
    takeTurn,
    readAhead: (sessionId, message) => void readBefore.set(message, read(sessionId, message.revision)),
    whenStopped: (turn, said) => whenStopped(turn, said, knowledge),
  };
};

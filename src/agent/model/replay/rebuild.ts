import { evolveSession, type EvolveSession } from '../../../commands/session/evolve.js';
import { initialSession } from '../../../commands/session/initial.js';
import type { CitizenMessage, SessionState } from '../../../commands/session/state.js';
import { ERASED } from '../../../events/personal.js';
import type { AnyRecorded } from '../../../events/catalogue/index.js';
import { isDistress } from '../../guided/distress.js';
import { languageToFollow } from '../../guided/language-used.js';
import type { Taxonomy } from '../../../commands/taxonomy/taxonomy.js';
import type { ChatMessage, ChatRequest } from '../chat-model.js';
import { buildRequest, requestHashOf, type ContextGiven } from '../context.js';
import { conversationOf, type Spoken } from '../conversation.js';
import { codesOf, factsOf, type FactSettings } from '../facts.js';
import { createMask, type Mask } from '../mask.js';
import type { Prompt } from '../prompt.js';
import { createToolCatalogue } from '../tools/definitions.js';
import { notKept } from '../tools/earlier.js';

export interface RebuildGiven {
  readonly taxonomy: Taxonomy;
  /** MODEL_CONTEXT_TOKENS as it was. */
  readonly contextTokens: number;
  /** What was shared first is tried first. */
  readonly shares: FactSettings;
  /** The recorded version of a prompt; undefined: this program does not have it. */
  readonly promptOf: (version: string) => Prompt | undefined;
  readonly evolve?: EvolveSession;
}

/** A recorded turn whose request was made again, to the letter. */
export interface RebuiltTurn {
  /** With another prompt, and masked or not, the same turn; with the recorded prompt and shares the recorded request. */
  readonly requestWith: (prompt: string, masked: boolean) => ChatRequest;
  readonly masked: Mask;
  /** The model's own recorded messages and what its tools gave: empty when it called none. */
  readonly exchange: readonly ChatMessage[];
  readonly recordedText: string;
  readonly recordedModel: string;
}

/** Why a turn cannot be made again. */
export type NotRebuilt = 'erased' | 'prompt_unknown' | 'not_by_model' | 'request_differs';

export type Rebuilt =
  { readonly ok: true; readonly turn: RebuiltTurn } | { readonly ok: false; readonly why: NotRebuilt };

type Replied = Extract<AnyRecorded, { type: 'AgentReplied' }>;

/** Events that a reply's conversation was read from, at most so many back (see `createReadConversation`). */
const EVENTS_BACK = 400;

const otherShares = (first: FactSettings): readonly FactSettings[] => [
  first,
  ...[true, false]
    .flatMap((sharesIdentity) => [true, false].map((sharesFileNames) => ({ sharesIdentity, sharesFileNames })))
    .filter((one) => one.sharesIdentity !== first.sharesIdentity || one.sharesFileNames !== first.sharesFileNames),
];

/** The session before and while the turn was decided: one state for each event from the message to the reply. */
const statesOf = (
  events: readonly AnyRecorded[],
  from: number,
  to: number,
  evolve: EvolveSession,
): readonly SessionState[] => {
  const states: SessionState[] = [];
  let state = initialSession;
  for (const event of events) {
    if (event.meta.revision >= to) break;
    state = evolve(state, { event, id: event.meta.id });
    if (event.meta.revision >= from) states.push(state);
  }
  return states;
};

const conversationAt = (events: readonly AnyRecorded[], message: number, until: number): readonly Spoken[] => {
  const seen = events.filter(({ meta }) => meta.revision >= message - EVENTS_BACK && meta.revision <= until);
  return conversationOf(seen, message);
};

const exchangeOf = (exchange: string | undefined): readonly ChatMessage[] =>
  exchange === undefined || exchange === ERASED ? [] : (JSON.parse(exchange) as ChatMessage[]);

const textsOf = (event: AnyRecorded): readonly (string | undefined)[] =>
  event.type === 'UserMessageReceived'
    ? [event.data.text]
    : event.type === 'AgentReplied'
      ? [event.data.text, event.data.agent.exchange]
      : [];

/**
 * Makes the request of a recorded reply again out of the log, and knows by its recorded SHA-256 whether it is the same. What the
 * turn saw of the session is found by trying: each state between the message and the reply, each way of sharing.
 * @param events the whole session, opened
 */
export const rebuildTurn = (events: readonly AnyRecorded[], reply: Replied, given: RebuildGiven): Rebuilt => {
  const { model, promptVersion, promptHash, requestHash, name, fallback } = reply.data.agent;
  const message = events.find(({ meta }) => meta.id === reply.data.answers);
  if (events.some((event) => event.type === 'PersonalDataErased' || textsOf(event).includes(ERASED)))
    return { ok: false, why: 'erased' };
  if (name !== 'model' || fallback !== undefined || model === undefined || requestHash === undefined)
    return { ok: false, why: 'not_by_model' };
  const prompt = promptVersion === undefined ? undefined : given.promptOf(promptVersion);
  if (prompt === undefined || prompt.hash !== promptHash) return { ok: false, why: 'prompt_unknown' };
  if (message?.type !== 'UserMessageReceived') return { ok: false, why: 'request_differs' };

  const tools = createToolCatalogue(given.taxonomy).definitions;
  const codes = codesOf(given.taxonomy);
  const [from, to] = [message.meta.revision, reply.meta.revision];
  const states = statesOf(events, from, to, given.evolve ?? evolveSession);
  for (const [at, before] of states.entries()) {
    const conversation = conversationAt(events, from, from + at);
    const said = conversation.flatMap((one) => (one.by === 'citizen' ? [one.text] : []));
    const earlierAt = (state: SessionState) => notKept(conversation, state, message.meta.id);
    const maskWith = (sharesIdentity: boolean): Mask =>
      createMask(before, { sharesIdentity, said, current: message.data.text });
    const maskAfter = createMask(states.at(-1) ?? before, { sharesIdentity: false, said, current: message.data.text });
    // What the program does before the model is asked: then the facts are of a later moment than the mask.
    const acts =
      isConfirmed(before, message.meta.id) ||
      isDistress(message.data.text) ||
      languageToFollow(message.data.text, before) !== undefined;
    for (const facts of new Set([before, ...(acts ? states.slice(at) : [])]))
      for (const shares of otherShares(given.shares)) {
        const requestOf = (text: string, settings: FactSettings): ChatRequest => {
          const mask = maskWith(settings.sharesIdentity);
          const context: ContextGiven = {
            ...{ prompt: text, codes, conversation, mask, tools, maxTokens: given.contextTokens },
            facts: factsOf(facts, settings, mask, earlierAt(facts)),
          };
          return buildRequest(context);
        };
        if (requestHashOf(model, requestOf(prompt.text, shares)) !== requestHash) continue;
        const hidden = { sharesIdentity: false, sharesFileNames: false };
        return {
          ok: true,
          turn: {
            requestWith: (text, masked) => requestOf(text, masked ? hidden : shares),
            // What this very turn recorded, such as the number of a filing, the mask of its start does not know.
            masked: (text) => maskAfter(maskWith(false)(text)),
            exchange: exchangeOf(reply.data.agent.exchange),
            recordedText: reply.data.text,
            recordedModel: model,
          },
        };
      }
  }
  return { ok: false, why: 'request_differs' };
};

const isConfirmed = (state: SessionState, messageId: CitizenMessage['messageId']): boolean =>
  state.lastAsked === 'confirm' && state.confirmedBy === messageId;

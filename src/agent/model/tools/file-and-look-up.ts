import { refuse, type Refusal } from '../../../commands/decision.js';
import { findTrackingNumberIn, parseTrackingNumber } from '../../../commands/tracking-number.js';
import type { AgentTools, LookUpResult } from '../../agent.js';
import { perform as performEffect } from '../../guided/effects.js';
import { plan } from '../../guided/plan.js';
import { OWN_NUMBER, ownNumberOf } from '../mask.js';
import { isWrittenIn, speaks } from './own-words.js';
import { issueAll } from './record.js';
import { no, ok, type ToolAnswer, type Workbench } from './workbench.js';

/** As many as one call of record_details takes. */
const MOST_NAMED = 20;

/** The program says what is missing, and asks for it; a model that knows of a story that was not kept may mend it first. */
export const missed = (refusal: Refusal, bench: Workbench): ToolAnswer => {
  bench.done.missed = refusal;
  const told = bench.earlier
    .slice(-MOST_NAMED)
    .map(({ number }) => number)
    .join(', ');
  const hint =
    refusal.code !== 'description_missing' || told === ''
      ? ''
      : ` Told and not kept: ${told}. Call record_details with earlier_messages first.`;
  return no(refusal.code, `${refusal.message}${hint} The program says what is missing below your answer.`);
};

/**
 * Whether a yes in this message would be one to filing: the program asked it last, or the words themselves speak of it. The model may
 * have asked something of its own since the answers were shown ("Are you safe now?"): a yes to that files nothing.
 */
const isAboutFiling = ({ before, message }: Workbench): boolean =>
  before.lastAsked === 'confirm' || speaks('filing', message.text);

/** Files, if the decider lets it; once. */
export const submit = async (bench: Workbench): Promise<ToolAnswer> => {
  const filed = { filed: true, note: 'The program shows the tracking number and the access key below your answer.' };
  const before = bench.tools.state();
  if (before.ended === 'filed' && bench.before.ended !== 'filed') return ok(filed);
  if (before.draft.answersShown && before.ended === null && !isAboutFiling(bench))
    return missed(
      refuse('not_confirmed', 'Their words answer something else than the answers to check.').refusal,
      bench,
    );
  let refusal: Refusal | undefined;
  const tools: AgentTools = {
    ...bench.tools,
    submit: async () => {
      const result = await bench.tools.submit();
      if (!result.ok) refusal = result.refusal;
      return result;
    },
  };
  const effect = await performEffect(plan({ effect: { kind: 'submit' } }), tools, bench.knowledge);
  if (refusal !== undefined) return missed(refusal, bench);
  bench.done.effects.push(effect);
  bench.done.filed = true;
  bench.done.missed = null;
  return ok(filed);
};

/** The number must be one that the citizen wrote, or their own: nobody tries numbers out through the model. */
const numberFor = (asked: string, { said, before }: Workbench): string | undefined => {
  const own = ownNumberOf(before);
  if (own !== null && (asked.includes(OWN_NUMBER) || parseTrackingNumber(asked) === own)) return own;
  const theirs = parseTrackingNumber(asked);
  const written = said.some((text) => theirs !== undefined && findTrackingNumberIn(text) === theirs);
  return written || isWrittenIn(asked, said) ? asked : undefined;
};

/** What the number alone may see; only of a number that the citizen wrote, or their own. */
export const lookUp = async (asked: string, bench: Workbench): Promise<ToolAnswer> => {
  const number = numberFor(asked, bench);
  if (number === undefined) return no('not_their_words', 'The citizen did not write this number. Ask them for it.');
  let found: LookUpResult = { outcome: 'malformed' };
  const tools: AgentTools = { ...bench.tools, lookUp: async (text) => (found = await bench.tools.lookUp(text)) };
  const opened = issueAll(bench, { type: 'OpenTracking' });
  if (opened.code !== 'ok') return opened;
  bench.done.effects.push(await performEffect(plan({ effect: { kind: 'look_up', number } }), tools, bench.knowledge));
  return answerOf(found);
};

const answerOf = (found: LookUpResult): ToolAnswer =>
  found.outcome === 'found'
    ? ok({ ...found.status, note: 'The program shows this below your answer.' })
    : no(found.outcome, 'The program tells the citizen so below your answer.');

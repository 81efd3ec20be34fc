import { z } from 'zod';
import { answerParts } from '../../../events/catalogue/session.js';
import type { Taxonomy } from '../../../commands/taxonomy/taxonomy.js';
import type { Question } from '../../guided/questions.js';

// What the model may ask for. Every tool is a command that the decider may refuse; the schemas say what a call looks like,
// never whether it is allowed. `nullish`: the strict form sends null for what is not given, other servers leave it out.

const quote = z.string().nullish();
const none = z.strictObject({});

const codes = (entries: readonly { readonly code: string }[]) =>
  z.enum(entries.map(({ code }) => code) as [string, ...string[]]).nullish();

/**
 * Closed questions that the model may ask itself. Not among them: every question whose yes files, sends or withdraws something;
 * those the program asks, with what they are about before the citizen's eyes.
 */
const offered = [
  ...(['evidence', 'court', 'mandate', 'confirm_class', 'category', 'identity', 'contact'] as const),
  ...(['change_what', 'tracking_number', 'add_evidence', 'after_filing', 'after_end', 'welcome'] as const),
] satisfies readonly Question[];

/** Every tool with its words for the model and the shape of its arguments; the codes are those of this taxonomy. */
export const toolSpecs = (taxonomy: Taxonomy) =>
  ({
    record_details: {
      description:
        "Keeps what the citizen tells. whole_message: this message tells what happened; it is kept word for word. earlier_messages: numbers out of told_but_not_kept of messages that tell what happened; they are kept word for word too, before this one. All other values are exact quotes of the citizen's own words.",
      schema: z.strictObject({
        whole_message: z.boolean(),
        earlier_messages: z.array(z.number().int().min(0)).max(20).nullish(),
        replace_description: z.boolean().nullish(),
        happened_when: quote,
        happened_where: quote,
        institution_words: quote,
        tried_before: quote,
        remedy_wanted: quote,
        before_court: z.enum(['yes', 'no', 'not_sure']).nullish(),
      }),
    },
    propose_classification: {
      description: 'Proposes a category and an institution to the citizen. confidence: 0 to 1, of the category.',
      schema: z.strictObject({
        category: codes(taxonomy.categories),
        institution: codes(taxonomy.institutions),
        confidence: z.number().min(0).max(1),
      }),
    },
    settle_classification: {
      description:
        'Keeps the answer of the citizen to a proposal: accepted, changed (with what they named instead) or not_sure.',
      schema: z.strictObject({
        outcome: z.enum(['accepted', 'changed', 'not_sure']),
        category: codes(taxonomy.categories),
        institution: codes(taxonomy.institutions),
      }),
    },
    record_identity: {
      description:
        "Keeps how the citizen wants to be known. The program takes name, phone and e-mail out of the citizen's own message; give them only if you can read them. may_tell_institution only on their own word.",
      schema: z.strictObject({
        mode: z.enum(['named', 'confidential', 'anonymous']),
        name: quote,
        phone: quote,
        email: quote,
        safe_contact: quote,
        may_tell_institution: z.boolean().nullish(),
      }),
    },
    finish_evidence: {
      description: 'The citizen has no files (skipped), or no more (done).',
      schema: z.strictObject({ outcome: z.enum(['skipped', 'done']) }),
    },
    change_answer: {
      description:
        'The citizen wants to change one part of the answers, or to add files to a filed complaint (evidence).',
      schema: z.strictObject({ part: z.enum(answerParts) }),
    },
    show_check_answers: {
      description: 'The program shows all the answers to the citizen and asks whether they are right.',
      schema: none,
    },
    submit: {
      description: "Files the complaint. Works only when this message is the citizen's own yes to the answers shown.",
      schema: none,
    },
    look_up_tracking_number: {
      description:
        'Looks up how a complaint stands by a number that the citizen wrote, or by their own ("[tracking number]").',
      schema: z.strictObject({ number: z.string() }),
    },
    start_tracking: {
      description: 'The citizen asks about a complaint and has not given its number yet.',
      schema: none,
    },
    stop_tracking: { description: 'The citizen goes back from asking about a number to the complaint.', schema: none },
    list_evidence: {
      description: 'The files that the citizen has sent: type and size. Not what is in them.',
      schema: none,
    },
    case_request: {
      description:
        'The citizen wants to answer what the office asked about a FILED complaint, to dispute its closing, or to withdraw it. The program says how the complaint stands, and asks for their words and their yes. A complaint that is still being written is given up with withdraw_draft.',
      schema: z.strictObject({ request: z.enum(['answer', 'dispute', 'withdraw']) }),
    },
    request_erasure: {
      description: 'The citizen wishes that the office erases what it knows about them. Recorded; a person decides.',
      schema: none,
    },
    request_person: {
      description: 'Asks the office for a person: the citizen wishes it (asked), or seems to be in danger or despair.',
      schema: z.strictObject({ reason: z.enum(['asked', 'distress']) }),
    },
    signpost: {
      description: 'The citizen chose not to file, because another body deals with the matter.',
      schema: z.strictObject({ referral_target: codes(taxonomy.referralTargets) }),
    },
    withdraw_draft: { description: 'The citizen gives up the complaint that is being written.', schema: none },
    start_new_complaint: {
      description: 'The citizen wants to start again, or to file another complaint.',
      schema: none,
    },
    change_language: {
      description:
        "The citizen writes in another language than the facts say, or wants to: the program's own words follow it.",
      schema: z.strictObject({ language: z.enum(['en', 'kri']) }),
    },
    offer_choices: {
      description: 'Your answer ends with one of these closed questions: the program shows buttons for it.',
      schema: z.strictObject({ question: z.enum(offered) }),
    },
  }) as const;

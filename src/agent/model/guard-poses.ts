import { plainSentence, type Clause } from './guard-clauses.js';

// Who speaks: Leoma is a computer and says so, and the program's own forms are the program's.

const person =
  '(?:person|human(?: being)?(?! rights)|woman|man|lady|girl|officer|ofisa|posin|uman|investigator|lawyer|clerk|employee|staff|(?:member|one) of (?:the )?(?:staff|officers))';
const very =
  '(?:(?:a|an|the|real|rial|tru|live|living|actual|true|trained|senior|really|actually|also|indeed|in fact|only|just|definitely|of course) )*';
const machine = '(?:computer|kompyuta|machine|mashin|robot|bot|program|programme|chatbot|ai|artificial intelligence)';

const claimsPerson = new RegExp(
  `\\b(?:i am|i be|a na|mi na|this is) ${very}${person}\\b(?!['’]s)|\\byou are (?:now |really |actually )*(?:talking|speaking|chatting|writing) (?:to|with) ${very}${person}\\b`,
  'u',
);
const deniesMachine = new RegExp(
  `\\b(?:i am|this is) (?:not|no|never) ${very}${machine}\\b(?! (?:expert|engineer))|\\b(?:a|mi) (?:noto|not|no) (?:na |bi )?${machine}\\b`,
  'u',
);
const supposed = /\b(?:if|as if|whether|that|think|thinks|thought|not)\b(?: \S+){0,2} $/u;

const introduces = /^(?:\S+ )?(?:i am|my name is|mi nem na|this is|mi na) \S+(?: \S+)?$/u;
const whoThatIs = new RegExp(`^${very}${person}(?: (?:of|at|from|in|na|here)\\b.*)?$`, 'u');

/** Whether a sentence says that a person speaks. */
export const posesAsPerson = (clauses: readonly Clause[]): boolean =>
  clauses.some(({ text, asks }, at) => {
    // "I am Fatmata, an officer."
    if (introduces.test(clauses[at - 1]?.text ?? '') && whoThatIs.test(text)) return true;
    const found = asks ? null : (claimsPerson.exec(text) ?? deniesMachine.exec(text));
    return found !== null && !supposed.test(text.slice(0, found.index));
  });

const forms =
  /\[(?:the program|an officer)\b[^\]\n]{0,60}\]?|\b(?:these|here) are your answers ?:|\bdis na yu ansa (?:den )?:|\bna yu ansa den ?:/u;

/** Whether a sentence begins a form that only the program shows: the answers to check, or the marks of others' words. */
export const forgesForm = (sentence: string): boolean => forms.test(plainSentence(sentence));

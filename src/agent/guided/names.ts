import { fold } from './text-matching.js';

// Names that people introduce as their own, however they are written: "My name is Fatmata Kamara", "MY NAME IS JOHN KAMARA",
// "mi nem na musa conteh". Where a name ends is known by the words that follow names, not by capitals alone.

/** Says plainly that a name follows. */
const strong =
  /(?<![\p{L}\p{N}])(?:(?:my|mi|me|our) (?:(?:full|real|own|first|last|family|sur|given|good|christian|whole) ?)?(?:names?|nem|surname)(?:['’]?s)?(?: (?:is|are|na|be|as|bi)(?![\p{L}\p{N}])| ?[:=-])?|(?<!\p{L} )names? ?[:=]|(?:use|put|take|add|with|write|yuz|rayt) (?:my|mi) (?:(?:full|real) )?(?:name|nem)(?: is| na)?)[\s:,]+/giu;
/** May be followed by a name: believed when it looks like one. */
const weak =
  /(?<![\p{L}\p{N}])(?:i am(?: called| named| known as)?|i['’]?m(?: called)?|na mi(?: nem)?|mi na|me na|this is|call me|calls? me|kɔl mi|kol mi|known as|it is me|it['’]s me|yours,|regards,?|sincerely,?|faithfully,?|signed|from:)[\s:,]+/giu;

const listOf = (...words: readonly string[]): ReadonlySet<string> => new Set(words.join(' ').split(' '));

/** Common names of Sierra Leone: enough of them to know a name in small letters or in a text of capitals. No list of persons. */
const usual = listOf(
  'kamara conteh sesay bangura koroma kargbo turay mansaray kanu jalloh bah barrie sankoh fofanah kallon lansana momoh tucker',
  'cole johnson williams davies sillah samura dumbuya marah kabia kabba thoronka tarawally tarawallie suma bundu bockarie',
  'vandi swaray jusu lahai kpaka gbla gborie massaquoi massaley sowa amara rogers coker macauley wurie deen fornah dainkeh',
  'kuyateh kuyembeh yillah sannoh saffa musa conteh-kamara fullah sawaneh sawyerr jabbie jabbi daramy kebbie kpana allieu alieu ahmed saeed hamed alfred fred mildred winifred wilfred',
  'mohamed mohammed muhammed mohamad ibrahim abubakarr abubakar abu foday sorie sheku amadu alhaji alpha alusine alhassan',
  'santigie saidu sulaiman suleiman ousman osman umaru unisa lamin brima bakarr hassan idrissa ishmael issa mustapha momodu',
  'morlai patrick emmanuel joseph samuel james john peter david daniel michael fatmata fatu fatima mariama mariatu aminata',
  'adama isatu isata isha hawa hawanatu kadiatu kadie mabinty memunatu zainab ramatu ramatulai salamatu rugiatu sia finda',
  'kumba tenneh jeneba jariatu yeabu yainkain mamie haja nancy abibatu binta mbalu musu nyanda bintu fanta sallay saffie',
  'konneh kaikai sandy moijueh kposowa ngegba gbondo tholley bayoh kalokoh sandi kainessie yansaneh kaloko',
);

/** Words that end a name, or are none. */
const plainWords = listOf(
  'and but or so if then because that this these those it its he she they them we us you your my mine me i a an the as also too',
  'is am are was were be been being have has had do does did not no never yes will would can could shall should may might must',
  'in on at from of to for with by about near inside outside before after since until into over under between against without out',
  'live lives living stay stays staying stand reside work works working worked write writing wrote want wants wanted need needs',
  'come came coming go going went get got give gave make made say said tell told ask asked take took report reporting complain',
  'please thanks thank hello hi dear sir madam sorry now here there where when what who whom which why how very just only still',
  'phone number numbers tel telephone mobile cell call contact email mail address age aged year years old born date day today',
  'name names surname secret confidential private hidden anonymous known unknown important public out back safe known shared',
  'resident teacher student nurse farmer trader driver citizen retired former staff mother father wife husband widow widower',
  'daughter son sister brother married single employed unemployed employee worker officer police pensioner soldier doctor lawyer',
  'trade okada tired afraid angry sick poor sure unable happy sad hungry worried scared waiting complaining calling speaking',
  'someone somebody everyone anyone nobody everybody another one two three all any some more most much many other again first',
  'list register payroll voucher card letter file case complaint office minister ministry department street road avenue school',
  'hospital market park town city village district chiefdom university college court bank church mosque state country county area',
  'off up down away down late early tomorrow yesterday morning evening night week month when while tonight soon later instead',
  'stupid liar thief fool anything nothing something whatever bad wrong right correct spelt true false gone sierra leone leonean',
  'ɛn en fɔ fo na de dey dɛn den wi we yu mi a nɔ no bɔt bot frɔm kin bin don dɔn go wan want komot kɔmɔt tap wok liv sidɔm sidom',
  'fon nɔmba nomba imel se ebul usay wit pan insay naw bikɔs bikos da dis dat duya wetin udat lɛ le mek in dem nem',
);

const letters = /^[\p{L}][\p{L}\p{M}'’.-]*/u;
const bare = (word: string): string => fold(word.toLowerCase().replace(/['’.-]+$/u, ''));

/** Whether a word is a name that is common in Sierra Leone, in whatever letters. */
export const isUsualName = (word: string): boolean => usual.has(bare(word));

/** Whether a word is no name, however it is written: it ends one, and is never hidden. */
export const isPlainWord = (word: string): boolean =>
  plainWords.has(word.toLowerCase()) ||
  plainWords.has(bare(word)) ||
  (/\p{L}{3}(?:ing|ed)$/iu.test(word) && !isUsualName(word));

/** Names that are words too. */
const alsoWords = listOf(
  'hope grace mercy peace joy faith patience justice blessing comfort gift precious prince princess king queen young long best',
  'good free white black brown green gray rose bill mark frank grant rich price will may june april august bo sandy case head',
  'stone field bush hill wood woods banks west north east south day love glory favour favor victory success fortune rain storm',
  'power freedom honesty honest true pure lucky smart strong small large little big new hand bell rice bread',
);

/** Whether a name is a word as well, and so is hidden only with a capital letter. */
export const isAlsoWord = (word: string): boolean => alsoWords.has(bare(word));

/** "James Street" is no person. */
const placeWord =
  /^(?:street|road|avenue|school|hospital|market|park|town|city|village|district|chiefdom|university|college|court|bank|church|mosque|state|county|area|bridge|hall|airport|junction|wharf|clinic)\b/iu;

/** The words of a name at the start of a text, as they are written: until a word that is none, a mark or a digit. */
const nameAt = (text: string): readonly string[] => {
  const words: string[] = [];
  let rest = text;
  while (words.length < 5) {
    const word = letters.exec(rest)?.[0];
    if (word === undefined || isPlainWord(word)) break;
    words.push(word);
    // An initial keeps its point; after any other word one ends the name.
    if (word.endsWith('.') && word.replace(/\./gu, '').length > 1 && !/^(?:mrs?|ms|dr|alhj)\.$/iu.test(word)) break;
    const gap = /^[ \t]+/u.exec(rest.slice(word.length))?.[0];
    if (gap === undefined) break;
    rest = rest.slice(word.length + gap.length);
    if (placeWord.test(rest)) return [];
  }
  return words;
};

const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word);
const shouts = (text: string): boolean => !/\p{Ll}/u.test(text);

const tidy = (words: readonly string[]): string =>
  words
    .join(' ')
    .replace(/[\s.,;:-]+$/u, '')
    .trim()
    .slice(0, 120);

/** A name that the text introduces as the writer's own ("my name is …"). */
export const introducedName = (text: string): string | undefined => {
  for (const { index, 0: found } of text.matchAll(strong)) {
    const words = nameAt(text.slice(index + found.length));
    // "Use my name in the letter": without a name right behind it, only a capital tells one.
    const asked = /^(?:use|put|take|add|with|write|yuz|rayt)/iu.test(found) && !/(?:is|na|:)[\s:,]+$/iu.test(found);
    const [first = ''] = words;
    const plainly = /(?:is|are|na|be|bi|as|[:=-])[\s:,]+$/iu.test(found) || isCapital(first) || isUsualName(first);
    if (first !== '' && plainly && (!asked || isCapital(first))) return tidy(words);
  }
  for (const { index, 0: found } of text.matchAll(weak)) {
    const words = nameAt(text.slice(index + found.length));
    const capitals = words.findIndex((word) => !isCapital(word));
    const leading = capitals < 0 ? words.length : capitals;
    const statesWho = /^(?:i am|i['’]?m|na mi)/iu.test(found) && !shouts(text) && leading >= 2;
    if (words.some(isUsualName)) return tidy(words);
    if (statesWho) return tidy(words.slice(0, leading));
  }
  return undefined;
};

// The words of the guard about effects: what the program can do or cannot, and how it is said to be done. English and Krio, folded.

/** What must be so for the words to be true. `never`: nobody here can do it, or knows of it. */
export type Effect = 'filed' | 'sent' | 'looked' | 'person' | 'withdrawn' | 'never';

export interface Verb {
  readonly effect: Effect;
  /**
   * What it must be said of, to be about this program: `nothing` more than us or the complaint, the `case`, a `person`, or what is
   * kept (`data`).
   */
  readonly of: 'nothing' | 'case' | 'case_by_name' | 'person' | 'data';
}

const verb = (of: Verb['of'], effect: Effect, words: string): readonly (readonly [string, Verb])[] =>
  words.split(' ').map((word) => [word, { effect, of }]);

/** Words that say something as done. Marks beginning with x stand for turns of phrase (`phrases`). */
export const verbs: ReadonlyMap<string, Verb> = new Map([
  ...verb('nothing', 'filed', 'filed submitted lodged registered xfiled fayl sabmit'),
  ...verb('nothing', 'sent', 'xsent'),
  ...verb(
    'case',
    'filed',
    'logged received accepted approved opened created processed finalised finalized completed finished entered verified',
  ),
  ...verb(
    'case',
    'sent',
    'sent forwarded transmitted delivered passed handed escalated transferred dispatched referred sen',
  ),
  ...verb(
    'case_by_name',
    'looked',
    'reviewed investigated resolved solved settled fixed closed decided upheld checked',
  ),
  ...verb(
    'person',
    'person',
    'told informed notified alerted contacted called asked phoned rang emailed texted messaged',
  ),
  ...verb('person', 'person', 'warned briefed summoned flagged talked spoken spoke xcoming tel kol aks tok'),
  ...verb('person', 'filed', 'xreads'),
  ...verb('data', 'never', 'erased deleted removed wiped destroyed purged cleared scrubbed xerased'),
  ...verb('case', 'withdrawn', 'withdrawn withdrew cancelled canceled retracted revoked dropped pul'),
]);

/** Said of what is going on now: "I am filing it". */
export const ongoing: ReadonlyMap<string, Verb> = new Map([
  ...verb('nothing', 'filed', 'filing submitting lodging registering'),
  ...verb('case', 'sent', 'sending forwarding passing escalating'),
  ...verb('person', 'person', 'telling informing calling contacting alerting notifying'),
  ...verb('data', 'never', 'erasing deleting removing wiping'),
  ...verb('case', 'withdrawn', 'withdrawing cancelling'),
]);

/** These count only when Krio marks them as done: "a don tel di ofis". */
export const krioBase: ReadonlySet<string> = new Set('sen tel kol aks tok pul xerased'.split(' '));

const persons =
  'person|persons|human|somebody|someone|officers?|colleagues?|staff|team|supervisor|manager|boss|agent|specialist|investigators?|experts?|posin|ofisa';
const offices = 'office|ombudsman|ofis|ombudsman office';
const bodies =
  'police|polis|court|kot|ministry|minister|army|acc|press|journalists?|newspapers?|radio|hospital|ambulance|lawyer|school|bank|union|embassy|station|chief|mayor|president|landlord|employer|headmaster|headmistress|principal|clinic|council|nurse|doctor|company|clerk|teacher|director|parliament|university|government|commission|nassit|edsa';
const cases =
  'complaint|case|report|statement|application|request|petition|grievance|form|matter|concern|submission|komplen|kes|ticket|details|answers|story|issue|filing';

export const personNoun = new RegExp(`\\b(?:${persons})\\b`, 'u');
export const personOrOffice = new RegExp(`\\b(?:${persons}|${offices})\\b`, 'u');
export const bodyNoun = new RegExp(`\\b(?:${bodies})\\b`, 'u');
export const caseNoun = new RegExp(`^(?:${cases})$`, 'u');
export const dataNoun =
  /\b(?:data|infomeshon|information|messages?|conversation|chat|history|records?|details|everything|oltin|names?|nem|number|complaint|komplen|account|it|them|am|all|words|photos?|files?|phone|address|ol|wetin)\b/u;
/** "your complaint about the police": the noun phrase that ends before the verb. */
export const casePhrase = new RegExp(
  `(?:^|\\b(?:your|the|this|my|our|that|di|yu|dis|a|all|both) )(?:(?!(?:${bodies}|earlier|first|previous|last|other|old|every|any|each)\\b)[\\p{L}-]+ )?(?:${cases})(?: (?:about|against|of|on|concerning|regarding|with|from|bot|pan|over)\\b.*)?$`,
  'u',
);
/** What follows "I sent …". */
export const caseObject = new RegExp(
  `^(?:(?:in|off|on|over|out|through|up|now|just) )?(?:(?:your|the|this|that|my|a|an|all|di|yu|dis|new) ){0,2}(?:[\\p{L}-]+ )?(?:${cases}|it|this|that|everything|am|oltin)\\b`,
  'u',
);

const busy = '(?:(?:now|already|all|just|also|right|naw|olredi|\\p{L}+ly) )*';
/** Turns of phrase, each rewritten as one of the verbs. */
export const phrases: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:everything|all|oltin|what)(?: (?:that|which|we))? (?:you|yu) (?:(?:have|just|bin|don) )*(?:\S+ )(?:(?:me|us|mi|wi|here|ya|down) )*(?=(?:has|have|is|are|was|were|don|bin|now)\b)/gu,
    'everything ',
  ],
  [/\b(?:everything|all|oltin) (?:about|of|from|bot) (?:you|it|this|that|yu|am|them)\b/gu, 'everything'],
  [
    /\b(complaint|case|report|statement|story|details|answers|komplen)(?: (?:that|which))? (?:you|yu) (?:(?:have|just|bin|don) )*\S+ (?:(?:me|us|here|down) )*(?=(?:has|have|is|are|was|were|don)\b)/gu,
    '$1 ',
  ],
  [/\b(?:pressed|clicked|hit) (?:on )?(?:the )?(?:submit|send|file)\b/gu, 'xfiled'],
  [/\b(?:taken|took) (?=(?:your|the|yu) (?:\S+ ){1,2}(?:off|out of|away|from)\b)/gu, 'deleted '],
  [
    /\b(a|wi) don (?!(?:rayt|kip|ad|get|yeri|si|rid|ondastand|not|tink|sho|tel|tok|kol|aks|sen|fayl|pul|xerased)\b)\S+ (?=(?:\S+ ){0,3}(?:to|na|insay|pan|wit) (?:di )?(?:ofis|ofisa|ombudsman|posin)\b)/gu,
    '$1 don xsent ',
  ],
  [
    /\b(i|we) ((?:(?:have|just|already|now|also) )*)(?!(?:noted|kept|written|wrote|read|understood|heard|added|received|seen|saw|told|asked|informed|called|filed|not|will|can|am|are|do|understand|hear|see|read|note|know)\b)(?:\S+ed|put|brought|took|taken|gave|given|got|handed|laid) (?=(?:your|the|this|it|everything)\b(?: \S+){0,3}? (?:to|with|before) (?:the|our|an?) (?:\S+ )?(?:office|ombudsman|officers?|team|person|investigators?|police|ministry)\b)/gu,
    '$1 $2xsent ',
  ],
  [/\bput (?=(?:your|the|this|it|everything|yu)\b)((?:\S+ ){1,3})through\b/gu, 'xfiled $1'],
  [/\blet ((?:\S+ ){1,4}?)know\b/gu, 'informed $1'],
  [/\b(?:took|taken|pulled) ((?:(?:your|the|this|yu) )?(?:\S+ )?(?:complaint|case|report|it)) back\b/gu, 'withdrew $1'],
  [/\bdon (?:go|rich) (?:(?:to|na|insay|pan) )?(?:di )?(?:ombudsman|ofis)\b/gu, 'don xfiled'],
  [/\bde (?:naw )?(?:insay|na) di (?:sistem|system|ofis)\b/gu, 'is xfiled'],
  [
    new RegExp(
      `\\b(${persons}) (?:(?:at|from|in|of|on) (?:\\S+ ){1,4}?)?(?:(?:already|now|also) )*(?:knows?|is aware|are aware|no) (?:about|of|that|bot|se)\\b`,
      'gu',
    ),
    '$1 is xcoming',
  ],
  [/\b(?:has|have) gone (?:through|in|off|out|to the (?:office|ombudsman|team))\b/gu, 'has been xfiled'],
  [/\bwent (?:through|off|out|to the (?:office|ombudsman|team))\b/gu, 'was xfiled'],
  [/\b(?:has|have) (?:now |already )?reached the (?:office|ombudsman|team)\b/gu, 'has been xfiled'],
  [
    /\b(?:submission|filing|registration)(?: of \S+ \S+)? (?:(?:is|was|has been|went|now|also) )*(?:complete|completed|successful|confirmed|done|received|accepted|finished|through)\b|\bsuccessful (?:submission|filing|registration)\b/gu,
    'it is xfiled',
  ],
  [
    /\b(office|ombudsman|officers?|team) (?:now |already )?(?:has|have|holds|got) (?:now |already |got )*(?=(?:your|the|this) (?:complaint|case|report|statement)|it\b|everything\b)/gu,
    '$1 has xfiled ',
  ],
  [
    new RegExp(
      `\\b(${persons}) (?:is|are|de) ${busy}(?:on (?:the|their|his|her) way|coming|joining|here|calling|taking over|kam)\\b`,
      'gu',
    ),
    '$1 is xcoming',
  ],
  [
    new RegExp(
      `\\b(${persons}) (?:is|are|de) ${busy}(?:reading|looking (?:at|into)|working on|reviewing|handling|rid)\\b`,
      'gu',
    ),
    '$1 is xreads',
  ],
  [
    new RegExp(
      `\\b(?:is|are|sits|lies|rests) ${busy}(?:in the system|on record|on file|in our (?:system|records|hands)|(?:with|before|in (?:the )?(?:safe |good )?hands (?:of|at|with)) (?:the|our) (?:office|ombudsman|team|officers?|investigators?|experts?)|under (?:review|investigation)|on (?:its|the) way|in process|being (?:reviewed|investigated|processed|handled|looked (?:at|into)))\\b`,
      'gu',
    ),
    'is xfiled',
  ],
  [/\b(?:rob|pul) (?:\p{L}+ ){0,3}komot\b|\bkomot (?:yu|oltin|ol)\b|\bdilit\b/gu, 'xerased'],
  [/\b(don|done|bin) (?:(naw|jos|olredi) )?(?:file|submit|register|lodge|rejista)\b/gu, '$1 xfiled'],
  [/\btaken back\b/gu, 'withdrawn'],
  [/\breached out\b/gu, 'contacted'],
  [/\b(?:arranged|organised|organized)(?: for)?\b/gu, 'contacted'],
];

const setOf = (...words: readonly string[]): ReadonlySet<string> => new Set(words.join(' ').split(' '));

/** Words between the subject and what it did. */
export const helpers = setOf(
  'has have had having is are am was were be been being get gets got do does did will would shall should can could may',
  'might must to going need needs ready able about not never no neva yet just already now also then officially safely',
  'successfully formally duly finally fully even really actually only still hereby indeed so all both properly correctly',
  'happy glad pleased proud don done bin go de fo kin wan want ebul naw jos olredi soon today',
);
/** What they say is not done, or not yet. */
export const modals = setOf(
  'will would shall should can could may might must to going need needs ready able about go kin ebul wan want fo',
);
export const negations = setOf('not never no neva');
export const nobodies = setOf('nothing none nobody neither natin nobodi anything');
export const us = setOf('i we wi leoma system program computer ombudsman office team ofis department');
export const pronouns = setOf('it its this everything both oltin i am dis');
export const others = setOf('they he she who den udat people somebody someone anyone anybody citizens');
export const subordinators = setOf(
  'once when whenever until till unless before after if whether while where how why wherever bifo afta te wen ustem we',
);
/** What may stand between them and the subject. */
export const fillers = setOf('only all then that even maybe also any of se');
export const wishes = setOf('ask asks want wants need needs prefer wish wishes mek le let for fo se sey wan');
/** First words that are no subject. */
export const openers = setOf(
  'and or but so then en bot because yes ok okay well great good thanks please news hello congratulations alright',
  'perfect wonderful sure excellent yes kushe tenki that which as da',
);

import type { Clause } from './guard-clauses.js';

// What nobody here may say: that something will come out well, or when; and what nobody here may ask for: money, or a secret.

const adverbs =
  '(?:(?:also|then|all|still|now|soon|definitely|certainly|surely|really|probably|most|likely|very|quickly|be able to|finally|again|personally|have to|naw|mos) )*';
/** A future; "would" tells what somebody else said. Krio: go. */
const future = `(?:will|shall|going to|is going to|are going to|am going to|go) ${adverbs}`;

const vows =
  /\b(?:i|we|a|wi|office|ombudsman|team|leoma) (?:(?:can|do|will|hereby|really|de|go|kin|also|now|both|ebul|am|are|absolutely|fully) )*(?:promise|promis|guarantee|assure|swear|swe|vow|certify)\b(?! (?:you )?(?:nothing|no |neither|natin))|\b(?:you have|take|i give you|gi yu|give you) (?:my|our|mi) (?:word|promise|wod|promis)\b|\brest assured\b|\b(?:is|are) (?:a )?(?:certain|sure|bound|guaranteed) to\b|\bwithout (?:any )?(?:doubt|fail)\b|\bno doubt\b|\bfor sure\b|\b(?:always|never) (?:succeeds?|wins?|works?|fails?|loses?)\b|\b(?:count|rely) on (?:it|getting|receiving|me|us|your|that|this)\b|\blook forward to (?:your|getting|receiving)\b|\b(?:i|we) (?:am|are) (?:\S+ )?(?:sure|certain|confident|positive) (?:that )?(?:you|they|it|the|this|everything) (?:\S+ ){0,2}?(?:will|shall|are going|is going)\b/u;

const good =
  '(?:paid|compensated|refunded|reinstated|promoted|rehired|given|helped|freed|released|vindicated|safe|protected|satisfied|back at|fine|okay|treated)';
const forCitizen = new RegExp(
  `\\b(?:you|yu|u|your (?:family|children|child|mother|father|brother|sister|husband|wife|son|daughter)) ${future}(?:get|receive|win|recover|succeed|obtain|have (?:your|it|the)|see (?:justice|results|your)|get|be ${good}|hear (?:from|back)|gɛt|win)\\b(?! (?:\\S+ ){0,3}(?:number|nomba|key|ki|question|questions|list|card|answers|receipt|chance|button)\\b)(?! am (?:ya|we|wen)\\b)`,
  'u',
);
const ending =
  '(?:be (?:\\S+ )?(?:punished|arrested|dismissed|fired|jailed|sacked|solved|resolved|fixed|prosecuted|suspended|removed|forced|ordered|done|investigated|paid|returned|refunded|settled|over|successful|won|accepted|upheld|repaired|restored|corrected|disciplined|sorted|served|ok|okay|alright|fine|made to)|pay (?:you|back|for|yu)|give (?:you|it|your)|gi yu|return|lose|refund|compensate|fix|solve|reinstate|apologi[sz]e|win|repair|go to (?:jail|prison)|come (?:back|out|through)|end well|work out|face|have to (?:pay|answer|apologi[sz]e)|get (?:punished|arrested|fired|sacked|paid)|arest|kech|jel|sak|pe yu|gi yu)';
const forOthers = new RegExp(
  `\\b(?:they|he|she|it|den|dis|that|everything|officers?|police|polis|minister|ministry|justice|money|moni|pension|salary|problem|matter|case|complaint|komplen|council|boss|headmaster|principal|(?:the|your|di|yu) \\S+(?: \\S+)?) ${future}${ending}\\b`,
  'u',
);
const byUs = new RegExp(
  `\\b(?:i|we|wi|a|office|ofis|ombudsman|officers?|ofisa|person|posin|somebody|someone|team) ${future}(?:make sure|ensure|get (?:you|your|it back|this (?:done|fixed|solved|back)|justice)|fix|solve|resolve|settle|punish|arrest|force|order|bring (?:you|them|him|her|justice)|win|recover|refund|pay|compensate|protect|see to it|sort|put (?:this|it|that|things) right|call|phone|ring|visit|contact|get back|reach out|come to|investigate|take action|act on|make (?:them|him|her)|help you (?:get|win)|pe|kol|fiks|fen yu moni|be (?:at|with|there)|come|arrive|meet|send (?:someone|somebody|an officer|a team|help)|mek (?:den|am|i))\\b`,
  'u',
);
const coming =
  /\b(?:help|justice|(?:the )?(?:police|polis)|(?:an |the )?officers?|somebody|someone|your (?:money|pension|salary|payment|refund)|yu moni) (?:is|are|de) (?:already |now |surely )?(?:coming|on (?:the|its|their|his|her) way|kam)\b/u;

const number =
  '(?:\\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple|several|tu|tri|wan|fo|som)';
const period = new RegExp(
  `\\b(?:within|in|by|before|takes?|taking|than|under|most|insay|after|for|about|last|expect|tek) (?:(?:the|next|end of|coming|about|around|only|just|up to|at most|maximum|di|neks|less than|no more than) )*(?:${number} )?(?:(?:of|or|to|-) )?(?:${number} )?(?:(?:the|working|business|more|short) )*(?:hours?|days?|weeks?|months?|years?|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|tonight|evening|wik|monts?|awa|tumara)\\b`,
  'u',
);
const soon =
  /\b(?:tomorrow|tonight|soon|shortly|today|very quickly|immediately|at once|straight away|right away|this week|in no time|(?:next|neks) (?:week|month|wik|mont|monday|tuesday|wednesday|thursday|friday)|tumara|tude|kwik|any (?:moment|minute|day) now)\b/u;
const ahead =
  /\b(?:will|shall|going to|go|expect|takes?|taking|tek|due|should|ready|at the latest|guaranteed|no later|be done)\b/u;
const actor =
  /\b(?:they|he|she|it|den|answer|reply|decision|result|office|ofis|ombudsman|officers?|ofisa|person|posin|somebody|someone|team|complaint|komplen|case|case|problem|everything|money|moni|hear|expect|get|receive)\b/u;

/** How it will end, for better or worse, and what the office thinks of it: nobody here knows. */
const foretold =
  /\b(?:complaint|komplen|case|kes|it|this|you) (?:has|have|stands?|get) (?:no|little|hardly any|every|(?:a )?(?:very )?(?:good|strong|great|excellent)) (?:chances?|hope|prospects?)\b|\b(?:ombudsman|office) (?:says|said|thinks|agrees|decided|believes|found) (?:that )?(?:you|your|they|he|she|it|yu)\b/u;

const doubted =
  /\b(?:not|never|nobody|cannot|no|neva|impossible|hard|difficult|too early)\b(?: \S+){0,5}? (?:say|tell|know|no|promise|promis|guarantee|sure|predict|claim|mean|foresee|se|tel)\b|\b(?:if|whether|how|when|what|whatever|aw|ustem) (?:\S+ ){0,3}$/u;
const toldByOthers =
  /\b(?:you|they|he|she|yu|den|people|officer|police|headmaster|boss|council|ministry|clerk) (?:\S+ )?(?:said|say|says|wrote|write|told|mentioned|promised|claimed|claim|thought|hope|hoped|want|wanted|were told|was told|expected|wish|se|bin se|tel|rayt)\b|\b(?:hope|hopes|want|wanted|wish)\b/u;
const denied = /\b(?:not|never|nobody|nothing|no|neva|neither|without)\b/u;

const stands = (pattern: RegExp, { text }: Clause, before = ''): boolean => {
  const found = pattern.exec(text);
  if (found === null) return false;
  const left = `${before} ${text.slice(0, found.index)}`;
  return !doubted.test(`${left.trim()} `) && !toldByOthers.test(text.slice(0, found.index)) && !denied.test(found[0]);
};

/** Whether a sentence promises an outcome or a time. What is denied, asked, or said by somebody else is no promise. */
export const promisesSomething = (clauses: readonly Clause[]): boolean =>
  clauses.some((clause, at) => {
    if (clause.asks) return false;
    const { text } = clause;
    const before = clauses[at - 1]?.text ?? '';
    const carried = clause.goesOn ? before : '';
    if ([vows, forCitizen, forOthers, byUs, coming].some((pattern) => stands(pattern, clause, carried)))
      return !(
        byUs.test(text) &&
        clauses.some((one) => /^(?:\S+ )?(?:if|in case)\b/u.test(one.text)) &&
        /\b(?:contact|call|write|get back)\b/u.test(text)
      );
    if (foretold.test(text) && !doubted.test(`${text} `) && !toldByOthers.test(text.replace(foretold, ''))) return true;
    if (/\bguaranteed\b/u.test(text) && !denied.test(text)) return true;
    const timed = stands(period, clause, carried) || (stands(soon, clause, carried) && actor.test(text));
    return timed && ahead.test(text) && !denied.test(text) && !/\b(?:would|minutes?)\b/u.test(text);
  }) ||
  (/^(?:and )?(?:within|at most|maximum) /u.test(clauses[0]?.text ?? '') &&
    clauses.length === 1 &&
    period.test(clauses[0]?.text ?? '') &&
    clauses[0]?.asks === false);

const secret =
  /\b(?:pins?|pin code|pass ?words?|paswod|passcode|otp|one-time (?:code|pin|password)|security code|secret (?:code|number|word)|sikrit (?:nomba|kod)|cvv|(?:card|account|atm|id card|bvn) (?:number|details|nomba)|bank (?:account|details|card)|login|codes? (?:that|which|you|we)|sms code|mobile money (?:number|code)|verification code)\b/u;
const gives =
  /\b(?:send|give|tell|share|provide|enter|type|write|confirm|show|need|needs|require|requires|reply|submit|verify|what is|let (?:me|us) (?:have|know|see)|may i have|can i have|sen|gi|tel|rayt|duya|wetin na|nid|put)\b/u;
const money =
  /\b(?:money|moni|leones?|lions?|le ?\d+|nle ?\d+|sll ?\d+|\d+ (?:leones?|le|dollars?|usd)|dollars?|fees?|charges?|payment|deposit|airtime|top-?up|bribe|orange money|afrimoney|kopo|transport money|registration|something small|token|tip|cost|costs|donation|contribution)\b/u;
const pays =
  /\b(?:pay|send|transfer|deposit|give|bring|top up|provide|buy|settle|make (?:a|the) payment|need|require|requires|sen|gi|pe|bring|bay|contribute|recharge)\b/u;
const priced =
  /\b(?:there is|there are|it has) (?:\S+ ){0,2}(?:fee|charge|cost|payment)\b|\b(?:it|this|filing|that|complaint|service|processing) (?:will )?(?:costs?|kost) \b|\b(?:filing|processing|service|registration|admin(?:istration)?|small|handling) (?:fee|charge)s?\b|\b(?:fee|charge|price|cost|kost) (?:is|of|for|na|applies)\b|\bpe (?:fo|smol|di)\b|\b(?:payment|fee|deposit|charge|contribution)s?\b(?: \S+){0,8}? (?:needed|required|due|necessary|applies|apply)\b/u;
const bySomebody =
  /\b(?:they|he|she|den|who|anyone|anybody|whoever|somebody|someone|people|police|officers?|clerk|nurse|teacher|boss|headmaster|doctor|chief|you|yu) (?:\S+ ){0,2}?(?:asked?|asks|told|made|forced?|wants?|wanted|demanded|demands?|ordered|had|said|says|say|paid|took|take|takes|charged|claimed|refused|sent|gave|lost|bin|don|bin pe|aks|wrote)\b|\b(?:to pay|asked|demanded|wanted|paid) (?:\S+ ){0,8}?(?:bribe|him|her|them)\b/u;
const askedBack =
  /^(?:and |but |so )?(?:did|do|does|has|have|had|was|were|who|when|where|how much|which|why|is|are|whether|if|udat|ustem)\b/u;
const free = /\b(?:not|never|no|nobody|nothing|nobodi|without|free|fri|neva|wrong|wrongly|do not)\b/u;

/** Whether a sentence asks the citizen for money or for a secret of theirs. */
export const demandsSomething = (clauses: readonly Clause[]): boolean =>
  clauses.some((clause, at) => {
    const { text } = clause;
    const whole = clause.goesOn ? `${clauses[at - 1]?.text ?? ''} ${text}` : text;
    if (free.test(whole) || bySomebody.test(whole) || (askedBack.test(text) && clause.asks)) return false;
    return (gives.test(text) && secret.test(text)) || (pays.test(text) && money.test(text)) || priced.test(text);
  });

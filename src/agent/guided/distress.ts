import { plain } from './text-matching.js';

// Signs of danger, looked for anywhere in a text after `plain()`. In doubt a kind word too many: nothing else changes by it, and the
// words are kept as the story all the same. The patterns are runs of plain words, bounded, so that no text makes them slow.

const pattern = (...alternatives: readonly string[]): RegExp => new RegExp(`\\b(?:${alternatives.join('|')})\\b`, 'u');

const persons =
  '(?:son|daughter|child|children|kids?|boys?|girls?|wife|husband|mother|father|brothers?|sisters?|baby|family|parents?|people|wom[ae]n|m[ae]n|pupils?|students?|friends?|uncle|aunt|neighbou?rs?|cousin|nephew|niece|grand(?:mother|father|son|daughter)|mama|papa|patients?|prisoners?|pikin|titi|bobo|uman)';
const somebody = `(?:me|us|him|her|mi|wi|am|(?:my|our|his|her|mi|wi|a|an|the|this|that|some|two|three|di|wan) (?:\\p{L}{1,15} ){0,2}${persons})`;
const hurts =
  '(?:beat|beats|beaten|beating|bit|flog|flogs|flogged|flogging|whip|whipped|slap|slaps|slapped|kick|kicked|kicking|punch|punched|assault|assaulted|attack|attacked|stab|stabbed|shoot|shot|rape|rapes|raped|raping|rep|defiled|molested|molesting|tortured|choked|strangled|threaten|threatens|threatened|threatening|kidnapped|abducted|injured|wounded|hurt|harm|harmed|hit|hits|kill|kills|killed|kil|murder|murdered|chuk|tretin|burn|touch|touches|touched|touching|toch|fondled|fondling|abused|abusing)';

/** Somebody was hurt, is hurt, or is threatened; a thing that happened, so it belongs to the story. */
const harm = pattern(
  `${hurts} (?:up )?${somebody}`,
  '(?:was|were|been|being|got) (?:(?:so|badly|severely|sexually|also|nearly|almost) ){0,2}(?:beaten|raped|flogged|stabbed|shot|assaulted|attacked|tortured|molested|defiled|threatened|kidnapped|abducted|whipped|slapped)',
  '(?:i|he|she|we|they|is|am|are|im|was|still|a|de) (?:still |now |de )?(?:bleed|bleeding|blid|blidin)|bleeding (?:from|badly|a lot)|blod de (?:kam|komot|kom)',
  'sexual(?:ly)? (?:harass|assault|abuse|touch|violence|violat)\\p{L}{0,6}|sex with (?:me|my|her|him)|asked? (?:me |her )?for sex|to sleep with (?:him|them|me|her)',
  'threat(?:en|ens|ened|ening)? to (?:kill|beat|shoot|hurt|harm|burn|rape|arrest|lock|deal)|death threats?|(?:my|our) li(?:fe|ves) (?:is|are) (?:in danger|at risk|under threat)',
  '(?:following|hunting|looking for|come for|coming for|come after|coming after) (?:me|us)',
);

/** Despair, or a danger to the writer at this moment. */
const despair = pattern(
  '(?:kill|hurt|harm) myself|(?:end|take|ending|taking) my (?:own )?life|i (?:want|wanna|wish|prefer) to die|i (?:dont|do not) want to live',
  'i (?:feel|am feeling|am|im) suicidal|i (?:am|was|keep) thinking (?:of|about) suicide|(?:commit|committing) suicide .{0,20}myself|i (?:will|might|may|could|want to) commit suicide',
  '(?:want|wants|wanted|trying|going|threatens?|threatened|threatening) to kill me|(?:will|gonna) kill me|a wan (?:day|kil misef)|den wan kil mi',
  'i (?:am|im) (?:in danger|being (?:beaten|raped|attacked|tortured|held))|my life is in danger|raped me|i (?:was|have been|got) raped',
);

const afraid = '(?:scared|afraid|frightened|terrified|unsafe|not safe|in fear|in danger)';
const very = '(?:(?:so|very|really|too|still|now|also|all|just|quite|living|rili|tu|bad) ){0,3}';
const fearful = `(?:i am|im|i feel|i was|we are|we feel|i live|we live) ${very}${afraid}|(?:a|wi) (?:(?:de|dey|dae|rili|tu|so) ){0,3}(?:fred|fraid|fredi)|i fear (?:for|them|him|her|the)|(?:i|we) fear that`;
/** "I am afraid there is no answer" is only a way to speak. */
const onlyPolite =
  '(?! (?:that )?(?:i (?:cannot|cant|can|do|dont|have|lost|forgot|am not)|not(?! safe)|there|your|it is not|we (?:cannot|cant|have|do)))';
const fear = pattern(`(?:${fearful})${onlyPolite}`);
const onlyFear = new RegExp(`^(?:${fearful})(?: (?:here|of (?:them|him|her|you|this|it)|bad))?$`, 'u');

/** Something violent is told, or a threat. */
export const tellsHarm = (text: string): boolean => harm.test(plain(text));

/** The writer feels in danger, or was hurt, or tells of somebody who was: kind words come before everything else. */
export const isDistress = (text: string): boolean => {
  const said = plain(text);
  return despair.test(said) || harm.test(said) || fear.test(said);
};

/** "I am scared": a feeling, and nothing of a story. */
export const isOnlyFear = (said: string): boolean => onlyFear.test(said);

const fewWords = 5;
/** A cry for help that is no story: despair in few words, or only fear. */
export const isCryForHelp = (said: string): boolean =>
  isOnlyFear(said) || (said.split(' ').length <= fewWords && despair.test(said) && !harm.test(said));

import { whole } from './text-matching.js';

// What people say in so many words, in English and Krio, after `core()`: lower case, no punctuation, no "please".
// Each pattern covers the whole message (or a whole sentence), so that a word inside a story never acts as a command.

const want =
  '(?:i |we )?(?:want to |wanna |would like to |d like to |id like to |need to |wish to |can i |could i |may i |let me |a wan |a want )?';

/** The same without "can I": that is a question about it, not the wish. */
const wish = want.replace('can i |could i |may i |', '');

const giveUp =
  '(?:i )?(?:have )?changed? my mind|never ?mind(?: (?:it|that|about it))?|forget (?:about )?(?:it|this|that|everything)|leave (?:it|everything) alone|i (?:do not|dont|no longer) want (?:to (?:file|complain|go on|continue|do (?:it|this))|(?:any |more )?(?:trouble|problems?)|this|it)(?: (?:any ?more|again))?|i am not going to (?:file|complain)|a nɔ wan(?:t)? (?:am|fayl|kɔmplen|trɔbul|trouble|wahala|palava|plaba)(?: igen| again)?|fɔgɛt am|lɛf di kɔmplen';
const noMatter =
  'it (?:is|was) nothing|its nothing|nothing happened|it does not matter|it doesnt matter|(?:delete|cancel|drop|erase|withdraw|stop|remove|throw away) (?:it|this|that|everything|all|all of it|my complaint|the complaint)|throw (?:it|everything|all) away|leave it|i made a mistake|it was a mistake|i am (?:afraid|scared)|natin nɔ de|na natin|nɔ wɔri';
/** "Forget it, it is nothing": several ways to give up in one message. */
const givingUp = `(?:(?:${noMatter}) (?:and |so |please )?){0,2}(?:${giveUp})(?: (?:(?:and|so|because|but|please|just|then) ){0,2}(?:${giveUp}|${noMatter})){0,3}`;

/** "Is there any news about it yet?" */
const news = '(?:news|updates?|progress|changes?|repl(?:y|ies)|answers?|responses?|feedback|results?|anything new)';
const ofIt =
  '(?: (?:yet|already|today|for me|for us|from (?:the office|them|you)|(?:about|on|of|with) (?:it|this|that|my (?:complaint|case|matter|problem)|the (?:complaint|case))))*';
const theOffice = '(?:the office|the officer|the ombudsman|the institution|they|anybody|anyone|somebody|someone)';
const hasDone =
  '(?:answer|answered|reply|replied|respond|responded|decide|decided|write|wrote|written|read it|looked at it|(?:do|did|done|say|said|find|found) anything)';

export const says = {
  greeting: whole(
    '(?:hi|hello|hey|helo|hallo|greetings|good (?:day|morning|afternoon|evening)|kushɛ|kushe|kusheh|kushɛ o|aw di bɔdi|how di body|aw fɔ du|how are you|how are you doing|hello there|hi there|morning|afternoon|evening)(?: (?:there|leoma|o|all|everyone|my friend|to you|how are you|aw di bɔdi))*',
  ),
  thanks: whole(
    '(?:thanks|thank you|thank u|thx|tɛnki|tenki|tɛnki ya|tenki ya)(?: (?:so much|very much|a lot|ya|leoma|plɛnti|indeed|ok|okay|bye|for (?:that|this|your help|the help|your time|the information|the info|everything)))*|many thanks|bye|bye bye|goodbye|good bye|god bless(?: you)?|thats good thanks',
  ),
  yes: whole(
    'y|yes|yeah|yep|yea|ya|yes i do|yes it is|yes they are|yes thats right|yes that is right|ok|okay|sure|correct|right|that is right|thats right|it is right|thats correct|that is correct|agreed|i agree|exactly|true|of course|go ahead|yɛs|yɛs o|na so|na tru|i confirm|confirm|all correct|looks good|good|fine|yes use them|use them|file anyway|yes file anyway|still file',
  ),
  no: whole(
    'n|no|nope|nah|no thanks|no thank you|not really|nɔ|nɔ o|no o|nɔto so|no it is not|no it isnt|no its not|wrong|it is wrong|its wrong|that is wrong|thats wrong|that is not right|thats not right|not right|incorrect|not correct|a nɔ want?|a nɔ want? (?:dat|dis)|a nɔ gri|not yet|i do not|i dont|no i dont|no i do not|do not file|dont file',
  ),
  notSure: whole(
    'not sure|i am not sure|im not sure|dont know|i dont know|i do not know|no idea|i have no idea|unsure|maybe|perhaps|not certain|either|not shɔ|nɔ shɔ|a nɔ shɔ|a not shɔ|a nɔ rili no|a nɔ no|a no no|a nɔ sabi(?: am)?|you choose|you decide|whatever',
  ),
  skip: whole(
    'skip|skip this|skip it|skip that|next|pass|go on|continue|move on|carry on|proceed|later|not now|nothing|none|no evidence|i have none|i have nothing|i have no evidence|i have no files|i dont have any|i do not have any|i dont have any evidence|i do not have any evidence|no files|no documents|no photos|no proof|nothing to add|no more evidence|without evidence|lɛf am|lɛf dat|nɔn|natin|a nɔ gɛt|a nɔ gɛt natin|a nɔ gɛt am|a nɔ gɛt ɛni|go bifo|kɔntinyu|i would rather not|i prefer not to say|rather not say',
  ),
  done: whole(
    'done|finished|finish|that is all|thats all|that is it|thats it|all done|nothing more|nothing else|no more|i am done|im done|i have finished|complete|a dɔn|a don|dɔn|na dat nɔmɔ|na dat|i have sent everything|that is everything|thats everything',
  ),
  submit: whole(
    'submit|submit it|submit this|submit that|file it|file this|send it|send it off|(?:file|submit|send|lodge|register) (?:my|the|this) (?:complaint|case|report)|submit complaint|file|just (?:submit|file|send)(?: it)?|finish and submit|done submit|yes submit|submit anyway|sɛn am|sabmit|sabmit (?:am|naw|mi kɔmplen|di kɔmplen)|fayl am|fayl am naw|fayl (?:mi|di) kɔmplen|yɛs fayl am',
    `${want}(?:submit|sabmit|sabmit am|fayl am|sɛn am|submit it|file it|send it|(?:file|submit|send) (?:my|the|this) (?:complaint|case|report))`,
  ),
  grumble: whole(
    '(?:you|u) (?:are|r) (?:(?:so|very|really|all|just|too|a|an|such|completely|totally) ){0,3}(?:useless|stupid|foolish|fools?|idiots?|dumb|bad|slow|annoying|rubbish|nonsense|hopeless|no help|not helping|not helpful|not listening|not understanding)(?: (?:me|to me|at all))?',
    '(?:this|it|that) (?:is|bot is|chat is|thing is) (?:(?:so|very|really|just|all|completely) ){0,2}(?:useless|stupid|nonsense|rubbish|foolish|a waste of (?:my )?time|not helping|not helpful|annoying)|useless|nonsense|rubbish|idiot|stupid|what nonsense',
    'i (?:(?:have|just|already) ){0,2}(?:told|tell|said|answered|gave|explained|wrote|written|mentioned|sent)(?: (?:you|it|that|this|everything|all|so|to you)){0,3} (?:already|before|that|this|so|everything|twice|many times|just now)|i (?:(?:have|just) ){0,1}already (?:told|said|answered|explained|wrote|written)(?: (?:you|it|that|this|everything|all|so|to you)){0,3}|i told you|i (?:have )?(?:already )?told you my \\p{L}{1,20}(?: already| before)?',
    '(?:you|u) (?:do not|dont|did not|didnt|never|cannot|cant) (?:listen|understand|help|read|hear)(?: (?:me|to me|anything|at all|what i (?:say|said|write|wrote))){0,2}|(?:why )?(?:do )?(?:you )?keep asking(?: me)?(?: the same)?(?: things?| questions?)?|(?:you )?(?:ask|asked) me (?:that )?(?:already|before)|you keep asking(?: me)?(?: the same)?(?: things?| questions?)?',
    '(?:are you (?:stupid|deaf|mad|crazy|dumb)|what is wrong with you|whats wrong with you|(?:please )?read what i (?:wrote|said|told you)|i am (?:so )?(?:tired|fed up|sick) of (?:this|you|your questions|this chat)|so many questions|too many questions)',
    'yu nɔ gɛt sɛns|a (?:dɔn )?tɛl yu(?: (?:ɔlrɛdi|already|dat|am|bifo)){0,2}|yu (?:na )?ful|(?:yu|you) nɔ de (?:lisin|listen|yɛri|hear|ɔndastand|understand)(?: mi| me)?|yu nɔ gɛt yus',
  ),
  wantToFile: whole(
    `${want}(?:file|make|start|open|report|lodge|submit|mek|register|bring|place|raise) (?:a |an |one |my )?(?:new )?(?:complaint|report|case|kɔmplen|problem|issue|matter|grievance)`,
    `${want}(?:complain|kɔmplen|fayl kɔmplen|mek kɔmplen|report something|report a problem)`,
    'complaint|complain|kɔmplen|i have a (?:complaint|problem|grievance)|a gɛt kɔmplen|mek kɔmplen|file complaint|make complaint',
  ),
  newComplaint: whole(
    `${want}(?:file|make|start|open|lodge|report) (?:a |an )?(?:new|another|second|other) (?:complaint|report|case|one)`,
    'new complaint|another complaint|new one|another one|start a new complaint|wan ɔda kɔmplen|nyu kɔmplen|ɔda kɔmplen|new|new case|(?:i have|a gɛt) (?:another|a new) complaint',
  ),
  startAgain: whole(
    `${want}(?:start|begin) (?:again|over|afresh|from the beginning)|start all over(?: again)?|restart|reset|clear everything|delete everything and start again|from the beginning|(?:a wan )?(?:bigin|stat) bak`,
  ),
  withdraw: whole(
    `${want}(?:withdraw|cancel|delete|drop|forget|discard|abandon)(?: it| this| that| my complaint| the complaint| this complaint| everything| all)?`,
    `${want}stop (?:it|this|that|my complaint|the complaint|this complaint)`,
    givingUp,
    'pul mi kɔmplen|pul di kɔmplen|pul am|kansul|do not send it|dont send it',
  ),
  stop: whole(
    `${want}(?:stop|quit|exit|end)(?: (?:now|here|the chat|chat|everything|all))?`,
    'i do not want to (?:go on|continue)(?: anymore| any more)?|i dont want to (?:go on|continue)(?: anymore| any more)?|never ?mind|forget about it|stɔp|lɛf am so',
  ),
  goOn: whole(
    '(?:(?:nɔ|wait|stop|sorry) ){1,4}(?:i want to |let us |lets |please )?(?:wait|continue|go on|carry on|keep going|go ahead|proceed|keep it|keep everything|kip am|go bifo|kɔntinyu)(?: with (?:it|my complaint|the complaint))?',
    'wait|hold on|one moment|just a (?:moment|minute|second)|wait a (?:moment|minute|second)|wet|wet smɔl|keep going|keep (?:it|everything|my answers)|(?:no )?(?:do not|dont) (?:throw (?:it|that|anything) away|delete (?:it|that|anything)|stop|start again)|i want to (?:continue|go on)|lɛ wi go bifo',
  ),
  goBack: whole(
    '(?:(?:nɔ|wait) ){0,4}(?:(?:i want to |let us |lets |can i |can we )?(?:go|take me|bring me) )?(?:back|bak)(?: (?:one step|a step|to .{1,30}))?',
    '(?:the )?previous(?: question)?|undo|undo that',
  ),
  repeat: whole(
    'what (?:do|does|did) (?:you|they|the office|di ofis) (?:need|want|ask)(?: (?:from )?(?:me|of me))?(?: to (?:do|answer))?|what must i (?:send|answer|give)|what is (?:it )?(?:that )?you need|wetin (?:una|yu|den|di ofis) (?:nid|want|wan|de aks|aks)(?: (?:from |frɔm )?mi)?',
    '(?:sorry )?(?:what (?:is|was) (?:the|your) (?:last )?question(?: again)?|whats (?:the|your) question|which question|what (?:did|do|are) you ask(?:ing)?(?: me)?|what do you want(?: to know)?(?: from me)?|(?:can you )?(?:repeat|ask|say)(?: (?:it|that|this|the question|your question|me))* (?:again|once more)|(?:can you )?repeat(?: (?:it|that|this|the question|your question))?|again please|say again|pardon|come again|wetin(?: yu (?:aks|de aks|aks mi|wan|want|wan no|want no|se|min|de tɔk))?|wetin na (?:di|yu) kwɛstyɔn|tɔk am bak|aks bak|us kwɛstyɔn)',
  ),
  ownNumber: whole(
    '(?:(?:what|which) (?:is|was) |whats |(?:give|tell|show|send) me |where is |i (?:lost|forgot|need|have lost|have forgotten|do not have|dont have|did not write down|didnt write down) |wetin na |usay )(?:my |mi |the |di )(?:tracking |trakin |complaint |case |reference )?(?:number|nɔmba)(?: again| de)?',
    '(?:my |mi )(?:tracking|trakin) (?:number|nɔmba)(?: again)?|(?:what|which) (?:number|tracking number) (?:do|did) i (?:have|get)|(?:can|could) (?:you|i) (?:show|see|have|get|give me) (?:me )?my (?:tracking )?number(?: again)?',
  ),
  ownKey: whole(
    '(?:(?:what|which) (?:is|was) |whats |(?:give|tell|show|send) me |where is |i (?:lost|forgot|need|have lost|have forgotten|do not have|dont have|did not write down|didnt write down) |wetin na |usay )(?:my |mi |the |di )(?:secret |sikrit )?(?:(?:access |akses )(?:key|ki|code)|key|ki)(?: again| de)?',
    '(?:my |the )?(?:access key|akses ki)|(?:what|which) (?:key|access key) (?:do|did) i (?:have|get)|(?:can|could) (?:you|i) (?:show|see|have|get|give me) (?:me )?(?:my|the|a new) (?:access )?key(?: again)?|what is (?:an )?access key(?: for)?',
  ),
  erase: whole(
    `${want}(?:delete|erase|remove|wipe|destroy|clear|rɔb|rɔb kɔmɔt) (?:all )?(?:of )?(?:my |mi |the |this )?(?:personal )?(?:data|information|details|infɔmeshɔn|conversation|chat|messages|history|record|records|account|name)(?: about me| that you have)?`,
    `${want}(?:erase|wipe|forget|delete|remove) (?:me|everything (?:about me|i (?:said|wrote)|you (?:know|have)(?: about me)?))`,
    `${want}erase(?: it| this| everything| all| my complaint)?`,
    '(?:i want )?my (?:data|information|details) (?:to be )?(?:deleted|erased|removed)|(?:can|could|will) (?:you|i) (?:delete|erase|remove) my (?:data|information|details|name|words)|how (?:can|do) i (?:delete|erase|remove) my (?:data|information|details)',
  ),
  showAnswers: whole(
    'what (?:did|have) i (?:say|said|write|written|tell you|told you)(?: so far)?|what do you have(?: so far)?|show (?:me )?(?:my |the )?(?:answers|complaint|draft|summary|details)(?: so far)?|summary|my answers|check(?: my)? answers|(?:can i |let me )?(?:see|read|check|review) (?:my |the )?(?:answers|complaint|draft)|what you have written|wetin a (?:tɔk|rayt)|review',
    'what (?:did|do|have) (?:you|u) (?:already )?(?:write|wrote|written|note|noted|put|save|saved|record|recorded)(?: down)?(?: so far| there| for me| about (?:me|it|this)| in (?:it|my complaint|the complaint))?|wetin (?:yu|una) (?:dɔn )?(?:rayt|put)(?: dɔŋ)?',
  ),
  person: whole(
    `${want}(?:please )?(?:talk|speak|chat|connect me|put me through|transfer me|tɔk|tok) (?:to|with|wit) (?:a |an |the |some |one )?(?:real |live |human )?(?:person|human|human being|someone|somebody|officer|people|staff|man or woman|posin|pɔsin|sɔmbɔdi)(?: from the office| at the office| in the office)?`,
    '(?:a |an )?(?:real |live )?(?:person|human|human being|officer)|tɔk to pɔsin|pɔsin|i (?:want|need) (?:a |an )?(?:real |live )?(?:person|human|human being|officer)|not a (?:computer|robot|machine|bot)|a nɔ wan kɔmpyuta',
    'is (?:there )?(?:a |any )?(?:real )?(?:person|human|anyone|anybody|someone)(?: there)?',
  ),
  trackingAsk: whole(
    `${want}(?:track|follow|check(?: on)?|trace|see|look up|find)(?: up)?(?: on)? (?:my |a |the |an )?(?:complaint|case|status|report|tracking number|number|progress|old complaint|earlier complaint)(?: status)?`,
    'track|tracking|status|tracking number|track complaint|check status|(?:what is |whats )?(?:the |my )?status(?: of my (?:complaint|case|report))?|where is my (?:complaint|case)|what (?:happened|is happening) (?:to|with) my (?:complaint|case)|how is my (?:complaint|case)|i have a (?:tracking )?number|another number|check another number|(?:how )?(?:can|do) i (?:track|follow|check)(?: (?:it|my complaint|my case))?|we mi kɔmplen de|usay mi kɔmplen de|(?:a wan )?(?:chɛk|trak|fala) (?:mi |di |wan )?(?:kɔmplen|kes|nɔmba)|aw mi kɔmplen de go',
  ),
  trackOwn: whole(
    'how does it stand|how does my complaint stand|(?:what is )?the status of my complaint here|aw i de go|(?:check|track) (?:it|this|this one|this complaint)',
    `(?:(?:is|are) there|has there been|do you have|have you(?: got)?|did you get|you have|got) (?:any |some )?${news}${ofIt}`,
    `any ${news}${ofIt}|(?:news|updates?|anything new)${ofIt}`,
    `(?:what is|whats) (?:new|the news|the latest)${ofIt}|(?:has|have|did) ${theOffice} (?:already )?${hasDone}(?: (?:yet|already|me|to me|back|anything))*`,
    '(?:ɛni )?nyus(?: de)?(?: fɔ mi)?|(?:us|wetin na di) nyus|(?:di ɔfis|dɛn|una) dɔn (?:ansa|rayt|disayd)(?: mi)?',
  ),
  /** At an answer that is to be changed. */
  keepOld: whole(
    '(?:no )?(?:keep|leave) (?:it|them|this|that|everything|all|my answers?|the answers?|my name|my (?:old )?words|the (?:old|first|same) (?:ones?|words|text|answer|name|files)|what i (?:wrote|said))(?: (?:as (?:it|they) (?:is|are|was|were)|like (?:that|this|before)|the same|unchanged|alone))?|keep',
    '(?:do not|dont) change (?:it|this|them|anything)|(?:no|without) changes?|nothing to change|cancel(?: the change)?',
    '(?:kip|lɛf) (?:am|ɔltin|di ol (?:wan|wɔd|ansa)(?: dɛn)?|mi (?:ol )?wɔd(?: dɛn)?)(?: (?:so|lɛk aw i (?:de|bin de)|lɛk (?:so|dat)))?|nɔ chenj (?:am|natin)',
  ),
  back: whole(
    'back|go back|leave it|stop tracking|close|not that|back to my complaint|go back to my complaint|continue my complaint',
  ),
  addEvidence: whole(
    `${want}(?:add|upload|send|attach|give|share)(?: you)? (?:more |some |another |an? |the |my |new )*(?:evidence|files?|photos?|pictures?|documents?|proof|videos?|letters?|prɔf)`,
    'add evidence|more evidence|ad (?:mɔ |di )?(?:fayl|pikchɔ|pepa|prɔf)(?: dɛn)?|a gɛt (?:pikchɔ|pepa|prɔf|fayl)|i have (?:more |some |a |an )*(?:evidence|files?|photos?|pictures?|documents?|proof|videos?)|i forgot (?:a |the |my )?(?:file|photo|document|evidence)',
  ),
  answerOffice: whole(
    `${want}(?:answer|reply to|respond to|answer to)(?: the)?(?: (?:office|officer|question|letter|question of the office))?(?: now)?`,
    'answer|my answer|here is my answer|answer the question|i have an answer|a wan ansa(?: di ofis)?',
  ),
  why: whole(
    '(?:but )?(?:why|why not|why so|for what reason|(?:what is|whats) the reason|(?:please )?tell me why|give me the reason|why (?:did|do|can|cant|cannot|is|was) .{1,60}|wetin mek|wetin du|way|fɔ wetin)',
  ),
  /** At the question for the tracking number. */
  lostNumber: whole(
    '(?:sorry )?(?:no |nɔ |i |a )?.{0,30}(?:lost|lose|forgot|forget|forgotten|misplaced|los|fɔgɛt|fɔgɛt am)(?: (?:it|am|the number|my number|di nɔmba|mi nɔmba))?',
    '(?:i |a )?(?:have |got |do not have |dont have |no have |nɔ gɛt |no get )(?:no |a |the |my |any |di |mi )?(?:tracking )?(?:number|nɔmba)|no (?:tracking )?number|nɔ nɔmba|i (?:dont|do not) (?:know|remember) (?:it|the number|my number)|a nɔ (?:no|mɛmba) (?:am|di nɔmba)',
  ),
  dispute: whole(
    `${want}(?:dispute|appeal|object|challenge)(?: (?:it|this|that|the closure|the decision|this decision|that decision|against it))?`,
    'i (?:do not|dont) agree(?: with (?:it|this|that|the decision|the closure|you))?|i disagree(?: with (?:it|this|that|the decision))?|dispute|dispute it|appeal|i (?:am not|im not) (?:satisfied|happy with (?:it|this|that|the decision))|a nɔ gri|open it again|reopen(?: it| my complaint)?',
  ),
  named: whole(
    `${wish}(?:give|use|share|leave|add|provide|put) (?:you )?(?:with )?my name(?: and (?:contact|number|phone|phone number|contact details))?(?: to the office)?|(?:with|use) my name|my name|named|name|name and contact|with name|yes with my name|put mi nem|a go gi mi nem|yuz mi nem|not anonymous|i do not want to be anonymous|i dont want to be anonymous|wit mi nem|give my name and contact`,
  ),
  confidential: whole(
    '(?:keep (?:it|this|my name|me|my identity|my details) |stay |remain |be |make it |make this |please keep my name )?(?:confidential|confidentially|secret|private)',
    `${wish}(?:be|stay|remain|keep (?:it|this|my name|my identity|my details)|make it|make this) (?:confidential|secret|private)`,
    '(?:do not|dont) (?:share|tell them|give|pass on|reveal|show) my (?:name|identity|details)(?: to (?:them|the institution|anyone|anybody|the police|the ministry))?|only the office(?: should| may| can)?(?: know(?: my name)?)?|una kip am sikrit|kip mi nem sikrit|sikrit|kip am sikrit|a want am sikrit',
  ),
  anonymous: whole(
    `${wish}(?:be |stay |remain |file |keep it |make it |report |complain |do (?:it|this) )?(?:anonymous|anonymously)(?: only)?`,
    'i (?:want|prefer|choose|would like) (?:to )?(?:be |stay |remain )?(?:anonymous|anonymity)|no name|without (?:my |a )?name|no names|i do not want to (?:give|say|share|leave|use) my name|i dont want to (?:give|say|share|leave|use) my name|i will not give my name|(?:do not|dont) (?:use|write|put|record) my name|hide my name|nobody should know(?: my name| who i am)?|anonymous please|nɔ put mi nem|nɔ nem|witawt (?:mi )?nem|nɔ yuz mi nem|(?:a )?(?:nɔ|not) (?:want|wan|go) (?:fɔ )?(?:gi|put|tɛl|tɔk|lɛf|yuz) (?:yu |una |dɛn )?(?:mi )?nem|mek nɔbɔdi no(?: mi nem| udat a bi)?|i want to be anonymous|i would like to be anonymous',
  ),
  shareName: whole(
    '(?:you (?:can|may) )?share my name(?: with (?:them|the institution))?|yes share my name(?: with (?:them|the institution))?|the institution may know my name',
  ),
  hideName: whole('(?:do not|dont) share my name with the institution'),
  signpostOnly: whole(
    'do not file|dont file|no do not file|no i will go there|i will go there|i will ask them|leave it then|no i wont file',
  ),
  krio: whole(
    `${want}(?:speak|talk|use|write|change to|switch to|tɔk|tok|chat in|change language to|continue)? ?(?:to |in |na )?(?:krio|creole)(?: language)?`,
    '(?:can|do|could) you (?:speak|talk|write|understand|tɔk) (?:in )?krio|yu sabi krio|change (?:the )?language to krio',
  ),
  english: whole(
    `${want}(?:speak|talk|use|write|change to|switch to|tɔk|tok|chat in|change language to|continue)? ?(?:to |in |na )?(?:english|inglish|ingilish)(?: language)?`,
    '(?:can|do|could) you (?:speak|talk|write) (?:in )?english|change (?:the )?language to english',
  ),
} as const;

const whatIWrite =
  '(?:this|it|that|me|us|dis|am|who i am|who wrote (?:it|this)|(?:that )?it (?:is|was) me|about (?:me|this|it)|what i (?:write|wrote|say|said|tell you|told you|am writing|type)|my (?:messages?|words|name|complaint|chat|number|report|identity))(?: here)?';
const alsoAfraid = '(?: (?:i am|im|a de|because i am) (?:so |very )?(?:afraid|scared|frightened|worried|fred))?';
const onceSent =
  '(?:after|if|when|once) i (?:file|submit|send|complain|report)(?: (?:it|this|that|my complaint|the complaint))?';
const onceSentKrio = '(?:if|we|afta) a (?:fayl|sɛn|sabmit|kɔmplen)(?: (?:am|dis|mi kɔmplen))?';

/** What people ask about. Order matters: the first that fits wins. */
export const questions = {
  here: whole(
    '(?:(?:hello|hi|hey) ){0,3}(?:are|r) (?:you|u) (?:still )?(?:there|here|online|working|awake|listening|with me)(?: hello)?|(?:(?:hello|hi|hey) ){0,3}(?:is )?(?:anyone|anybody|somebody|someone) (?:here|there|at home|listening)|(?:(?:hello|hi|hey) ){0,3}(?:anyone|anybody)|can you (?:hear|read|see) me|do you (?:hear|read|see) me|(?:are|r) (?:you|u) (?:ok|okay)|yu de|yu stil de|ɛnibɔdi de|yu de yɛri mi|test|testing|ping',
  ),
  outcome: whole(
    '(?:will|can|do|shall|could|would) (?:i|we) (?:really |ever |surely |definitely )?(?:win|succeed|get (?:justice|compensation|compensated|paid|my (?:money|job|land|house|salary|pension|things|property)(?: back)?)|have (?:success|a chance))(?: .{0,30})?|(?:will|can|do) you (?:help me win|win|solve (?:it|this|my (?:problem|complaint|case))|guarantee .{0,40}|promise .{0,40}|make them pay)|what are my chances|do i have a (?:chance|case)|(?:will|is) (?:it|this|my (?:complaint|case|problem)) (?:be |going to be )?(?:solved|successful|work|help|change anything|accepted|rejected)|will anything happen|(?:will|are) they (?:be )?(?:punished|pay|going to pay|sacked|arrested|going to be punished)|a go win|wi go win|a go gɛt mi mɔni|una go sɔlv am|i go wok',
  ),
  free: whole(
    '(?:is|are) (?:it|this|that|the service|your service|your services|you|filing|complaining) (?:for )?free(?: of charge)?|how much (?:does it|do i|will it|is it|is this|do you|must i)?(?: ?(?:cost|pay|charge|have to pay))?|(?:do|must|will|should) i (?:have to |need to )?pay(?: (?:for (?:it|this)|anything|you|money|something))?|(?:does|will) (?:it|this) cost(?: money| anything)?|(?:is there|any) (?:a |any )?(?:fee|charge|cost|payment)s?|free|cost|i nɔ de kɔs mɔni|na fri|a fɔ pe|aw mɔs',
  ),
  who: whole(
    'who are you|what are you|who is this|who is leoma|who am i (?:talking|speaking|chatting) (?:to|with)|are you (?:a |an )?(?:real |live )?(?:human|person|robot|bot|computer|machine|ai|real|human being)(?: being| person)?|am i (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:human|person|robot|bot|computer|machine|ai|real person)|what is your name|whats your name|your name|udat na yu|uda yu',
  ),
  safe: whole(
    `(?:what|wat) (?:happens|will happen|would happen|could happen|can happen|will they do|can they do) to (?:me|us|my family|my children|my job)(?: (?:then|${onceSent}))?${alsoAfraid}|wetin go (?:apin|hapin|happen) to (?:mi|wi)(?: (?:naw|${onceSentKrio}))?`,
    `(?:can|could|will|would|may|do|does|are|is) (?:\\p{L}+ ){1,3}(?:be able to |going to |allowed to )?(?:see|read|find|get|open|hear|know|check|trace|look at)(?: out)?(?: about)? ${whatIWrite}${alsoAfraid}`,
    `(?:what|wat) (?:(?:happens|will happen|would happen|could happen|can happen|will they do|can they do|would they do|if)(?: to (?:me|us|my family|my children|my job))?)(?: (?:if|when))?(?: (?:\\p{L}+ ){1,3}(?:finds?|found|knows?|sees?|hears?|reads?|discovers?)(?: out)?(?: .{1,40})?)${alsoAfraid}`,
    `who (?:really )?(?:wants|want|needs|is asking|asks|are asking)(?: to know)?(?: (?:this|that|me|it))?${alsoAfraid}|why (?:do|are|must|should) (?:you|u|i) (?:want to know|need to know|need|want|asking|ask|say|tell you|give)(?: (?:me|you|this|that|it|my name|my number|these questions|all this))*${alsoAfraid}`,
    `is (?:it|this|here|this chat|the chat) (?:really )?(?:safe|dangerous|risky|ok|okay|a risk)(?: (?:here|for me))?(?: (?:to|if i) (?:answer|tell|talk|say|write|report|complain|speak|give|file|send|use|do|share)(?: .{1,40})?)?${alsoAfraid}|am i safe(?: (?:here|now|if .{1,40}))?|is this (?:chat )?(?:secure|being watched|monitored)`,
    `(?:will|can|could|would|might) (?:i|we) (?:be|get|go)(?: (?:in|into|to))? (?:safe|trouble|arrested|sacked|fired|punished|hurt|killed|beaten|prison|jail|protected)(?: (?:for|if|because) .{1,40})?${alsoAfraid}|(?:will|can|could|would) (?:\\p{L}+ ){1,3}(?:arrest|sack|fire|punish|hurt|harm|kill|beat|find|trace|come for|come after|protect) (?:me|us|my family)(?: (?:for|if|because) .{1,40})?${alsoAfraid}`,
    `(?:can|should) i trust (?:you|this|the office)|do you work (?:for|with) (?:the )?(?:police|government|ministry)|are you (?:(?:from|with|of) )?(?:the )?(?:police|government)|will you (?:tell|inform) (?:the )?(?:\\p{L}+ ){0,2}\\p{L}+(?: about (?:me|this|it))?`,
    `(?:(?:di )?polis|dɛn|ɛnibɔdi|udat|uda|mi bɔs|di (?:ministri|ɔfis|ticha|chif)) (?:(?:go|kin|ebul|de) ){1,2}(?:si|rid|no|yɛri|sabi) (?:dis|am|wetin a (?:rayt|tɔk|tɛl yu)|udat a bi|mi nem)`,
    `udat (?:wan|want|nid) (?:fɔ )?no(?: dis| am)?|wetin go (?:apin|du)(?: to| wit)? (?:mi|wi) if (?:dɛn|i|(?:di )?polis) (?:no|fɛn ɔt|si|sabi|yɛri)(?: .{1,30})?|(?:i|na) sef(?: fɔ (?:ansa|tɔk|rayt|fayl)(?: am)?)?|a sef ya`,
  ),
  anonymous: whole(
    '(?:can|could|may|must|do|will|should) i (?:have to |need to )?(?:be|stay|remain|file|complain|report|do it|do this)? ?(?:be )?(?:anonymous|anonymously|give (?:you )?my name|use my name|say my name|hide my name|without (?:my |a )?name)|(?:is|will) (?:it|this) (?:be )?anonymous|what (?:does|is) anonymous(?: mean)?|what happens if i (?:am|stay|file) anonymous(?:ly)?',
  ),
  confidential: whole(
    '(?:is|will) (?:it|this|everything|my name|my complaint) (?:be )?(?:kept )?(?:confidential|secret|private|safe|secure)|what (?:does|is) confidential(?: mean)?|will (?:they|the police|the ministry|the institution|my boss|anyone|anybody) (?:know|see|find out)(?: my name| it was me| who i am| it is me| about (?:me|this|it))?|(?:can|could) (?:it|this|i) (?:be|stay|remain) confidential',
  ),
  data: whole(
    'what (?:happens|will happen|do you do) (?:to|with) my (?:data|information|name|details|words|complaint data)|who (?:can|will|may|could)? ?(?:see|read|reads|sees) (?:this|it|my complaint|what i write|my data|my information|my words)|privacy|data protection|is my (?:data|information) safe|do you (?:store|keep|save) my (?:data|information|name)|data',
  ),
  time: whole(
    'how long|how long (?:does|will|would|must|do) (?:it|this|that|i|you)(?: .{0,30})?|when (?:will|do|can|would) (?:i|you|it|someone|they|the office|my complaint|my case)(?: .{0,40})?(?:answer|hear|reply|respond|done|finished|result|response|solved|decided|know|back)(?: .{0,20})?|how many (?:days|weeks|months)(?: .{0,30})?|aw lɔng(?: .{0,30})?|ustɛm (?:a|una|dɛn|i) go .{1,40}',
  ),
  next: whole(
    `what (?:comes|is) (?:next|now|then|after(?: that| this)?)|what (?:happens|will happen|is happening|is going to happen)(?: (?:next|now|then|after(?:wards)?(?: (?:that|this))?|${onceSent}))?`,
    `wetin (?:go|de) (?:apin|hapin|happen)(?: (?:naw|now|nɛks|next|leta|afta (?:dat|dis)|${onceSentKrio}))?|wetin (?:nɛks|next|naw)|wetin (?:a|wi) (?:fɔ|go) du(?: naw| nɛks)?`,
    'what now|whats next|what next|and then|then what|what (?:do|should|must) i do(?: now| next)?|what will you do(?: now| next| about it)?',
  ),
  mandate: whole(
    'what (?:can|may|could) i (?:complain about|report)|what (?:kind|kinds|sort|type|types) of (?:complaints?|problems?|things?)(?: .{0,40})?|(?:which|what) (?:institutions|offices|ministries|bodies)(?: .{0,40})?|what complaints (?:do|can) you (?:take|handle|accept)|what do you (?:deal with|handle|take|accept)',
  ),
  office: whole(
    'where (?:is|are) (?:you|your|the) ?(?:office|offices|ombudsman|ombudsman office|located|based)?(?: located)?|where are you|(?:what is |whats )?(?:your|the) (?:office )?(?:address|location|phone number|telephone|telephone number)|office|offices|address|how (?:can|do) i (?:reach|contact|visit|call|find) (?:you|the office|your office)|we una ɔfis de',
  ),
  files: whole(
    'what (?:kind|kinds|sort|type|types) of (?:files?|evidence|documents?|photos?|proof)(?: .{0,40})?|how (?:do|can) i (?:send|upload|add|attach) (?:a |an |my |the )?(?:files?|evidence|documents?|photos?|pictures?|proof)|what (?:is|counts as) evidence|do i need (?:evidence|proof|documents?)|must i have (?:evidence|proof|documents?)|how (?:big|large) (?:can|may) .{0,30}',
  ),
  what: whole(
    'what (?:can|do|could|will) you (?:do|help|help with|offer)(?: for me| me with| here)?|how (?:does|do) (?:this|it|you) work|how (?:do|can|could|should) i (?:file|make|submit|start|send|report|lodge|complain|begin)(?: (?:a |my |the )?(?:complaint|report|case|here))?|what is this(?: for| about| site| page| service)?|what is (?:the |an )?ombudsman|who is (?:the |an )?ombudsman|what does (?:the |an )?ombudsman do|what (?:is|does) (?:this|the|your) office(?: do)?|help|help me|i need help|(?:can|could|will) you help(?: me)?|info|information|menu|options|ɛp mi|ɛp|wetin yu ebul du|wetin yu de du|wetin yu kin du|commands|what can i (?:do|say|write)(?: here)?|how',
  ),
} as const;
export type Topic = keyof typeof questions;

/** Ways to say that more of the story comes. */
export const moreStart =
  /^(?:also|and also|in addition|additionally|besides|furthermore|moreover|one more thing|another thing|i forgot|i also|they also|he also|she also|what is more|plus|add that|please add|add this|bak|ɛn bak|en bak)\b/u;

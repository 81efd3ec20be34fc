import type { Language } from '../../../events/catalogue/session.js';

/** The words of the light pages. Krio awaits a native reviewer, like the assistant's. */
export interface LiteWords {
  readonly site: string;
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly write: string;
  readonly track: string;
  readonly full: string;
  readonly data: string;
  readonly dataText: string;
  readonly exit: string;
  readonly other: string;
  /** Asks the helper to speak the language of this page. */
  readonly speak: string;
  readonly draft: string;
  readonly welcome: string;
  readonly you: string;
  readonly roles: Readonly<Record<'agent' | 'officer' | 'system', string>>;
  readonly newest: string;
  readonly message: string;
  readonly file: string;
  readonly send: string;
  readonly look: string;
  readonly pending: string;
  readonly number: string;
  readonly numberMissing: string;
  readonly numberUnknown: string;
  readonly pairUnknown: string;
  readonly key: string;
  readonly keyOptional: string;
  readonly keep: string;
  readonly start: string;
  readonly forget: string;
  readonly forgetAsk: string;
  readonly forgetYes: string;
  readonly forgetNo: string;
  readonly forgotten: string;
  readonly show: string;
  readonly stands: string;
  readonly lastChange: string;
  readonly next: string;
  readonly due: string;
  readonly mustAct: string;
  readonly mustActKey: string;
  readonly nextAnswer: string;
  readonly answerHeading: string;
  readonly answer: string;
  readonly answerSend: string;
  readonly answered: string;
  readonly files: string;
  readonly answersShown: string;
  readonly problem: string;
  readonly stale: string;
  readonly gone: string;
  readonly goneText: string;
  readonly noCookies: string;
  readonly fileAgain: string;
  readonly tryAgain: string;
  readonly goBack: string;
  readonly filesHeading: string;
  readonly filesLook: string;
  readonly filesLead: string;
  readonly filesNone: string;
  readonly takeBack: string;
  readonly takenBack: string;
  readonly toChat: string;
  /** For the script: states of a message and of the connection. */
  readonly live: Readonly<
    Record<
      'waiting' | 'sent' | 'received' | 'failed' | 'again' | 'back' | 'on' | 'off' | 'typing' | 'ended' | 'news',
      string
    >
  >;
}

const en: LiteWords = {
  site: 'Office of the Ombudsman',
  title: 'Citizen help',
  heading: 'Were you treated wrongly by a public office?',
  lead: 'Tell the Ombudsman. It is free, and you do not have to give your name. A computer helper asks a few short questions. A person at the office reads what you file.',
  write: 'File a complaint or ask a question',
  track: 'Check a complaint',
  full: 'Full page',
  data: 'What happens to what you write',
  dataText:
    'Only people of the office who work on your complaint read it. It is kept in protected form. Your number alone shows only how your complaint stands. This page remembers the conversation until you close the browser or choose “Remove this chat from this phone”.',
  exit: 'Exit this page',
  other: 'Krio',
  speak: 'Let the helper speak English',
  draft: '',
  welcome: 'Tell me in your own words what happened: which office it was, where, and when.',
  you: 'You',
  roles: { agent: 'Leoma, computer helper', officer: 'Officer of the office', system: 'Note' },
  newest: 'Only the newest messages are shown.',
  message: 'Write your message',
  file: 'Photo or file (you may leave this out; at most 10 MB)',
  send: 'Send',
  look: 'Look for the answer',
  pending: 'Your message has been received. The answer is not there yet.',
  number: 'Your number',
  numberMissing: 'Please enter your number first. It has the form OMB-XXXX-XXXX-XXXX.',
  numberUnknown: 'Nothing was found for this number. Please compare it with what you wrote down.',
  pairUnknown: 'Nothing was found for this number and key together. Please compare both with what you wrote down.',
  key: 'Your access key',
  keyOptional: 'Access key (you may leave this out)',
  keep: 'Write both down. Keep the key secret.',
  start: 'Start',
  forget: 'Remove this chat from this phone',
  forgetAsk:
    'What you have not sent is lost. What you filed is kept by the office: write down your number and your key first.',
  forgetYes: 'Yes, remove it',
  forgetNo: 'Keep it',
  forgotten: 'The chat is removed from this phone. What you filed is kept by the office.',
  show: 'Show how it stands',
  stands: 'How it stands',
  lastChange: 'Last change',
  next: 'Next',
  due: 'Due by',
  mustAct: 'The office needs something from you.',
  mustActKey: 'Enter your number and your access key below to read what it is and to answer.',
  nextAnswer: 'Answer the question of the office. You can do that on this page.',
  answerHeading: 'Answer the office',
  answer: 'Your answer',
  answerSend: 'Send the answer',
  answered: 'Your answer has been received by the office.',
  files: 'Files',
  answersShown: 'Your answers were shown here, and again further down.',
  problem: 'There is a problem',
  stale: 'This page is too old. Your text is still here: please send it again.',
  gone: 'The chat that was open here is not open any more. What you sent in it is kept by the office; a number opens it on the page “Check a complaint”. What you write now begins a new chat.',
  goneText:
    'The chat in which you wrote this is not open in this browser any more. Nothing was sent. Your text is still here: if you send it again, it begins a new chat.',
  noCookies:
    'Nothing was sent yet: your browser did not keep the cookie that holds your messages together. Your text is still here. Please send it again. If you see this once more, allow cookies for this site in the settings of the browser, or use the full page.',
  fileAgain: 'The file has to be chosen again.',
  tryAgain: 'Try again',
  goBack: 'Your text is kept by the browser: choose “Back”.',
  filesHeading: 'Files in your complaint',
  filesLook: 'Look at your files, or take one back',
  filesLead:
    'Nothing is filed yet. A file that you take back is no part of your complaint. The helper then shows your answers once more before you file.',
  filesNone: 'There are no files that could be taken back. What was filed stays with the office.',
  takeBack: 'Take back',
  takenBack: 'The file is taken back. It is no part of your complaint.',
  toChat: 'Back to the chat',
  live: {
    waiting: 'Waiting',
    sent: 'Sent',
    received: 'Received',
    failed: 'Not sent',
    again: 'Try again',
    back: 'Put it back in the box',
    on: 'Connected',
    off: 'No connection. What you write is kept and sent later.',
    typing: 'An answer is being written …',
    ended: 'This conversation is closed.',
    news: 'New message',
  },
};

const kri: LiteWords = {
  site: 'Ɔmbudsman Ɔfis',
  title: 'Ɛp fɔ pipul',
  heading: 'Gɔvmɛnt ɔfis nɔ trit yu rayt?',
  lead: 'Tɛl di Ɔmbudsman. I fri, ɛn yu nɔ gɛt fɔ gi yu nem. Kɔmpyuta ɛlpa go aks yu sɔm shɔt kwɛstyɔn. Pɔsin na di ɔfis go rid wetin yu fayl.',
  write: 'Mek kɔmplen ɔ aks kwɛstyɔn',
  track: 'Chɛk kɔmplen',
  full: 'Di ful pej',
  data: 'Wetin de apin to wetin yu rayt',
  dataText:
    'Na pipul na di ɔfis we de wok pan yu kɔmplen nɔmɔ de rid am. Wi de kip am we lɔk. Yu nɔmba wangren de sho aw yu kɔmplen de go nɔmɔ. Dis pej de mɛmba di tɔk te yu lɔk di brawza ɔ pik “Pul dis chat na dis fon”.',
  exit: 'Kɔmɔt na dis pej',
  other: 'English',
  speak: 'Mek di ɛlpa tɔk Krio',
  draft: 'Dis Krio de wet fɔ pɔsin we sabi Krio fɔ chɛk am.',
  welcome: 'Tɛl mi wetin apin wit yu yon wɔd dɛn: us ɔfis, usay, ɛn ustɛm.',
  you: 'Yu',
  roles: { agent: 'Leoma, kɔmpyuta ɛlpa', officer: 'Ɔfisa na di ɔfis', system: 'Not' },
  newest: 'Na di nyu mɛsej dɛn nɔmɔ de ya.',
  message: 'Rayt yu mɛsej',
  file: 'Pikchɔ ɔ fayl (yu kin lɛf am; i nɔ fɔ pas 10 MB)',
  send: 'Sɛn',
  look: 'Luk fɔ di ansa',
  pending: 'Yu mɛsej dɔn rich. Di ansa nɔ de yet.',
  number: 'Yu nɔmba',
  numberMissing: 'Duya put yu nɔmba fɔs. I tan lɛk OMB-XXXX-XXXX-XXXX.',
  numberUnknown: 'Wi nɔ fɛn natin fɔ dis nɔmba. Duya luk am wit wetin yu rayt dɔŋ.',
  pairUnknown: 'Wi nɔ fɛn natin fɔ dis nɔmba ɛn ki togɛda. Duya luk ɔl tu wit wetin yu rayt dɔŋ.',
  key: 'Yu akses ki',
  keyOptional: 'Akses ki (yu kin lɛf am)',
  keep: 'Rayt ɔl tu dɔŋ. Kip di ki sikrit.',
  start: 'Stat',
  forget: 'Pul dis chat na dis fon',
  forgetAsk: 'Wetin yu nɔ sɛn yet go lɔs. Di ɔfis de kip wetin yu bin fayl: fɔs rayt yu nɔmba ɛn yu ki dɔŋ.',
  forgetYes: 'Yɛs, pul am',
  forgetNo: 'Lɛf am',
  forgotten: 'Di chat dɔn kɔmɔt na dis fon. Di ɔfis de kip wetin yu bin fayl.',
  show: 'Sho aw i de go',
  stands: 'Aw i de go',
  lastChange: 'Las chenj',
  next: 'Nɛks',
  due: 'I fɔ dɔn bifo',
  mustAct: 'Di ɔfis nid sɔntin frɔm yu.',
  mustActKey: 'Put yu nɔmba ɛn yu akses ki dɔŋ ya fɔ rid wetin i bi ɛn fɔ ansa.',
  nextAnswer: 'Ansa di kwɛstyɔn we di ɔfis aks. Yu ebul du dat na dis pej.',
  answerHeading: 'Ansa di ɔfis',
  answer: 'Yu ansa',
  answerSend: 'Sɛn di ansa',
  answered: 'Yu ansa dɔn rich di ɔfis.',
  files: 'Fayl dɛn',
  answersShown: 'Wi bin sho yu ansa dɛn ya, ɛn bak dɔŋ ya.',
  problem: 'Prɔblɛm de',
  stale: 'Dis pej dɔn ol. Wetin yu rayt stil de ya: duya sɛn am bak.',
  gone: 'Di tɔk we bin opin ya nɔ opin igen. Wetin yu bin sɛn, di ɔfis de kip am; yu nɔmba go opin am na di pej “Chɛk kɔmplen”. Wetin yu rayt naw go bigin nyu tɔk.',
  goneText:
    'Di tɔk we yu bin rayt dis nɔ opin igen na dis brawza. Natin nɔ go. Wetin yu rayt stil de ya: if yu sɛn am bak, i go bigin nyu tɔk.',
  noCookies:
    'Natin nɔ go yet: yu brawza nɔ kip di kuki we de ol yu mɛsej dɛn togɛda. Wetin yu rayt stil de ya. Duya sɛn am bak. If yu si dis bak, alaw kuki fɔ dis sayt na di brawza in sɛtin, ɔ yuz di ful pej.',
  fileAgain: 'Duya pik di fayl bak.',
  tryAgain: 'Tray bak',
  goBack: 'Di brawza de kip wetin yu rayt: prɛs “Back”.',
  filesHeading: 'Fayl dɛn insay yu kɔmplen',
  filesLook: 'Luk yu fayl dɛn, ɔ tek wan bak',
  filesLead:
    'Natin nɔ fayl yet. Fayl we yu tek bak nɔ de insay yu kɔmplen. Di ɛlpa go sho yu ansa dɛn bak bifo yu fayl.',
  filesNone: 'Fayl nɔ de we yu ebul tek bak. Wetin dɔn fayl de wit di ɔfis.',
  takeBack: 'Tek bak',
  takenBack: 'Di fayl dɔn kam bak. I nɔ de insay yu kɔmplen.',
  toChat: 'Go bak na di tɔk',
  live: {
    waiting: 'De wet',
    sent: 'Dɔn go',
    received: 'Dɔn rich',
    failed: 'Nɔ go',
    again: 'Tray bak',
    back: 'Put am bak na di bɔks',
    on: 'Kɔnɛkt',
    off: 'Nɛtwok nɔ de. Wetin yu rayt de ya, ɛn i go go leta.',
    typing: 'Ansa de kam …',
    ended: 'Dis tɔk dɔn lɔk.',
    news: 'Nyu mɛsej',
  },
};

export const liteWords: Readonly<Record<Language, LiteWords>> = { en, kri };

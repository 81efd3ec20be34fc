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
  /** For the script: states of a message and of the connection. */
  readonly live: Readonly<
    Record<'waiting' | 'sent' | 'received' | 'failed' | 'on' | 'off' | 'typing' | 'ended' | 'news', string>
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
  live: {
    waiting: 'Waiting',
    sent: 'Sent',
    received: 'Received',
    failed: 'Not sent',
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
  live: {
    waiting: 'De wet',
    sent: 'Dɔn go',
    received: 'Dɔn rich',
    failed: 'Nɔ go',
    on: 'Kɔnɛkt',
    off: 'Nɛtwok nɔ de. Wetin yu rayt de ya, ɛn i go go leta.',
    typing: 'Ansa de kam …',
    ended: 'Dis tɔk dɔn lɔk.',
    news: 'Nyu mɛsej',
  },
};

export const liteWords: Readonly<Record<Language, LiteWords>> = { en, kri };

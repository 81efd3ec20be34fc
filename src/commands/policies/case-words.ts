import type { CaseState } from '../../events/catalogue/complaint.js';
import type { Language } from '../../events/catalogue/session.js';

/** The five statuses of the predecessor, which its clients know. */
export type LegacyStatus = 'submitted' | 'under_review' | 'investigating' | 'resolved' | 'rejected';

/**
 * What a citizen reads about a state of the case. Holds nothing about the complaint itself: the holder of the number alone
 * may see it (domain.md section 6). Krio awaits a native reviewer.
 */
export interface CaseWords {
  readonly status: Readonly<Record<Language, string>>;
  readonly next: Readonly<Record<Language, string>>;
  readonly legacy: LegacyStatus;
}

const words = (
  status: readonly [en: string, kri: string],
  next: readonly [en: string, kri: string],
  legacy: LegacyStatus,
): CaseWords => ({
  status: { en: status[0], kri: status[1] },
  next: { en: next[0], kri: next[1] },
  legacy,
});

/** Public words per state (domain.md section 3, column "Citizen sees"). */
export const defaultCaseWords: Readonly<Record<CaseState, CaseWords>> = {
  received: words(
    ['Received', 'Wi dɔn gɛt am'],
    ['An officer reads your complaint.', 'Ɔfisa go rid yu kɔmplen.'],
    'submitted',
  ),
  screening: words(
    ['Being checked', 'Wi de chɛk am'],
    ['The office decides whether it can take up your complaint.', 'Di ɔfis go disayd if i ebul tek yu kɔmplen.'],
    'under_review',
  ),
  info_requested: words(
    ['We need something from you', 'Wi nid sɔntin frɔm yu'],
    [
      'The office asks you something. To read and answer it, open the chat on the phone on which you filed, or write your number and your access key in the chat.',
      'Di ɔfis de aks yu sɔntin. Fɔ rid am ɛn ansa am, opin di chat na di fon we yu bin yuz, ɔ rayt yu nɔmba ɛn yu akses ki na di chat.',
    ],
    'under_review',
  ),
  under_review: words(
    ['Being looked at', 'Wi de luk insay am'],
    ['The office looks into your complaint.', 'Di ɔfis de luk insay yu kɔmplen.'],
    'under_review',
  ),
  institution_asked: words(
    ['Waiting for the institution', 'Wi de wet fɔ di institushɔn'],
    ['The institution has to answer the office.', 'Di institushɔn gɛt fɔ ansa di ɔfis.'],
    'under_review',
  ),
  institution_overdue: words(
    ['The institution is late', 'Di institushɔn dɔn let'],
    ['The office reminds the institution.', 'Di ɔfis go mɛmba di institushɔn.'],
    'under_review',
  ),
  mediation: words(
    ['Talks under way', 'Tɔk de go bifo'],
    ['The office talks with both sides.', 'Di ɔfis de tɔk to ɔl tu say.'],
    'investigating',
  ),
  investigation: words(
    ['Under investigation', 'Wi de invɛstiget'],
    ['The office investigates.', 'Di ɔfis de invɛstiget.'],
    'investigating',
  ),
  recommendation: words(
    ['Recommendation made', 'Wi dɔn mek rɛkɔmɛndeshɔn'],
    ['The institution has to say whether it accepts.', 'Di institushɔn gɛt fɔ se if i gri.'],
    'investigating',
  ),
  referred: words(
    ['Sent to another body', 'Wi dɔn sɛn am to ɔda ɔfis'],
    ['The other body takes it up.', 'Di ɔda ɔfis go tek am ɔp.'],
    'under_review',
  ),
  not_admissible: words(
    ['Closed: the office cannot take it up', 'Dɔn lɔk: di ɔfis nɔ ebul tek am'],
    ['You may dispute this.', 'Yu ebul se yu nɔ gri.'],
    'rejected',
  ),
  duplicate: words(
    ['Closed: it is handled with another complaint', 'Dɔn lɔk: wi de du am wit ɔda kɔmplen'],
    ['The other complaint goes on.', 'Di ɔda kɔmplen de go bifo.'],
    'rejected',
  ),
  reported: words(
    ['Reported to the President and Parliament', 'Wi dɔn ripɔt am to Prɛsidɛnt ɛn Palamɛnt'],
    ['The institution did not accept the recommendation.', 'Di institushɔn nɔ gri wit di rɛkɔmɛndeshɔn.'],
    'investigating',
  ),
  resolved: words(
    ['Closed: settled', 'Dɔn lɔk: i dɔn sɛtul'],
    ['You may dispute this.', 'Yu ebul se yu nɔ gri.'],
    'resolved',
  ),
  closed: words(['Closed', 'Dɔn lɔk'], ['You may dispute this.', 'Yu ebul se yu nɔ gri.'], 'resolved'),
  reopened: words(
    ['Opened again', 'Dɔn opin bak'],
    ['The office looks at it again.', 'Di ɔfis go luk am bak.'],
    'under_review',
  ),
  withdrawn: words(['Withdrawn', 'Yu dɔn pul am'], ['Nothing more happens.', 'Natin nɔ de apin igen.'], 'resolved'),
  erased: words(['Erased', 'Dɔn rɔb am kɔmɔt'], ['Nothing more happens.', 'Natin nɔ de apin igen.'], 'resolved'),
};

type ByLanguage = Readonly<Record<Language, string>>;

/** Words around what the office says in the citizen's own conversation. Krio awaits a native reviewer. */
export const officeLetterWords = {
  question: {
    en: 'The office has looked at your complaint and asks you:',
    kri: 'Di ɔfis dɔn luk yu kɔmplen ɛn i de aks yu:',
  },
  howToAnswer: {
    en: 'You can answer right here: write your answer in this chat. You may send files with it.',
    kri: 'Yu ebul ansa rayt ya: rayt yu ansa na dis chat. Yu ebul sɛn fayl wit am.',
  },
  message: {
    en: 'The office writes to you about your complaint:',
    kri: 'Di ɔfis de rayt to yu bɔt yu kɔmplen:',
  },
  status: { en: 'News about your complaint:', kri: 'Nyuz bɔt yu kɔmplen:' },
  refused: {
    en: 'What you sent to the office could not be added to your complaint any more. This is where it stands:',
    kri: 'Wetin yu sɛn to di ɔfis nɔ ebul go wit yu kɔmplen igen. Na ya i de:',
  },
} as const satisfies Record<string, ByLanguage>;

/** Why a case was closed, in one sentence (column "Closed: reason in one sentence"). */
export const closeReasonWords = {
  mediated: { en: 'Both sides came to an agreement.', kri: 'Ɔl tu say dɔn gri.' },
  remedied: { en: 'The institution put it right.', kri: 'Di institushɔn dɔn mek am rayt.' },
  recommendation_accepted: {
    en: 'The institution accepted the recommendation.',
    kri: 'Di institushɔn gri wit di rɛkɔmɛndeshɔn.',
  },
  no_maladministration: {
    en: 'The office found no maladministration.',
    kri: 'Di ɔfis nɔ fɛn ɛni bad wok.',
  },
  not_admissible: { en: 'The office cannot take it up.', kri: 'Di ɔfis nɔ ebul tek am.' },
  no_answer: { en: 'The office got no answer from you.', kri: 'Di ɔfis nɔ gɛt ansa frɔm yu.' },
  withdrawn: { en: 'You withdrew it.', kri: 'Yu pul am.' },
  duplicate: { en: 'It is handled with another complaint.', kri: 'Wi de du am wit ɔda kɔmplen.' },
  referred: { en: 'Another body has taken it up.', kri: 'Ɔda ɔfis dɔn tek am ɔp.' },
} as const;

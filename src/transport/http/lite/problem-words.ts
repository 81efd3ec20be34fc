import type { Language } from '../../../events/catalogue/session.js';
import type { ErrorCode } from '../../protocol/codes.js';
import type { ProtocolError } from '../../protocol/result.js';

/** What the protocol says to programs, for somebody who looks at a light page. Everything else is said as the protocol says it. */
const en: Partial<Record<ErrorCode, string>> = {
  unavailable:
    'The service cannot answer just now. What you sent before is kept. Please wait a minute, then try once more.',
  draining: 'The service restarts. What you sent before is kept. Please wait a minute, then try once more.',
  internal: 'Something went wrong on our side. What you sent before is kept. Please try once more.',
  too_slow: 'It took too long to arrive. Please try once more, with a smaller file or without one.',
  payload_too_large: 'This is too large to be sent. A file may have at most 10 MB.',
  unsupported_media_type: 'This did not come from a form of this site. Please load the page once more.',
  bad_request: 'This could not be read. Please load the page once more.',
  origin_rejected: 'This came from a page of another site. Nothing was taken.',
  not_found: 'There is no such page here.',
};

/** Krio awaits a native reviewer, like all of it. */
const kri: Partial<Record<ErrorCode, string>> & { readonly internal: string } = {
  unavailable: 'Di savis nɔ ebul ansa jɔs naw. Wetin yu bin sɛn bifo, wi kip am. Duya wet wan minit, dɔn tray bak.',
  draining: 'Di savis de stat bak. Wetin yu bin sɛn bifo, wi kip am. Duya wet wan minit, dɔn tray bak.',
  internal: 'Sɔntin go bad na wi say. Wetin yu bin sɛn bifo, wi kip am. Duya tray bak.',
  overloaded: 'Bɔku pipul de ya jɔs naw. Duya wet smɔl, dɔn tray bak.',
  too_slow: 'I tek tu lɔŋ fɔ rich. Duya tray bak wit smɔl fayl, ɔ we yu nɔ put fayl.',
  payload_too_large: 'Dis big pas wetin wi ebul tek. Fayl nɔ fɔ pas 10 MB.',
  unsupported_media_type: 'Dis nɔ kam frɔm fɔm na dis sayt. Duya opin di pej bak.',
  bad_request: 'Wi nɔ ebul rid dis. Duya opin di pej bak.',
  origin_rejected: 'Dis kam frɔm pej na ɔda sayt. Wi nɔ tek natin.',
  not_found: 'Da pej de nɔ de ya.',
  message_empty: 'Duya rayt sɔntin bifo yu sɛn am.',
  message_too_long: 'Di mɛsej tu lɔŋ. Duya sɛn am smɔl smɔl.',
  too_many_files: 'Di fayl dɛn tu bɔku wan tɛm. Duya sɛn dɛn insay difrɛn mɛsej.',
  file_too_large: 'Di fayl tu big. I nɔ fɔ pas 10 MB. Duya sɛn smɔl wan, lɛk pikchɔ.',
  file_size_mismatch: 'Di fayl nɔ rich ɔl. Duya sɛn am bak.',
  file_type_rejected: 'Wi nɔ ebul tek dis kayn fayl. Wi de tek pikchɔ, PDF, Word, ɛn vɔys not.',
  file_infected: 'I tan lɛk se di fayl bad. Wi nɔ kip am.',
  upload_unknown: 'Di fayl nɔ de igen. Duya pik am bak.',
  file_pending: 'Wi stil de chɛk di fayl. Duya wet smɔl.',
  quota_exceeded: 'Ples nɔ de fɔ mɔ fayl. Duya tɛl wi wit wɔd wetin de insay.',
  rate_limited: 'Dat kam tu fas. Duya wet smɔl, dɔn tray bak.',
  too_many_sockets: 'Tu mɔch pipul de yuz dis nɛtwok. Duya wet smɔl, dɔn tray bak.',
  busy: 'Wi stil de ansa wetin yu bin rayt bifo. Duya wet smɔl.',
  agent_unavailable: 'Di ɛlpa nɔ ebul ansa jɔs naw. Wetin yu rayt, wi kip am. Duya rayt bak.',
  agent_timeout: 'Di ɛlpa de tek lɔŋ. Wetin yu rayt, wi kip am.',
  reply_cancelled: 'Di ansa dɔn stɔp.',
  conflict: 'Dis nɔ ebul apin naw insay dis tɔk.',
  session_unknown: 'Wi nɔ sabi dis tɔk. Duya bigin nyu wan.',
  session_closed: 'Dis tɔk dɔn dɔn.',
  session_revoked: 'Dis tɔk dɔn lɔk. Duya bigin nyu wan.',
  session_expired: 'Duya opin di tɔk bak.',
  unauthorized: 'Duya opin di tɔk bak.',
  login_required: 'Duya lɔg in fɔs.',
  read_model_behind: 'Wetin yu rayt, wi kip am, bɔt i nɔ de sho ya yet. Duya aks bak smɔl tɛm.',
  tracking_malformed:
    'Dis nɔto kɔmplen nɔmba. I tan lɛk OMB-XXXX-XXXX-XXXX: OMB ɛn tri grup we gɛt fo lɛta ɔ nɔmba. Duya luk am bak wit di wan we yu rayt dɔŋ.',
  tracking_unknown: 'Wi nɔ si natin fɔ dis.',
};

/** What a light page says of an error, in its own language. English keeps the precise words where an error has some. */
export const problemWords = (language: Language, { code, message }: Pick<ProtocolError, 'code' | 'message'>): string =>
  language === 'en' ? (en[code] ?? message) : (kri[code] ?? kri.internal);

/** For the script of the live chat, which is told errors in English; null: they are in the language of the page already. */
export const liveProblems = (language: Language): typeof kri | null => (language === 'kri' ? kri : null);

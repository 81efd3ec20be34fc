import type { ClientAddresses } from '../../client-address.js';
import { errorDefinitions } from '../../protocol/codes.js';
import { fail, protocolError, type ProtocolError } from '../../protocol/result.js';
import { answerOffice, type TrackActionDeps } from '../track-action-routes.js';
import { track, type TrackRouteDeps } from '../track-routes.js';
import { contentId, type LiteForm } from './form.js';
import { emptyTrackPage, trackView, unsentAnswerView, type LiteStatus, type TrackPage } from './track-view.js';
import { problemWords } from './problem-words.js';
import { contextOf, sayWhen, sendPage, type Visit } from './visit.js';
import { liteWords } from './words.js';

export type LiteTrackDeps = TrackRouteDeps & TrackActionDeps & { readonly addresses: ClientAddresses };

const MAX_CODE_CHARS = 64;
const codeIn = (form: LiteForm, name: string): string => form.field(name).trim().slice(0, MAX_CODE_CHARS);

/** Which field of the page an error is about; null: none of them. */
const fieldOf = ({ code }: ProtocolError): string | null => {
  if (code === 'tracking_malformed') return 'trackingNumber';
  return code === 'message_empty' || code === 'message_too_long' ? 'answer' : null;
};

/** With a key, nothing tells which of the two is wrong: the page must not either. */
const wordsFor = ({ language }: Visit, error: ProtocolError, accessKey: string): string =>
  error.code === 'tracking_unknown'
    ? liteWords[language][accessKey === '' ? 'numberUnknown' : 'pairUnknown']
    : problemWords(language, error);

/** Looks the number up and shows what was found, with what the page has to say besides. */
const showCase = async (
  deps: LiteTrackDeps,
  visit: Visit,
  form: LiteForm,
  besides: Partial<TrackPage> = {},
  problem: ProtocolError | null = null,
): Promise<void> => {
  const [number, accessKey] = [codeIn(form, 'trackingNumber'), codeIn(form, 'accessKey')];
  const found = await track(deps, deps.addresses.keyOf(visit.request), {
    trackingNumber: number,
    language: visit.language,
    ...(accessKey === '' ? {} : { accessKey }),
  });
  const error = problem ?? (found.ok ? null : found.error);
  const shown: TrackPage = {
    ...{ ...emptyTrackPage, ...besides, accessKey },
    status: found.ok ? (found.value.body as LiteStatus) : null,
    problem: error === null ? null : wordsFor(visit, error, accessKey),
    field: error === null ? null : fieldOf(error),
    // Who has given the number only need not write it again for the key.
    number: found.ok && accessKey !== '' ? '' : number,
  };
  sayWhen(visit.response, error);
  sendPage(visit, trackView(contextOf(visit), shown), error === null ? 200 : errorDefinitions[error.code].http);
};

/** `POST /lite/track`: how a complaint stands. Without a number it is asked for; a key stays in its field then. */
export const postTrack = async (deps: LiteTrackDeps, visit: Visit, form: LiteForm): Promise<void> => {
  if (codeIn(form, 'trackingNumber') !== '') {
    await showCase(deps, visit, form);
    return;
  }
  const problem = liteWords[visit.language].numberMissing;
  const shown = { ...emptyTrackPage, problem, field: 'trackingNumber', accessKey: codeIn(form, 'accessKey') };
  sendPage(visit, trackView(contextOf(visit), shown), errorDefinitions.tracking_malformed.http);
};

/** `POST /lite/answer`: the answer to the office's question, by number and key. What could not be taken stays in the box. */
export const postAnswer = async (deps: LiteTrackDeps, visit: Visit, form: LiteForm): Promise<void> => {
  const text = form.field('answer');
  const owner = {
    address: deps.addresses.keyOf(visit.request),
    trackingNumber: codeIn(form, 'trackingNumber'),
    accessKey: codeIn(form, 'accessKey'),
  };
  const answered =
    text.trim() === ''
      ? fail(protocolError('message_empty'))
      : await answerOffice(deps, owner, { text, id: contentId(codeIn(form, 'id'), text) });
  if (answered.ok) await showCase(deps, visit, form, { isAnswered: true });
  else await showCase(deps, visit, form, { text, id: codeIn(form, 'id') }, answered.error);
};

/** What `POST /lite/track` and `POST /lite/answer` show of an error that nobody expected: all that was written. */
export const showUnsentTrack = (
  visit: Visit,
  form: LiteForm,
  path: '/track' | '/answer',
  error: ProtocolError,
): void => {
  const shown: TrackPage = {
    ...emptyTrackPage,
    problem: problemWords(visit.language, error),
    number: codeIn(form, 'trackingNumber'),
    accessKey: codeIn(form, 'accessKey'),
    text: form.field('answer'),
    id: codeIn(form, 'id'),
  };
  const view = path === '/track' ? trackView : unsentAnswerView;
  sayWhen(visit.response, error);
  sendPage(visit, view(contextOf(visit), shown), errorDefinitions[error.code].http);
};

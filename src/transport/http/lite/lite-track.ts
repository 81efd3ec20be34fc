import type { ClientAddresses } from '../../client-address.js';
import { errorDefinitions } from '../../protocol/codes.js';
import type { ProtocolError } from '../../protocol/result.js';
import { answerOffice, type TrackActionDeps } from '../track-action-routes.js';
import { track, type TrackRouteDeps } from '../track-routes.js';
import type { LiteForm } from './form.js';
import { emptyTrackPage, trackView, type LiteStatus, type TrackPage } from './track-view.js';
import { contextOf, sendPage, type Visit } from './visit.js';

export type LiteTrackDeps = TrackRouteDeps & TrackActionDeps & { readonly addresses: ClientAddresses };

const MAX_CODE_CHARS = 64;
const codeIn = (form: LiteForm, name: string): string => form.field(name).trim().slice(0, MAX_CODE_CHARS);

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
    problem: error === null ? null : error.message,
    // Who has given the number only need not write it again for the key.
    number: found.ok && accessKey !== '' ? '' : number,
  };
  sendPage(visit, trackView(contextOf(visit), shown), error === null ? 200 : errorDefinitions[error.code].http);
};

/** `POST /lite/track`: how a complaint stands. */
export const postTrack = (deps: LiteTrackDeps, visit: Visit, form: LiteForm): Promise<void> =>
  showCase(deps, visit, form);

/** `POST /lite/answer`: the answer to the office's question, by number and key. What could not be taken stays in the box. */
export const postAnswer = async (deps: LiteTrackDeps, visit: Visit, form: LiteForm): Promise<void> => {
  const text = form.field('answer');
  const id = codeIn(form, 'id');
  const owner = {
    address: deps.addresses.keyOf(visit.request),
    trackingNumber: codeIn(form, 'trackingNumber'),
    accessKey: codeIn(form, 'accessKey'),
  };
  const answered = await answerOffice(deps, owner, { text, id: id === '' ? undefined : id });
  if (answered.ok) await showCase(deps, visit, form, { isAnswered: true });
  else await showCase(deps, visit, form, { text }, answered.error);
};

import { ERASED } from '../../../events/personal.js';
import type { TransportDeps } from '../../deps.js';
import { errorDefinitions, refusalToError } from '../../protocol/codes.js';
import { protocolError } from '../../protocol/result.js';
import { filesView } from './files-view.js';
import type { LiteForm } from './form.js';
import { isFormToken, type LiteSession } from './lite-session.js';
import { chatQueryOf, noTrouble } from './page.js';
import { problemWords } from './problem-words.js';
import { contextOf, sendPage, type Visit } from './visit.js';
import { liteWords } from './words.js';

/** The files that can still be taken back: once a complaint is filed its files stay with the office. */
export const filesOf = (session: LiteSession | null): LiteSession['state']['evidence'] =>
  session?.state.filing === true && session.state.ended === null
    ? session.state.evidence.filter(({ name }) => name !== ERASED)
    : [];

/** `GET /lite/files`. @param isTakenBack a file was just taken back */
export const showFiles = (visit: Visit, isTakenBack: boolean, problem: string | null = null, status = 200): void =>
  sendPage(
    visit,
    filesView(contextOf(visit), {
      ...noTrouble,
      problem,
      files: filesOf(visit.session),
      isTakenBack: isTakenBack && visit.session !== null,
    }),
    status,
  );

/** `POST /lite/files`: takes a file out of a complaint that is not filed yet. */
export const postFiles = async (
  { sessions }: Pick<TransportDeps, 'sessions'>,
  visit: Visit,
  form: LiteForm,
): Promise<void> => {
  const { session, language } = visit;
  if (session === null || !isFormToken(form.field('token'), session.token)) {
    showFiles(
      visit,
      false,
      session === null ? liteWords[language].gone : problemWords(language, protocolError('bad_request')),
      403,
    );
    return;
  }
  const command = { type: 'WithdrawEvidence', evidenceId: form.field('evidenceId').slice(0, 64) } as const;
  const outcome = await sessions.handle(session.sessionId, command, { actor: { kind: 'citizen' } });
  if (!outcome.ok) {
    const error = protocolError(refusalToError[outcome.refusal.code]);
    showFiles(visit, false, problemWords(language, error), errorDefinitions[error.code].http);
    return;
  }
  // So that "reload" asks for the page again and not for the post.
  visit.response.redirect(303, `/lite/files${chatQueryOf(contextOf(visit))}&taken=1`);
};

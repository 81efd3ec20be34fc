import type { EvidenceItem } from '../../../commands/session/state.js';
import { markup } from './html.js';
import { chatQueryOf, hidden, page, problemBox, wordsOf, type LiteContext, type Trouble } from './page.js';

export interface FilesPage extends Trouble {
  readonly files: readonly Pick<EvidenceItem, 'evidenceId' | 'name'>[];
  /** One was just taken back. */
  readonly isTakenBack: boolean;
}

/** The files of the complaint that is being written, each with a button that takes it back. */
export const filesView = (context: LiteContext, { files, isTakenBack, ...trouble }: FilesPage): string => {
  const words = wordsOf(context);
  return page(
    context,
    '/lite/files',
    markup`<h1>${words.filesHeading}</h1>
      ${isTakenBack ? markup`<p role="status"><b>${words.takenBack}</b></p>` : null}
      ${problemBox(words, trouble)}
      <p>${files.length === 0 ? words.filesNone : words.filesLead}</p>
      <ol>
        ${files.map(
          ({ evidenceId, name }, at) =>
            markup`<li>
              <form method="post" action="/lite/files">
                ${hidden(context)}<input type="hidden" name="evidenceId" value="${evidenceId}" />
                <p id="file-${at}"><bdi>${name}</bdi></p>
                <button id="back-${at}" aria-labelledby="back-${at} file-${at}">${words.takeBack}</button>
              </form>
            </li>`,
        )}
      </ol>
      <p><a href="/lite/chat${chatQueryOf(context)}#end">${words.toChat}</a></p>`,
  );
};

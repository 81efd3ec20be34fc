import { withDraft } from '../lib/draft';
import { DRAFT_KEY, keepInTab, LIVE_EVENT, tabStorage } from '../lib/tab';

/**
 * A page can be seen, and written in, long before its scripts have come over a slow network. What is written until then is kept as
 * the draft, and what is pressed is pressed again as soon as somebody listens (`components/chat/composer.tsx` says so).
 */
export const keepEarlyWords = (): void => {
  const box = document.querySelector<HTMLTextAreaElement>('.composer textarea');
  if (box === null || document.body.dataset['live'] !== undefined) return;
  const pressed: HTMLElement[] = [];
  const keep = (): void => keepInTab(DRAFT_KEY, box.value);
  const press = ({ target }: MouseEvent): void => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button === null) return;
    pressed.push(button);
    // The only sign that can be given yet (chat.css).
    button.dataset['pressed'] = '';
  };
  box.value = withDraft(box.value, tabStorage.getItem(DRAFT_KEY) ?? '');
  keep();
  box.addEventListener('input', keep);
  addEventListener('click', press);
  addEventListener(
    LIVE_EVENT,
    () => {
      box.removeEventListener('input', keep);
      removeEventListener('click', press);
      // The page draws what it found in the box first.
      setTimeout(() => {
        for (const button of pressed) {
          delete button.dataset['pressed'];
          button.click();
        }
      });
    },
    { once: true },
  );
};

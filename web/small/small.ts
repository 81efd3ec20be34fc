// What every page has without a framework: the way out, and the chat of this tab on pages that do not show it.
import { CHAT_KEY, forgetTab, tabStorage } from '../lib/tab';

const exit = document.querySelector<HTMLAnchorElement>('[data-exit]');

/** Puts another page in the place of this one, in the history too. What is on the screen goes first. */
const leave = (): void => {
  document.documentElement.hidden = true;
  if (exit !== null) location.replace(exit.href);
};

exit?.addEventListener('click', (event) => {
  event.preventDefault();
  leave();
});

let shifts = 0;
addEventListener('keydown', ({ key, repeat }) => {
  shifts = key === 'Shift' ? shifts + (repeat ? 0 : 1) : 0;
  if (shifts === 3) leave();
});

const show = (selector: string, isShown: boolean): void => {
  for (const element of document.querySelectorAll<HTMLElement>(selector)) element.hidden = !isShown;
};

show('[data-open-chat]', tabStorage.getItem(CHAT_KEY) !== null);
for (const button of document.querySelectorAll('[data-forget]'))
  button.addEventListener('click', () => {
    forgetTab();
    show('[data-open-chat]', false);
    show('[data-forgotten]', true);
  });

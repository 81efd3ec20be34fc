// What every page has without a framework: the way out, what is done before or beside the scripts, and the
// chat of this tab on pages that do not show it.
import { CHAT_KEY, FILES_KEY, forgetLight, forgetTab, keepInTab, LEFT_KEY, tabStorage } from '../lib/tab';
import { keepEarlyWords } from './early';
import { keepPresses } from './press';

const exits = document.querySelectorAll<HTMLAnchorElement>('[data-exit]');

/** Puts another page in the place of this one, in the history too. What is on the screen goes first. */
const leave = (): void => {
  const exit = exits[0];
  if (exit === undefined) return;
  document.documentElement.hidden = true;
  keepInTab(LEFT_KEY, 'yes');
  keepInTab(FILES_KEY, '');
  location.replace(exit.href);
};

/** "Back" after leaving finds the other page once more. Whoever enters the address, or follows a link, wants to come back. */
const arrive = (isBack: boolean): void => {
  if (tabStorage.getItem(LEFT_KEY) === null) return;
  if (isBack) leave();
  else keepInTab(LEFT_KEY, '');
};

const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
arrive(navigation?.type === 'back_forward');
// A page that the browser kept whole runs no script again when it is shown.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) arrive(true);
});

for (const exit of exits)
  exit.addEventListener('click', (event) => {
    event.preventDefault();
    leave();
  });

keepPresses();
keepEarlyWords();

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
    // The button that had the focus has gone.
    document.querySelector<HTMLElement>('[data-forgotten]')?.focus();
  });
// The light pages say so when their chat was removed: the tab forgets it too.
if (document.querySelector('[data-forget-light]') !== null) forgetLight();

// What every page has without a framework: the way out, what is done before or beside the scripts, and the
// chat of this tab on pages that do not show it. It is the first script to come, maybe before all of the page is there.
import {
  CHAT_KEY,
  FILES_KEY,
  forgetLight,
  forgetTab,
  keepInTab,
  LEFT_KEY,
  sessionInTab,
  TABS,
  tabStorage,
  tellTabs,
} from '../lib/tab';
import { keepEarlyWords } from './early';
import { keepPresses } from './press';

/** What tabs tell each other beside the session that was removed. */
const LEAVE = 'leave';
const LIGHT = 'light';

/** Puts another page in the place of this one, in the history too. What is on the screen goes first. */
const leaveFor = (address: string | null | undefined): void => {
  if (!address) return;
  document.documentElement.hidden = true;
  keepInTab(LEFT_KEY, address);
  keepInTab(FILES_KEY, '');
  location.replace(address);
};
const leave = (): void => leaveFor(document.querySelector<HTMLAnchorElement>('[data-exit]')?.href);
/** Who must not be seen here must not be seen in another tab either. */
const leaveAll = (): void => {
  tellTabs(LEAVE);
  leave();
};

/** "Back" after leaving finds the other page once more. Whoever enters the address, or follows a link, wants to come back. */
const arrive = (isBack: boolean): void => {
  if (isBack) leaveFor(tabStorage.getItem(LEFT_KEY));
  else keepInTab(LEFT_KEY, '');
};

const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
arrive(navigation?.type === 'back_forward');
// A page that the browser kept whole runs no script again when it is shown.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) arrive(true);
});
// Without a chat there are no answers to check and no number (`hooks/use-view.ts`).
if (tabStorage.getItem(CHAT_KEY) === null) history.replaceState(null, '');

keepPresses();

const show = (selector: string, isShown: boolean): void => {
  for (const element of document.querySelectorAll<HTMLElement>(selector)) element.hidden = !isShown;
};
const showForgotten = (): void => {
  show('[data-open-chat]', false);
  show('[data-forgotten]', true);
};

addEventListener('click', (event) => {
  const pressed = (event.target as Element).closest('[data-exit],[data-forget]');
  if (pressed?.matches('[data-exit]')) {
    event.preventDefault();
    leaveAll();
  } else if (pressed) {
    forgetTab(sessionInTab()?.sessionId);
    showForgotten();
    // The button that had the focus has gone.
    document.querySelector<HTMLElement>('[data-forgotten]')?.focus();
  }
});

let shifts = 0;
addEventListener('keydown', ({ key, repeat }) => {
  shifts = key === 'Shift' ? shifts + (repeat ? 0 : 1) : 0;
  if (shifts === 3) leaveAll();
});

const hear = ({ data }: MessageEvent<unknown>): void => {
  if (data === LEAVE) {
    // The tab that says so hears it too, and is on its way already.
    if (!document.documentElement.hidden) leave();
    return;
  }
  const light = document.getElementById('log');
  if (data === LIGHT) forgetLight();
  else if (data === sessionInTab()?.sessionId) forgetTab();
  else return;
  if (data === LIGHT && light === null) return;
  // Whoever shows the chat stops showing it.
  dispatchEvent(new Event('forgotten'));
  light?.closest('main')?.replaceChildren(...document.querySelectorAll('[data-forgotten]'));
  showForgotten();
};
if ('BroadcastChannel' in self) new BroadcastChannel(TABS).onmessage = hear;

const onParsed = (): void => {
  keepEarlyWords();
  show('[data-open-chat]', tabStorage.getItem(CHAT_KEY) !== null);
  // The light pages say so when their chat was removed: the tabs forget it too.
  if (document.querySelector('[data-forget-light]') === null) return;
  forgetLight();
  tellTabs(LIGHT);
};
if (document.readyState === 'loading') addEventListener('DOMContentLoaded', onParsed);
else onParsed();

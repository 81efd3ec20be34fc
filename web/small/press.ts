/** How far a finger may slide between pressing and letting go, in pixels; further, and the press was called off. */
const SLIDE = 10;

/**
 * A press counts for the button that was pressed, also when the page moved before the finger was lifted: an answer came in, a
 * keyboard closed. The browser would give the click to whatever lies there by then, and "Send" would do nothing.
 */
export const keepPresses = (): void => {
  let forget = (): void => undefined;
  addEventListener(
    'pointerdown',
    ({ target, clientX, clientY }) => {
      forget();
      const pressed = target instanceof Element ? target.closest<HTMLElement>('button') : null;
      if (pressed === null) return;
      const settle = (event: MouseEvent): void => {
        forget();
        if (event.composedPath().includes(pressed)) return;
        if (Math.hypot(event.clientX - clientX, event.clientY - clientY) > SLIDE) return;
        event.preventDefault();
        event.stopPropagation();
        pressed.click();
      };
      forget = () => removeEventListener('click', settle, true);
      addEventListener('click', settle, true);
    },
    true,
  );
};

/**
 * Puts a number before the page's title, or takes it away. Nothing else of what was said: whoever looks over a shoulder, or at a
 * list of tabs, sees the title too.
 */
export const showNews = (count: number): void => {
  const plain = document.title.replace(/^\(\d+\) /, '');
  document.title = count > 0 ? `(${count}) ${plain}` : plain;
};

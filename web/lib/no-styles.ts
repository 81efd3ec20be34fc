/** In place of the inline styles of Next's own page after a fault in a script: our policy refuses them, and they weigh 2 KB. */
export const errorStyles = {};
export const errorThemeCss = '';
export const WarningIcon = (): null => null;

/** What a box shall hold that has words of its own already, and a draft that was kept: nothing of either is lost. */
export const withDraft = (own: string, kept: string): string => {
  if (own.startsWith(kept)) return own;
  return own === '' ? kept : `${kept}\n${own}`;
};

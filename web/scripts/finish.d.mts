/** Hashes of inline scripts, as a policy names them. */
export const inlineHashes: (html: string) => readonly string[];
/** Puts the finished site of `source` (Next's export) into `target`, in one move. */
export const finish: (source: string, target: string) => void;

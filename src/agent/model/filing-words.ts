// What a model may say beside a filing. The program tells that the complaint is filed; words that say otherwise are left out.

const deniesFiling =
  /\b(?:not|never|nothing|cannot|can['’]t|could not|couldn['’]t|unable|isn['’]t|hasn['’]t|wasn['’]t|nɔ)\b[^.!?\n]*\b(?:fil(?:e|ed|ing)|submit(?:ted)?|lodged?|sent|fayl)\b|\b(?:shall|should|may|can|let) (?:i|we|me)\b[^.!?\n]*\b(?:file|submit|lodge|fayl)\b|\b(?:do|would|if) you (?:want|wish|like|agree|are ready)\b[^.!?\n]*\b(?:file|submit|lodge|filed|submitted|fayl)\b|\b(?:ready|going|about|want) to (?:file|submit|lodge)\b|\b(?:i|we)(?: will|['’]ll| go) (?:now |then |soon )?(?:file|submit|lodge|fayl)\b|\b(?:before|when|once|until) (?:i|we|you) (?:file|submit|lodge|fayl)\b|\bsay (?:just )?["“'‘]?yes\b|\bis (?:this|that|everything|it) (?:all )?(?:right|correct)\b/iu;

/** Sentences with the white space before them. */
const pieces = (text: string): string[] => text.split(/(?<=[.!?…])(?=\s)|(?=\n)/u);

/** The model's words in a turn in which the complaint was filed, without the sentences that deny it or ask for it again. */
export const besideFiling = (words: string): string =>
  pieces(words)
    .filter((sentence) => !deniesFiling.test(sentence))
    .join('')
    .trim();

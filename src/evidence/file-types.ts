/** One kind of file that is taken. Extension, declared type and content must all say the same (security.md row 17). */
export interface EvidenceType {
  /** What is recorded and served. */
  readonly mimeType: string;
  /** Lower case, without dot; the first one names a file that came without a name. */
  readonly extensions: readonly string[];
  /** What clients call it. */
  readonly declared: readonly string[];
  /** What the content is recognised as. */
  readonly sniffed: readonly string[];
}

const documents: readonly EvidenceType[] = [
  {
    mimeType: 'application/pdf',
    extensions: ['pdf'],
    declared: ['application/pdf', 'application/x-pdf'],
    sniffed: ['application/pdf'],
  },
  {
    mimeType: 'application/msword',
    extensions: ['doc'],
    declared: ['application/msword'],
    sniffed: ['application/x-cfb'],
  },
  {
    mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extensions: ['docx'],
    declared: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    sniffed: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/zip'],
  },
];

const pictures: readonly EvidenceType[] = [
  {
    mimeType: 'image/jpeg',
    extensions: ['jpg', 'jpeg'],
    declared: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
    sniffed: ['image/jpeg'],
  },
  { mimeType: 'image/png', extensions: ['png'], declared: ['image/png'], sniffed: ['image/png', 'image/apng'] },
  { mimeType: 'image/webp', extensions: ['webp'], declared: ['image/webp'], sniffed: ['image/webp'] },
  {
    mimeType: 'image/heic',
    extensions: ['heic', 'heif'],
    declared: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
    sniffed: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  },
];

const voiceNotes: readonly EvidenceType[] = [
  {
    mimeType: 'audio/mpeg',
    extensions: ['mp3'],
    declared: ['audio/mpeg', 'audio/mp3', 'audio/x-mpeg'],
    sniffed: ['audio/mpeg'],
  },
  {
    mimeType: 'audio/mp4',
    extensions: ['m4a', 'mp4'],
    declared: ['audio/mp4', 'audio/m4a', 'audio/x-m4a'],
    // Recorders of browsers write brands that look like video; `inspect` looks for a video track.
    sniffed: ['audio/x-m4a', 'audio/mp4', 'video/mp4'],
  },
  {
    mimeType: 'audio/ogg',
    extensions: ['ogg', 'oga', 'opus'],
    declared: ['audio/ogg', 'audio/opus', 'application/ogg'],
    sniffed: ['audio/ogg', 'audio/opus', 'audio/ogg; codecs=opus'],
  },
  {
    mimeType: 'audio/wav',
    extensions: ['wav'],
    declared: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
    sniffed: ['audio/wav'],
  },
  {
    mimeType: 'audio/webm',
    extensions: ['webm', 'weba'],
    declared: ['audio/webm'],
    sniffed: ['video/webm', 'audio/webm'],
  },
];

/** What is taken unless composition says otherwise. SVG, HTML, archives and programs are not in it. */
export const defaultEvidenceTypes: readonly EvidenceType[] = [...documents, ...pictures, ...voiceNotes];

import type { MessageState, Phase, Role } from '../index.js';

/** Every word that the chat shows; give your own to translate it. */
export interface ChatStrings {
  readonly conversation: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly states: Readonly<Record<MessageState, string>>;
  readonly connection: Readonly<Record<Phase, string>>;
  /** While older messages are fetched. */
  readonly catchingUp: string;
  readonly replaced: string;
  readonly useHere: string;
  readonly connectNow: string;
  readonly inputLabel: string;
  readonly inputHint: string;
  readonly send: string;
  readonly addFiles: string;
  readonly chosenFiles: string;
  readonly removeFile: (name: string) => string;
  readonly files: (names: readonly string[]) => string;
  readonly uploading: (percent: number) => string;
  readonly retry: string;
  readonly remove: string;
  readonly typing: string;
  readonly writing: string;
  readonly stop: string;
  readonly suggestions: string;
  /** Before the first message. */
  readonly welcome: string;
  readonly time: (at: string) => string;
}

export const englishStrings: ChatStrings = {
  conversation: 'Conversation with the office',
  roles: { agent: 'Assistant', citizen: 'You', officer: 'Officer', system: 'Note' },
  states: { waiting: 'Waiting to be sent', sent: 'Sent', received: 'Received by the office', failed: 'Not sent' },
  connection: {
    idle: 'Not connected',
    connecting: 'Connecting …',
    greeting: 'Connecting …',
    replaying: 'Loading the conversation …',
    live: 'Connected',
    backoff: 'No connection. What you write is kept and sent as soon as it is back.',
    failed: 'The connection ended.',
  },
  catchingUp: 'Loading earlier messages …',
  replaced: 'This conversation is open in too many places.',
  useHere: 'Use here',
  connectNow: 'Connect again',
  inputLabel: 'Your message',
  inputHint: 'Enter sends, Shift and Enter begins a new line.',
  send: 'Send',
  addFiles: 'Add files',
  chosenFiles: 'Chosen files',
  removeFile: (name) => `Remove ${name}`,
  files: (names) => `Files: ${names.join(', ')}`,
  uploading: (percent) => `Uploading files: ${percent} %`,
  retry: 'Try again',
  remove: 'Remove',
  typing: 'The office is typing …',
  writing: 'Reply being written',
  stop: 'Stop',
  suggestions: 'Suggested answers',
  welcome: 'Write what happened. You will get an answer here.',
  time: (at) => (at === '' ? '' : new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })),
};

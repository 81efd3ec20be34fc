'use client';

import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement, type SyntheticEvent } from 'react';
import type { CitizenClient } from '../index.js';
import type { ChatStrings } from './strings.js';

/** After this long without a key, typing has stopped (milliseconds). */
const TYPING_PAUSE_MS = 4_000;

interface ComposerProps {
  readonly strings: ChatStrings;
  readonly client: CitizenClient;
  /** The value of the file input's `accept`. */
  readonly accept: string | undefined;
  /** False keeps what was written. */
  readonly onSend: (text: string, files: readonly File[]) => boolean;
}

interface ChosenProps {
  readonly files: readonly File[];
  readonly strings: ChatStrings;
  readonly onRemove: (file: File) => void;
}

const ChosenFiles = ({ files, strings, onRemove }: ChosenProps): ReactElement | null =>
  files.length === 0 ? null : (
    <ul className="ci-chosen" aria-label={strings.chosenFiles}>
      {files.map((file, index) => (
        <li key={`${index}-${file.name}`}>
          {file.name}{' '}
          <button
            type="button"
            className="ci-link"
            aria-label={strings.removeFile(file.name)}
            onClick={() => onRemove(file)}
          >
            {strings.remove}
          </button>
        </li>
      ))}
    </ul>
  );

/** Tells the server that someone is typing, and that it stopped. */
const useTyping = (client: CitizenClient): ((isTyping: boolean) => void) => {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (isTyping) => {
    clearTimeout(timer.current);
    if (isTyping) timer.current = setTimeout(() => client.setTyping(false), TYPING_PAUSE_MS);
    client.setTyping(isTyping);
  };
};

/** Text box, files and the button to send. */
export const Composer = ({ strings, client, accept, onSend }: ComposerProps): ReactElement => {
  const id = useId();
  const [text, setText] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const picker = useRef<HTMLInputElement>(null);
  const typing = useTyping(client);
  const clear = (): void => {
    setText('');
    setFiles([]);
  };
  // Nobody who sits down here next reads what was written.
  useEffect(() => client.on('session', ({ reason }) => (reason === 'ended' ? clear() : undefined)), [client]);

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if ((text.trim() === '' && files.length === 0) || !onSend(text, files)) return;
    clear();
    typing(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
  };

  return (
    <form className="ci-composer" onSubmit={submit}>
      <label className="ci-label" htmlFor={`${id}-text`}>
        {strings.inputLabel}
      </label>
      <textarea
        id={`${id}-text`}
        className="ci-input"
        rows={3}
        value={text}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => {
          setText(target.value);
          typing(target.value !== '');
        }}
        onKeyDown={onKeyDown}
      />
      <p className="ci-hint" id={`${id}-hint`}>
        {strings.inputHint}
      </p>
      <ChosenFiles files={files} strings={strings} onRemove={(file) => setFiles(files.filter((one) => one !== file))} />
      <div className="ci-actions">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept={accept}
          onChange={({ target }) => {
            setFiles([...files, ...(target.files ?? [])]);
            target.value = '';
          }}
        />
        <button type="button" className="ci-button ci-secondary" onClick={() => picker.current?.click()}>
          {strings.addFiles}
        </button>
        <button type="submit" className="ci-button">
          {strings.send}
        </button>
      </div>
    </form>
  );
};

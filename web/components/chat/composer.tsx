'use client';

import {
  lazy,
  Suspense,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import type { CitizenClient } from '@citizen-interface/client';
import type { FileTray } from '../../hooks/use-file-tray';
import { patiently } from '../../lib/patiently';
import { withDraft } from '../../lib/draft';
import { DRAFT_KEY, keepInTab, LIVE_EVENT, tabStorage } from '../../lib/tab';
import { isStuck, withFiles } from '../../lib/tray';
import type { ChatWords } from './words';

/** After this long without a key, typing has stopped (milliseconds). */
const TYPING_PAUSE_MS = 4_000;
const ACCEPT = 'image/*,application/pdf,.doc,.docx,audio/*';

const FileList = lazy(() => patiently(() => import('./file-list')));

interface ComposerProps {
  readonly client: CitizenClient;
  readonly words: ChatWords;
  readonly files: FileTray;
  /** Stays in view with the box. */
  readonly above: ReactNode;
  readonly below: ReactNode;
  /** For what follows the part that stays in view. */
  readonly rest: Ref<HTMLDivElement>;
}

/** What is being written, kept over a reload; and telling the office that somebody writes. */
const useDraft = (client: CitizenClient) => {
  const [text, setText] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // What was written before this script came stands in the box and nowhere else: the next drawing would empty it.
  useLayoutEffect(() => {
    setText(withDraft(box.current?.value ?? '', tabStorage.getItem(DRAFT_KEY) ?? ''));
    return () => clearTimeout(pause.current);
  }, []);
  useEffect(() => {
    document.body.dataset['live'] = '';
    dispatchEvent(new Event(LIVE_EVENT));
  }, []);
  const write = (next: string): void => {
    setText(next);
    keepInTab(DRAFT_KEY, next);
    clearTimeout(pause.current);
    client.setTyping(next !== '');
    if (next !== '') pause.current = setTimeout(() => client.setTyping(false), TYPING_PAUSE_MS);
  };
  return { box, text, write };
};

interface PickerProps {
  readonly files: FileTray;
  readonly words: ChatWords;
}

const FilePicker = ({ files, words }: PickerProps): ReactElement => {
  const input = useRef<HTMLInputElement>(null);
  const add = (list: FileList | null): void => {
    const chosen = [...(list ?? [])].map((file, at) => ({ key: `${performance.now()} ${at}`, file }));
    files.put((tray) => withFiles(tray, chosen));
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPT}
        onChange={({ target }) => {
          add(target.files);
          target.value = '';
        }}
      />
      <button type="button" className="link" onClick={() => input.current?.click()}>
        {words.chat.addFile}
      </button>
    </>
  );
};

/** Text, files and Send. Always enabled: what is written waits when it must. */
export const Composer = ({ client, words, files, above, below, rest }: ComposerProps): ReactElement => {
  const { box, text, write } = useDraft(client);
  const [problem, setProblem] = useState('');
  const { items, left } = files.tray;

  const submit = (): void => {
    // Nothing written, and no file that can still go.
    if (text.trim() === '' && items.every(isStuck)) {
      setProblem(words.chat.nothing);
      document.getElementById('message')?.focus();
      return;
    }
    try {
      files.sendWith(text);
      write('');
      setProblem('');
    } catch {
      setProblem(words.chat.outboxFull);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // A phone's keyboard has no Shift+Enter: there Enter begins a new line. While a character is composed, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    if (!matchMedia('(pointer: fine)').matches) return;
    event.preventDefault();
    submit();
  };
  return (
    <>
      <div className="dock">
        <div className="dock-top">
          <div>{above}</div>
          <FilePicker files={files} words={words} />
        </div>
        {/* Before the script has come, this method does nothing at all: the words stay in the box. */}
        <form
          className="composer"
          method="dialog"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <p role="alert" className="problem">
            {problem || (left?.length ? words.files.tooMany : '')}
          </p>
          <label htmlFor="message">{words.chat.label}</label>
          <div className="write">
            <textarea
              ref={box}
              id="message"
              rows={1}
              value={text}
              aria-describedby="message-hint"
              onChange={({ target }) => {
                write(target.value);
                setProblem('');
              }}
              onKeyDown={onKeyDown}
            />
            <button type="submit" className="button">
              {words.chat.send}
            </button>
          </div>
        </form>
      </div>
      <div className="beside" ref={rest}>
        {items.length === 0 ? null : (
          <Suspense fallback={items[0]?.file.name}>
            <FileList files={files} words={words.files} />
          </Suspense>
        )}
        <p className="hint" id="message-hint">
          {words.chat.hint}
        </p>
        {below}
      </div>
    </>
  );
};

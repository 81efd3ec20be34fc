'use client';

import { lazy, Suspense, useLayoutEffect, useRef, useState, type ReactElement, type RefObject } from 'react';
import type { FileTray } from '../../hooks/use-file-tray';
import { takeBackFile, type GivenFile } from '../../lib/answers';
import { fill } from '../../lib/fill';
import { patiently } from '../../lib/patiently';
import { isStuck } from '../../lib/tray';
import type { ChatWords } from './words';

const FileList = lazy(() => patiently(() => import('./file-list')));

export interface TakingBack {
  readonly takeBack: (file: GivenFile) => void;
  /** What became of it, or of a thing beside it. */
  readonly told: string;
  /** For the element that says so: the button that had the focus goes with its file. */
  readonly status: RefObject<HTMLParagraphElement | null>;
  /** Says something there, and gives it the focus: what was pressed goes. */
  readonly say: Say;
}

export type Say = (text: string) => void;

/** Takes files out of a complaint that is not filed yet. */
export const useTakeBack = (sessionId: string | null, words: ChatWords['check'], onDone: () => void): TakingBack => {
  const [told, setTold] = useState({ text: '', takesFocus: false });
  const status = useRef<HTMLParagraphElement>(null);
  // An empty one is not shown, and cannot have it.
  useLayoutEffect(() => {
    if (told.takesFocus) status.current?.focus();
  }, [told]);
  const say: Say = (text) => setTold({ text, takesFocus: true });
  const takeBack = ({ evidenceId, name }: GivenFile): void => {
    takeBackFile(sessionId ?? '', evidenceId).then(
      () => {
        say(fill(words.takenBack, { what: name }));
        onDone();
      },
      () => setTold({ text: words.takeBackFailed, takesFocus: false }),
    );
  };
  return { takeBack, told: told.text, status, say };
};

/** The files of the complaint, each with the way out of it. */
export const GivenFiles = ({
  files,
  words,
  onTakeBack,
}: {
  readonly files: readonly GivenFile[];
  readonly words: ChatWords['check'];
  readonly onTakeBack: (file: GivenFile) => void;
}): ReactElement => (
  <ul className="given">
    {files.map((file) => (
      <li key={file.evidenceId}>
        {file.name}{' '}
        <button
          type="button"
          className="link"
          aria-label={fill(words.takeBackOf, { what: file.name })}
          onClick={() => onTakeBack(file)}
        >
          {words.takeBack}
        </button>
      </li>
    ))}
  </ul>
);

/** Files that were chosen in the conversation and not sent: they would not be filed. */
export const Unsent = ({
  files,
  words,
  say,
}: {
  readonly files: FileTray;
  readonly words: ChatWords;
  readonly say: Say;
}): ReactElement | null => {
  const [problem, setProblem] = useState('');
  const { items } = files.tray;
  if (items.length === 0) return null;
  const send = (): void => {
    try {
      files.sendWith('');
      say(words.check.unsentGone);
    } catch {
      setProblem(words.chat.outboxFull);
    }
  };
  return (
    <div className="notice">
      <p>{words.check.unsent}</p>
      <Suspense>
        <FileList
          files={files}
          words={words.files}
          onLeft={(name) => say(fill(words.check.unsentLeft, { what: name }))}
        />
      </Suspense>
      <p role="alert" className="problem">
        {problem}
      </p>
      {items.every((item) => item.goesAlone || isStuck(item)) ? null : (
        <button type="button" className="button quiet" onClick={send}>
          {words.check.unsentSend}
        </button>
      )}
    </div>
  );
};

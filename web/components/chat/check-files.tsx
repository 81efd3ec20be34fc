'use client';

import { lazy, Suspense, useRef, useState, type ReactElement, type RefObject } from 'react';
import type { FileTray } from '../../hooks/use-file-tray';
import { takeBackFile, type GivenFile } from '../../lib/answers';
import { fill } from '../../lib/fill';
import { patiently } from '../../lib/patiently';
import type { ChatWords } from './words';

const FileList = lazy(() => patiently(() => import('./file-list')));

export interface TakingBack {
  readonly takeBack: (file: GivenFile) => void;
  /** What became of it. */
  readonly told: string;
  /** For the element that says so: the button that had the focus goes with its file. */
  readonly status: RefObject<HTMLParagraphElement | null>;
}

/** Takes files out of a complaint that is not filed yet. */
export const useTakeBack = (sessionId: string | null, words: ChatWords['check'], onDone: () => void): TakingBack => {
  const [told, setTold] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  const takeBack = ({ evidenceId, name }: GivenFile): void => {
    takeBackFile(sessionId ?? '', evidenceId).then(
      () => {
        setTold(fill(words.takenBack, { what: name }));
        status.current?.focus();
        onDone();
      },
      () => setTold(words.takeBackFailed),
    );
  };
  return { takeBack, told, status };
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
}: {
  readonly files: FileTray;
  readonly words: ChatWords;
}): ReactElement | null => {
  const [problem, setProblem] = useState('');
  const { items } = files.tray;
  if (items.length === 0) return null;
  const send = (): void => {
    try {
      files.sendWith('');
    } catch {
      setProblem(words.chat.outboxFull);
    }
  };
  return (
    <div className="notice">
      <p>{words.check.unsent}</p>
      <Suspense>
        <FileList files={files} words={words.files} />
      </Suspense>
      <p role="alert" className="problem">
        {problem}
      </p>
      {items.every(({ goesAlone }) => goesAlone) ? null : (
        <button type="button" className="button quiet" onClick={send}>
          {words.check.unsentSend}
        </button>
      )}
    </div>
  );
};

'use client';

import { useLayoutEffect, useRef, type ReactElement, type RefObject } from 'react';
import type { FileTray } from '../../hooks/use-file-tray';
import { useTell } from '../../hooks/use-tell';
import { fill } from '../../lib/fill';
import { hasSizes, isHeldUp, isHopeless } from '../../lib/file-fate';
import type { TrayItem } from '../../lib/tray';
import { canBeSmall, type TrayChange } from '../../lib/tray-change';
import type { ChatWords } from './words';

type Words = ChatWords['files'];

/** 250 KB, 1.2 MB. */
const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const stateOf = (item: TrayItem, words: Words): string => {
  const { state, failure, progress, size, goesAlone, kept } = item;
  if (state === 'failed') {
    switch (failure?.code) {
      case 'file_too_large':
        return canBeSmall(item) ? words.tooLarge : words.tooLargeFile;
      case 'network':
        return kept === undefined ? words.cut : words.keptCut;
      case 'upload_unknown':
        return words.gone;
      default:
        return `${words.failed}: ${failure?.words ?? ''}`;
    }
  }
  if (state === 'ready') return words.ready;
  const percent = fill(words.progress, { percent: String(Math.round(progress * 100)), size: sizeOf(size) });
  if (isHeldUp(item)) return words.cut;
  const now = state === 'uploading' ? `${words.uploading}: ${percent}` : words[state];
  return goesAlone && state !== 'paused' ? `${now}. ${words.sendNow}` : now;
};

/** So many names of files that were not taken are said; the others are counted. */
const NAMES = 5;

/** Which of the chosen files were not taken. */
const tooMany = (left: readonly { readonly file: File }[], words: Words): string => {
  if (left.length === 0) return '';
  const names = `${left
    .slice(0, NAMES)
    .map(({ file }) => file.name)
    .join(', ')}${left.length > NAMES ? ' …' : ''}`;
  return fill(words.leftOut, { count: String(left.length), names });
};

/** What has the focus goes, by itself or by its own button: the focus would be nowhere. Given on before that. */
const useHandOn = (
  box: RefObject<HTMLElement | null>,
  to: (left: HTMLElement) => HTMLElement | null | undefined,
): void => {
  const next = useRef(to);
  useLayoutEffect(() => {
    next.current = to;
  });
  useLayoutEffect(() => {
    const left = box.current;
    return () => {
      if (left?.contains(document.activeElement)) next.current(left)?.focus();
    };
  }, [box]);
};

interface StepProps {
  readonly label: string;
  readonly name: string;
  readonly onClick: () => void;
}

const Step = ({ label, name, onClick }: StepProps): ReactElement => {
  const button = useRef<HTMLButtonElement>(null);
  // To the last one, which stays as long as the file.
  useHandOn(button, (left) => left.parentElement?.querySelector<HTMLElement>('button:last-child'));
  return (
    <button ref={button} type="button" className="link" aria-label={`${label}: ${name}`} onClick={onClick}>
      {label}
    </button>
  );
};

interface ItemProps {
  readonly tell: (told: TrayChange) => void;
  readonly item: TrayItem;
  readonly words: Words;
  readonly onLeft: FileListProps['onLeft'];
}

const Item = ({ item, words, tell, onLeft }: ItemProps): ReactElement => {
  const { key, state, file, progress, asItIs } = item;
  const box = useRef<HTMLLIElement>(null);
  useHandOn(box, () => {
    if (onLeft === undefined) return document.querySelector('.dock-top > .link');
    onLeft(file.name);
    return null;
  });
  const button = (type: 'pause' | 'go' | 'remove', label: string): ReactElement => (
    <Step label={label} name={file.name} onClick={() => tell({ type, key })} />
  );
  return (
    <li ref={box} className="file">
      <p className="file-name">{file.name}</p>
      <p className="file-state">{stateOf(item, words)}</p>
      {asItIs && (state === 'uploading' || state === 'ready') ? <p className="problem">{words.asItIs}</p> : null}
      {state === 'uploading' && !isHeldUp(item) ? <progress value={progress} max={1} aria-label={file.name} /> : null}
      <p className="row">
        {/* One place for the three: the focus stays when one gives way to another. */}
        {state === 'ready'
          ? null
          : state === 'paused'
            ? button('go', words.go)
            : state === 'failed'
              ? isHopeless(item)
                ? null
                : button('go', words.again)
              : button('pause', words.pause)}
        {button('remove', words.remove)}
      </p>
    </li>
  );
};

interface FileListProps {
  readonly files: FileTray;
  readonly words: Words;
  /** A file goes that has the focus: sees to who has it then. Default: the button that chooses the next file. */
  readonly onLeft?: (name: string) => void;
}

/** The chosen files, each with its progress; and for photos the choice between a smaller copy and the original. */
export default function FileList({ files, words, onLeft }: FileListProps): ReactElement {
  const { tray } = files;
  const tell = useTell(files);
  const choice = (isSmall: boolean, label: string, hint: string): ReactElement => (
    <label className="choice">
      <input
        type="radio"
        name="size"
        checked={tray.isSmall === isSmall}
        onChange={() => tell({ type: 'size', isSmall })}
      />
      <span>
        {label} <span className="hint">{hint}</span>
      </span>
    </label>
  );
  return (
    <section className="tray" aria-label={words.heading}>
      <ul>
        {tray.items.map((item) => (
          <Item key={item.key} {...{ item, words, tell, onLeft }} />
        ))}
      </ul>
      <p className="problem" role="status">
        {tooMany(tray.left ?? [], words)}
      </p>
      {tray.items.some(hasSizes) ? (
        <fieldset>
          <legend>{words.size}</legend>
          {choice(true, words.small, words.smallHint)}
          {choice(false, words.original, words.originalHint)}
        </fieldset>
      ) : null}
    </section>
  );
}

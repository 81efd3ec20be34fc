'use client';

import type { ReactElement } from 'react';
import type { FileTray } from '../../hooks/use-file-tray';
import { fill } from '../../lib/fill';
import { isPhoto, type TrayItem } from '../../lib/tray';
import type { ChatWords } from './words';

type Words = ChatWords['files'];

/** 250 KB, 1.2 MB. */
const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const stateOf = ({ state, failure, progress, size, goesAlone }: TrayItem, words: Words): string => {
  if (state === 'failed') {
    switch (failure?.code) {
      case 'file_too_large':
        return words.tooLarge;
      case 'network':
        return words.cut;
      default:
        return `${words.failed}: ${failure?.words ?? ''}`;
    }
  }
  if (state === 'ready') return words.ready;
  const percent = fill(words.progress, { percent: String(Math.round(progress * 100)), size: sizeOf(size) });
  const now = state === 'uploading' ? `${words.uploading}: ${percent}` : words[state];
  return goesAlone ? `${now}. ${words.sendNow}` : now;
};

/** A smaller copy was wished for, and this browser could make none: whatever the camera wrote into the file goes with it. */
const goesAsItIs = ({ file, state, size }: TrayItem, isSmall: boolean): boolean =>
  isSmall && isPhoto(file) && (state === 'uploading' || state === 'ready') && size === file.size;

const Item = ({
  item,
  words,
  isSmall,
  tell,
}: { readonly item: TrayItem; readonly words: Words; readonly isSmall: boolean } & Pick<
  FileTray,
  'tell'
>): ReactElement => {
  const { key, state, file, progress } = item;
  const button = (type: 'pause' | 'go' | 'remove', label: string): ReactElement => (
    <button
      type="button"
      className="link"
      aria-label={`${label}: ${file.name}`}
      onClick={({ currentTarget }) => {
        // The button goes with its file: the focus would be nowhere.
        if (type === 'remove')
          currentTarget.closest('.tray')?.parentElement?.querySelector<HTMLElement>('.tray ~ .button')?.focus();
        tell({ type, key });
      }}
    >
      {label}
    </button>
  );
  return (
    <li className="file">
      <p className="file-name">{file.name}</p>
      <p className="file-state">{stateOf(item, words)}</p>
      {goesAsItIs(item, isSmall) ? <p className="problem">{words.asItIs}</p> : null}
      {state === 'uploading' ? <progress value={progress} max={1} aria-label={file.name} /> : null}
      <p className="row">
        {/* One place for the three: the focus stays when one gives way to another. */}
        {state === 'ready'
          ? null
          : state === 'paused'
            ? button('go', words.go)
            : state === 'failed'
              ? button('go', words.again)
              : button('pause', words.pause)}
        {button('remove', words.remove)}
      </p>
    </li>
  );
};

/** The chosen files, each with its progress; and for photos the choice between a smaller copy and the original. */
export default function FileList({ files, words }: { readonly files: FileTray; readonly words: Words }): ReactElement {
  const { tray, tell } = files;
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
          <Item key={item.key} item={item} words={words} isSmall={tray.isSmall} tell={tell} />
        ))}
      </ul>
      {tray.items.some(({ file }) => isPhoto(file)) ? (
        <fieldset>
          <legend>{words.size}</legend>
          {choice(true, words.small, words.smallHint)}
          {choice(false, words.original, words.originalHint)}
        </fieldset>
      ) : null}
    </section>
  );
}

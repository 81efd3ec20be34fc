import type { Tray, TrayItem } from './tray';
import { canBeSmall } from './tray-change';

// Loaded with the list of the files: what keeps one, and what can still be done about it.

const NEVER: readonly string[] = ['file_too_large', 'file_type_rejected', 'file_infected', 'upload_unknown'];

/** On its way, and nothing moves: there is no connection. What still moves (another way than that of the chat) says so. */
export const isHeldUp = ({ state, progress, isHeld }: TrayItem): boolean =>
  isHeld === true && state === 'uploading' && progress === 0;

/** Keys of those that the network broke: they go again when the connection is back; what was refused does not. */
export const cutIn = (items: Tray['items']): readonly string[] =>
  items.flatMap(({ key, failure }) => (failure?.code === 'network' ? key : []));

/** Whether the same file would be refused again however often it is sent. */
export const isHopeless = ({ failure, file, kept }: TrayItem): boolean =>
  failure !== undefined && (NEVER.includes(failure.code) || (failure.code !== 'network' && !kept && file.size === 0));

/** Whether the size of a photo can be chosen, and the choice means something for this one. */
export const hasSizes = (item: TrayItem): boolean =>
  canBeSmall(item) && (!isHopeless(item) || item.failure?.code === 'file_too_large');

import { canBeSmall, type TrayItem } from './tray';

// Loaded with the list of the files: what can still be done about one that did not go.

const NEVER: readonly string[] = ['file_too_large', 'file_type_rejected', 'file_infected', 'upload_unknown'];

/** Whether the same file would be refused again however often it is sent. */
export const isHopeless = ({ failure, file, kept }: TrayItem): boolean =>
  failure !== undefined && (NEVER.includes(failure.code) || (failure.code !== 'network' && !kept && file.size === 0));

/** Whether the size of a photo can be chosen, and the choice means something for this one. */
export const hasSizes = (item: TrayItem): boolean =>
  canBeSmall(item) && (!isHopeless(item) || item.failure?.code === 'file_too_large');

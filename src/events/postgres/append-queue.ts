/** Something to be appended to a stream. */
interface Queued {
  readonly request: { readonly stream: string; readonly events: readonly { readonly payload: string }[] };
}

/** Requests that wait, in order, with at most one of each stream on its way. */
export interface AppendQueue<T extends Queued> {
  add(item: T): void;
  /** How many could be taken now. */
  readonly ready: number;
  readonly size: number;
  /** Takes at most so many items, of different streams, none of which is on its way. */
  take(most: number): T[];
  /** These are settled: their streams may go on. */
  done(items: readonly T[]): void;
}

/** A batch is cut off at so many characters of payload, so that one transaction stays short. */
const MAX_BATCH_CHARS = 4 * 1024 * 1024;

const charsOf = (item: Queued): number => item.request.events.reduce((sum, event) => sum + event.payload.length, 0);

/** @param maxEvents most events in one batch; a request with more goes alone */
export function createAppendQueue<T extends Queued>(maxEvents: number): AppendQueue<T> {
  let ready: T[] = [];
  const behind = new Map<string, T[]>(); // by stream, for streams that have one ready or on its way
  let waiting = 0;

  const take = (most: number): T[] => {
    let events = 0;
    let chars = 0;
    let count = 0;
    for (const item of ready) {
      events += item.request.events.length;
      chars += charsOf(item);
      if (count > 0 && (count >= most || events > maxEvents || chars > MAX_BATCH_CHARS)) break;
      count += 1;
    }
    const taken = ready.slice(0, count);
    ready = ready.slice(count);
    return taken;
  };

  return {
    add(item) {
      const followers = behind.get(item.request.stream);
      if (followers === undefined) {
        behind.set(item.request.stream, []);
        ready.push(item);
      } else {
        followers.push(item);
        waiting += 1;
      }
    },
    get ready() {
      return ready.length;
    },
    get size() {
      return ready.length + waiting;
    },
    take,
    done(items) {
      for (const { request } of items) {
        const next = behind.get(request.stream)?.shift();
        if (next === undefined) behind.delete(request.stream);
        else {
          waiting -= 1;
          ready.push(next);
        }
      }
    },
  };
}

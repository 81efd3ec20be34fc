import type { EventPage } from '../../src/events/store.js';

/** `readPages` over `readAll`, for logs in memory. The last page reaches `until`. */
export async function* pagesOf<E>(
  events: AsyncIterable<E>,
  { pageSize, positionOf, until }: { pageSize: number; positionOf: (event: E) => bigint; until: bigint },
): AsyncGenerator<EventPage<E>> {
  let page: E[] = [];
  for await (const event of events) {
    page.push(event);
    if (page.length < pageSize) continue;
    yield { events: page, to: positionOf(event) };
    page = [];
  }
  yield { events: page, to: until };
}

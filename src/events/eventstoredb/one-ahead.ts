/**
 * The same items, the next of which is asked for while the consumer works on this one. Whoever leaves early does not wait for
 * it; it is thrown away when it comes.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  const ask = (): Promise<IteratorResult<T, void>> => {
    const asked = source.next();
    asked.catch(() => undefined); // it is heard when its turn comes, or never
    return asked;
  };
  let next = ask();
  try {
    for (;;) {
      const item = await next;
      if (item.done === true) return;
      next = ask();
      yield item.value;
    }
  } finally {
    source.return().catch(() => undefined);
  }
}

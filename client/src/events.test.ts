import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventParser } from './events.js';

const parse = (chunks: readonly string[]): readonly string[] => {
  const seen: string[] = [];
  const feed = eventParser((data) => seen.push(data));
  for (const chunk of chunks) feed(chunk);
  return seen;
};

test('ids, comments and event names are passed over', () => {
  expect(parse([': hello\nid: 1.2\nevent: frame\ndata: {"a":1}\n\n:\n\n'])).toEqual(['{"a":1}']);
});

test('several data lines are one text, and all line ends count', () => {
  expect(parse(['data: a\ndata: b\n\ndata:c\r\n\r\ndata: d\r\rdata: e\n\n'])).toEqual(['a\nb', 'c', 'd', 'e']);
});

test('it does not matter where the network cuts the stream', () => {
  const text = ': beat\r\n\r\nid: 1\r\ndata: one\r\n\r\nid: 2\ndata: two\ndata: more\n\n';
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const chunks = places.slice(1).map((end, index) => text.slice(places[index], end));
      expect(parse(chunks)).toEqual(['one', 'two\nmore']);
    }),
    { seed: 7 },
  );
});

/**
 * Arrays in PostgreSQL's binary format. A batch of appends carries fourteen of them; as text each element would be
 * escaped here and parsed there, which costs more than everything else the process does for an append.
 */

const TEXT = 25;
const BYTEA = 17;
const UUID = 2950;
const INT4 = 23;
const INT8 = 20;
const INT2 = 21;
const HEADER_BYTES = 20;

function header(target: Buffer, elementType: number, length: number, hasNull: boolean): void {
  target.writeInt32BE(1, 0); // dimensions
  target.writeInt32BE(hasNull ? 1 : 0, 4);
  target.writeInt32BE(elementType, 8);
  target.writeInt32BE(length, 12);
  target.writeInt32BE(1, 16); // lower bound
}

/** `text[]`; `undefined` becomes NULL. */
export function textArray(values: readonly (string | undefined)[]): Buffer {
  const lengths = values.map((value) => (value === undefined ? -1 : Buffer.byteLength(value)));
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), HEADER_BYTES);
  const target = Buffer.allocUnsafe(size);
  header(target, TEXT, values.length, lengths.includes(-1));
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    at = target.writeInt32BE(lengths[index] ?? -1, at);
    if (value !== undefined) at += target.write(value, at);
  });
  return target;
}

const fixed = (
  type: number,
  bytes: number,
  length: number,
  write: (target: Buffer, at: number, index: number) => void,
) => {
  const target = Buffer.allocUnsafe(HEADER_BYTES + length * (4 + bytes));
  header(target, type, length, false);
  for (let index = 0, at = HEADER_BYTES; index < length; index++, at += bytes) {
    at = target.writeInt32BE(bytes, at);
    write(target, at, index);
  }
  return target;
};

/** `bytea[]` of values that all have 32 bytes. */
export const hashArray = (values: readonly Buffer[]): Buffer =>
  fixed(BYTEA, 32, values.length, (target, at, index) => void values[index]?.copy(target, at));

/** `uuid[]` of lower-case UUIDs with hyphens. */
export const uuidArray = (values: readonly string[]): Buffer =>
  fixed(UUID, 16, values.length, (target, at, index) => {
    target.write((values[index] ?? '').replaceAll('-', ''), at, 'hex');
  });

/** `smallint[]` */
export const int2Array = (values: readonly number[]): Buffer =>
  fixed(INT2, 2, values.length, (target, at, index) => void target.writeInt16BE(values[index] ?? 0, at));

/** `integer[]` */
export const int4Array = (values: readonly number[]): Buffer =>
  fixed(INT4, 4, values.length, (target, at, index) => void target.writeInt32BE(values[index] ?? 0, at));

/** `bigint[]` of safe integers. */
export const int8Array = (values: readonly number[]): Buffer =>
  fixed(INT8, 8, values.length, (target, at, index) => void target.writeBigInt64BE(BigInt(values[index] ?? 0), at));

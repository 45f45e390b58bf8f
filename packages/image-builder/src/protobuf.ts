// Reads the wire format of protocol buffers: field numbers and raw values, bounds checked.

/** One field of a message. Numbers above 2^53 lose precision; fixed-width fields are skipped. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * The fields of one message, in order.
 * @throws {RangeError} when the bytes end early or hold an unknown wire type.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let position = 0;
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - position) throw new RangeError('a field reaches past the end of its message');
    position += length;
    return bytes.subarray(position - length, position);
  };
  const varint = (): number => {
    for (let value = 0, scale = 1, size = 0; size < 10; size++, scale *= 128) {
      const byte = take(1)[0] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new RangeError('a number is longer than ten bytes');
  };
  while (position < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 2) fields.push({ number, value: take(varint()) });
    else if (wireType === 1) take(8);
    else if (wireType === 5) take(4);
    else throw new RangeError(`unknown wire type ${wireType}`);
  }
  return fields;
}

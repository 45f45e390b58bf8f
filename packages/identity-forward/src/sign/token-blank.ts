// A token with everything but its times, id and signature: what stays the same is encoded once, and kept as text and as bytes.

/** The token of one key, caller and server, to be filled in for each request. */
export class TokenBlank {
  /** The encoded header, a dot, and as many of the constant claims as fill whole groups of base64url: three bytes, four characters. */
  readonly head: string;
  /** The one or two bytes that fill no group and wait for what follows. Always ASCII, as the text ends with `",`. */
  readonly rest: string;
  #message: Buffer = Buffer.alloc(0);

  constructor(header: string, claims: Readonly<Record<string, string>>) {
    const bytes = Buffer.from(`${JSON.stringify(claims).slice(0, -1)},`);
    const whole = bytes.length - (bytes.length % 3);
    this.head = `${header}.${bytes.toString('base64url', 0, whole)}`;
    this.rest = bytes.toString('latin1', whole);
  }

  /** The bytes to sign: head and tail. Written over by the next call, so use them at once. */
  message(tail: string): Buffer {
    const { head } = this;
    if (this.#message.length === head.length + tail.length) this.#message.write(tail, head.length, 'latin1');
    else this.#message = Buffer.from(head + tail, 'latin1');
    return this.#message;
  }
}

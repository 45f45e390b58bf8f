// The port behind which signatures are checked: WebCrypto anywhere, node:crypto or libsodium on a Node server.

/** Whether the owner of one key made this signature (64 bytes) of this message (ASCII). */
export type CheckSignature = (message: string, signature: Uint8Array<ArrayBuffer>) => boolean | Promise<boolean>;

/** Readies an Ed25519 public point, `x` of its JWK: 32 bytes in base64url. Throws on what the engine takes for no point. */
export type ReadyKey = (x: string) => CheckSignature | Promise<CheckSignature>;

// What one look at an image in its registry shows: plain data.

/** An image that is there, is not there, or cannot be asked for. */
export type ImageLook =
  | {
      readonly state: 'found';
      readonly digest: string;
      /** As image configurations name them (`amd64`, `arm64`), in the order of the index; none where the image does not say. */
      readonly architectures: readonly string[];
    }
  | { readonly state: 'missing' }
  /** The registry gives it to nobody without credentials, or does not answer. */
  | { readonly state: 'unknown'; readonly reason: string };

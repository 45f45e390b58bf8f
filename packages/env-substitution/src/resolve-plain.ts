// What a plain scalar means by the rules of the document's schema: a number, a truth value, null, or text.
import { isScalar, type Document } from 'yaml';

/** The value of `text` as if it stood unquoted in the document. */
export function resolvePlain(text: string, document: Document): unknown {
  const tag = document.schema?.tags.find((candidate) => candidate.default === true && 'test' in candidate && candidate.test?.test(text));
  if (tag === undefined || typeof tag.resolve !== 'function') return text;
  const value: unknown = (tag.resolve as (text: string, onError: () => void, options: object) => unknown)(
    text,
    () => undefined,
    document.options ?? {},
  );
  return isScalar(value) ? value.value : value;
}

// ${NAME} and ${NAME:-default} inside .env values, which know no other form and no nesting.

/** What a name stands for: `undefined` when it is unknown, no `value` when it is known without one. */
type LookUp = (name: string) => { value: string | undefined } | undefined;

const nameEnd = /[}:]/g;

/**
 * Replaces the variables of one value. The default stands in only where the name is unknown; a name known without a value is empty.
 * Stops growing once past `limit` characters, so that the caller can refuse the result.
 */
export function interpolate(value: string, lookUp: LookUp, limit: number): string {
  let result = '';
  let copied = 0;
  for (const reference of references(value)) {
    const known = lookUp(reference.name);
    result += value.slice(copied, reference.start) + (known === undefined ? reference.fallback : (known.value ?? ''));
    copied = reference.end;
    if (result.length > limit) return result;
  }
  return result + value.slice(copied);
}

interface Reference {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly fallback: string;
}

// By hand, because the obvious expression takes quadratic time on a long run of '${'.
function* references(value: string): Generator<Reference> {
  const lastBrace = value.lastIndexOf('}');
  let start = value.indexOf('${');
  while (start !== -1 && start < lastBrace) {
    nameEnd.lastIndex = start + 2;
    const stop = nameEnd.exec(value)?.index ?? lastBrace;
    const hasFallback = value.startsWith(':-', stop);
    if (value[stop] === '}' || hasFallback) {
      const brace = value.indexOf('}', stop);
      if (brace === -1) return;
      yield { start, end: brace + 1, name: value.slice(start + 2, stop), fallback: hasFallback ? value.slice(stop + 2, brace) : '' };
      start = value.indexOf('${', brace);
    } else {
      start = value.indexOf('${', stop);
    }
  }
}

// Finds where a quote or a bracket opens that is never closed: the parser notices it only at the file's end, far from the slip.
import { isCollection, isPair, isScalar, type Document } from 'yaml';

/** The start of every quoted scalar and bracket by its end; of those with one end, the innermost. */
export function openings(document: Document): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  const visit = (node: unknown): void => {
    if (isPair(node)) {
      visit(node.key);
      visit(node.value);
    } else if (isScalar(node) || isCollection(node)) {
      const opens = isScalar(node) ? node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' : node.flow === true;
      if (opens && node.range) starts.set(node.range[1], node.range[0]);
      if (isCollection(node)) node.items.forEach(visit);
    }
  };
  visit(document.contents);
  return starts;
}

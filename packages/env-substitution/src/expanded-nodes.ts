// Counts what a document's aliases expand to, without expanding them.
import { isAlias, isCollection, isPair, type Document, type Node } from 'yaml';
import { maxExpandedNodes } from './limits.ts';

/** Whether following every alias gives more nodes than a reader should build. Takes time linear in the document. */
export function outgrowsAliases(document: Document): boolean {
  const sizes = new Map<string, number>();
  const size = (node: unknown): number => {
    if (isAlias(node)) return sizes.get(node.source) ?? 1;
    if (isPair(node)) return size(node.key) + size(node.value);
    const count = isCollection(node) ? node.items.reduce<number>((sum, item) => sum + size(item), 1) : 1;
    const anchor = (node as Node | null)?.anchor;
    if (anchor !== undefined) sizes.set(anchor, count);
    return count;
  };
  return size(document.contents) > maxExpandedNodes;
}

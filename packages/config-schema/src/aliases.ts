// Follows YAML anchors and aliases once, in one pass, and refuses a document whose aliases would expand without bound.
import { isAlias, isCollection, isPair, isScalar } from 'yaml';
import type { Alias, Document, Node } from 'yaml';
import { maxAliasedNodes, maxDepth } from './limits.ts';

/** Why a document is not followed any further. */
export interface AliasFault {
  readonly message: string;
  readonly at?: number | undefined;
}

/** The node each alias stands for, or the fault that stops the reading. */
export type Links = ReadonlyMap<Alias, Node>;

interface Anchored {
  readonly node: Node;
  /** Nodes below it with every alias followed; undefined while it is being walked. */
  size?: number | undefined;
}

/** Walks the whole document once, linear in its length. The library's own lookup walks it once for each alias. */
export function linkAliases(document: Document): { readonly links: Links; readonly faults: readonly AliasFault[] } {
  const links = new Map<Alias, Node>();
  const anchors = new Map<string, Anchored>();
  const faults: AliasFault[] = [];
  let added = 0;

  const fail = (message: string, node: Node): number => {
    faults.push({ message, at: node.range?.[0] });
    return 1;
  };

  const follow = (alias: Alias): number => {
    const target = anchors.get(alias.source);
    // The name is not shown: an unquoted secret may begin with `*`.
    if (target === undefined)
      return fail('This alias (`*name`) names no anchor above it. A value that begins with `*` needs quotes.', alias);
    if (target.size === undefined) return fail('This alias refers to a value that contains it.', alias);
    links.set(alias, target.node);
    added += target.size;
    if (added > maxAliasedNodes)
      fail(`The aliases of this file stand for more than ${maxAliasedNodes.toLocaleString('en')} values.`, alias);
    return target.size;
  };

  const measure = (node: unknown, depth: number): number => {
    if (added > maxAliasedNodes) return 1;
    if (isAlias(node)) return follow(node);
    if (isPair(node)) return measure(node.key, depth) + measure(node.value, depth);
    if (!isScalar(node) && !isCollection(node)) return 1;
    const anchored: Anchored = { node };
    if (node.anchor !== undefined) anchors.set(node.anchor, anchored);
    let size = 1;
    if (isCollection(node)) {
      if (depth > maxDepth) return fail(`Collections are nested more than ${maxDepth} deep.`, node);
      for (const item of node.items) size += measure(item, depth + 1);
    }
    anchored.size = size;
    return size;
  };

  measure(document.contents, 0);
  return { links, faults };
}

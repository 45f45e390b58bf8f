// Finds keys given twice in one mapping, in linear time.
import type { Issue } from '@runlayer/errors';
import { isCollection, isMap, isPair, isScalar, type Document, type LineCounter, type ParsedNode } from 'yaml';
import { maxIssues } from './limits.ts';
import { pathText, placeAt } from './place.ts';

type Path = readonly (string | number)[];

/**
 * One issue for each key that its mapping already has, at the second key's place; of very many, the first hundred. A merge key (`<<`) may
 * be given several times: readers that know it merge all of them.
 */
export function duplicateKeys(document: Document, lineCounter: LineCounter): Issue[] {
  const issues: Issue[] = [];
  visitCollections(document.contents, [], (key, path) => {
    if (issues.length === maxIssues) issues.push({ path: '', message: `There are more than ${maxIssues} such faults.` });
    if (issues.length > maxIssues) return;
    issues.push({
      path: pathText(path),
      message: 'This key is given twice.',
      hint: 'Remove one of them.',
      ...placeAt(key.range[0], lineCounter),
    });
  });
  return issues;
}

function visitCollections(node: unknown, path: Path, report: (key: ParsedNode, path: Path) => void): void {
  if (!isCollection(node)) return;
  const seen = new Set<unknown>();
  node.items.forEach((item, index) => {
    if (!isPair(item)) return visitCollections(item, [...path, index], report);
    const key = item.key as ParsedNode;
    const name = isScalar(key) ? key.value : key;
    const step = [...path, String(isScalar(key) ? key.value : index)];
    if (isMap(node) && seen.has(name) && name !== '<<') report(key, step);
    seen.add(name);
    visitCollections(item.key, step, report);
    visitCollections(item.value, step, report);
  });
}

// Pages of lists, between the wire's words and the control plane's.
import type { Page, PageRequest } from '@runlayer/control-plane';

/** `limit` and `skip` of a query. */
export function pageRequest(query: { limit?: number | undefined; skip?: number | undefined }): PageRequest {
  return { limit: query.limit, offset: query.skip };
}

/** A page with its entries as the wire shows them. */
export function wirePage<Item, Wire>({ items, total }: Page<Item>, wire: (item: Item) => Wire): { data: Wire[]; count: number } {
  return { data: items.map(wire), count: total };
}

// Which of a route's instances is meant by a name.
import type { Endpoint, ProxyRoute } from '../route.ts';

/** What an instance is called: its own name, else its address. */
export function instanceOf({ instance, host, port }: Endpoint): string {
  return instance ?? `${host}:${port}`;
}

/** Where an instance answers now, be it one that takes new sessions or one that only finishes those it has. */
export function endpointNamed({ endpoints, draining = [] }: ProxyRoute, instance: string): Endpoint | undefined {
  const isMeant = (endpoint: Endpoint): boolean => instanceOf(endpoint) === instance;
  return endpoints.find(isMeant) ?? draining.find(isMeant);
}

// The public surface of @runlayer/proxy.
export type { AccessRecord, RunningCall } from './access-record.ts';
export type { Authenticate, Caller, Sign } from './caller.ts';
export { proxyErrors } from './error-codes.ts';
export type { ProxyErrorCode } from './error-codes.ts';
export type { Proxy, ProxyLimits, ProxyOptions, ProxyStats } from './options.ts';
export { createProxy } from './proxy.ts';
export { createCallMetrics } from './call-metrics.ts';
export type { CallMetrics, MetricSources } from './call-metrics.ts';
export { labelText, metricText } from './call-metrics-text.ts';
export type { MetricLine } from './call-metrics-text.ts';
export type { McpName } from './mcp-name.ts';
export type { Session, SessionChange, SessionStore } from './sessions/session.ts';
export { isPublicAddress } from './public-ip.ts';
export type { Endpoint, ForwardToggles, ProxyRoute, Routes, Unavailable } from './route.ts';

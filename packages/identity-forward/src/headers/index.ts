// The public surface of @runlayer/identity-forward/headers.
export { decodeHeaderValue, encodeHeaderValue } from './encoding.ts';
export { identityTokenHeader, reservedHeaderNames, subjectHeaderNames } from './names.ts';
export type { HeaderSource } from './read-header.ts';
export { isReservedHeader } from './reserved.ts';
export { subjectFromHeaders, subjectHeaders } from './subject-headers.ts';

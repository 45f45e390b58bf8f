// Parts for those who write a provisioner: turns per deployment, event streams, redaction.
export { abortable, createTurns, isAbort } from './turns.ts';
export type { TurnOptions, Turns } from './turns.ts';
export { eventStream } from './event-stream.ts';
export type { Emit } from './event-stream.ts';
export { probe } from './http-probe.ts';
export type { Answer } from './http-probe.ts';
export { pause } from './pause.ts';
export { watchStream } from './watch-stream.ts';
export { within } from './within.ts';
export { redactionOf } from '../redaction.ts';
export type { Redaction } from '../redaction.ts';
export { withoutShadowed } from '../shadowed.ts';
export { unsupportedParts } from './unsupported-parts.ts';

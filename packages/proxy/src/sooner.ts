// Goes on at once where a value is at hand: a call whose route and caller are remembered waits for no turn of the event loop.

/** Applies `step` to a value now, or to a promised one when it comes. */
export function sooner<Value, Next>(value: Value | Promise<Value>, step: (value: Value) => Next | Promise<Next>): Next | Promise<Next> {
  return value instanceof Promise ? value.then(step) : step(value);
}

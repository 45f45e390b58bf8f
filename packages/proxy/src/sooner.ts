// Goes on at once where a value is at hand: a call whose route and caller are remembered waits for no turn of the event loop.

/** Applies `next` to a value now, or to a promised one when it comes. */
export function sooner<Value, Next>(value: Value | Promise<Value>, next: (value: Value) => Next | Promise<Next>): Next | Promise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}

// Tells a server that is away for a moment from one that has said no.

/** Whether asking again may help: no answer, 5xx, or 429. */
export function isTransient(error: unknown): boolean {
  const { code, status } = (error ?? {}) as { code?: unknown; status?: unknown };
  return (
    code === 'ERR_SERVER_UNREACHABLE' ||
    code === 'ERR_SERVER_ANSWER_UNREADABLE' ||
    status === 429 ||
    (typeof status === 'number' && status >= 500)
  );
}

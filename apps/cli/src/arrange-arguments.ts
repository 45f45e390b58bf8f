// Lets options stand between `deploy` and its subcommand, where people put them and the parser does not look.

const subcommands = new Set(['init', 'validate', 'pull', 'watch', 'destroy']);
const takesValue = /^(-[csHedn]|--(config|secret|host|env-file|deployment-id|name|timeout))$/;

/** The arguments with the subcommand of `deploy` moved in front of the options before it. */
export function arrangeArguments(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  if (first !== 'deploy') return [...args];
  let at = 0;
  while (at < rest.length && rest[at]?.startsWith('-') === true && rest[at] !== '--') at += takesValue.test(rest[at] ?? '') ? 2 : 1;
  const found = rest[at];
  return found !== undefined && subcommands.has(found) ? [first, found, ...rest.slice(0, at), ...rest.slice(at + 1)] : [...args];
}

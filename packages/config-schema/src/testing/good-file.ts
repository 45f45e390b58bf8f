// The valid file that tests break in one place.
export const goodFile = `# a comment
id: 9b2f0c1e-5a64-4c7e-9d1b-3f8f6a2d7e10
name: notes
runtime: docker
build:
  dockerfile: Dockerfile
  context: .
  platform: x86
service:
  port: 8000
  path: /mcp
  expose:
    - /token
infrastructure:
  cpu: 256
  memory: 512
env:
  PORT: "8000"
  API_TOKEN: canary-secret
  CALLBACK: $$DEPLOYMENT_URL/cb
`;

/** The good file with the line that begins with `key:` (after its indentation) replaced, or removed. */
export function withLine(key: string, ...lines: string[]): string {
  return goodFile
    .split('\n')
    .flatMap((line) => (line.trimStart().startsWith(`${key}:`) ? lines : [line]))
    .join('\n');
}

/** The good file with a whole top-level section replaced, or removed. */
export function withSection(key: string, text = ''): string {
  return goodFile.replace(new RegExp(`^${key}:.*\\n(?:  .*\\n)*`, 'm'), () => text);
}

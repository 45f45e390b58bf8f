// The file that `init` writes: small enough to read, with a comment wherever a choice is waiting.
import type { Platform } from './config.ts';
import { yamlText } from './yaml-text.ts';

/** What a template is made for. */
export interface TemplateOptions {
  /** UUID of the deployment. Left out, the file has no `id` line at all: published clients damage a file with an empty one. */
  readonly id?: string | undefined;
  readonly name: string;
  /** Always written: published clients build for x86 where the file says nothing. */
  readonly platform: Platform;
  /** Default: 8000. */
  readonly port?: number | undefined;
}

/** A commented `runlayer.yaml` that is valid as it stands, here and for published clients. */
export function templateYaml(options: TemplateOptions): string {
  const id =
    options.id === undefined
      ? ''
      : `# The deployment this file belongs to. Keep it: deploys and pulls find their record by it.\nid: ${yamlText(options.id)}\n`;
  return `${id}name: ${yamlText(options.name)}
runtime: docker

# Builds the image from a Dockerfile. To run an image that exists, remove \`build\` and write
# image: ghcr.io/acme/notes:1.2.0
build:
  dockerfile: Dockerfile
  context: .
  # x86 or arm: the architecture to build for.
  platform: ${options.platform}
  # args:
  #   NODE_VERSION: '24'
  # target: runtime

service:
  # The port the server listens on, on all addresses (0.0.0.0).
  port: ${options.port ?? 8000}
  # The path of the MCP endpoint: /mcp for streaming HTTP, /sse for the older transport.
  path: /mcp
  # Routes that need no authentication. Only for a server with OAuth of its own:
  # expose:
  #   - /.well-known/oauth-authorization-server
  #   - /authorize
  #   - /token
  #   - /register

infrastructure:
  # Valid pairs: 256 with 512, 1024, 2048 · 512 with 1024 to 4096 · 1024 with 2048 to 8192 ·
  # 2048 with 4096 to 16384 · 4096 with 8192 to 30720, in steps of 1024.
  cpu: 256
  memory: 512
  # enable_db: true

# Variables of the container, each a text. \${NAME} comes from your environment or from .env, $$DEPLOYMENT_URL from the platform.
# env:
#   LOG_LEVEL: info
#   API_TOKEN: \${API_TOKEN}
#   OAUTH_ISSUER: $$DEPLOYMENT_URL
`;
}

// The public address of a deployment.

/** `<platform>/api/v1/proxy/hosted/<id>`. */
export function deploymentUrl(platformUrl: string, id: string): string {
  return `${platformUrl}/api/v1/proxy/hosted/${id}`;
}

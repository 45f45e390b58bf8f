// boto3, told nothing but what a container is told.
import { run } from '@runlayer/local-platform';
import { describeWith } from '@runlayer/test-services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { emulatorPython } from '../fixtures/ministack.ts';
import { openScene, type Scene } from '../fixtures/scene.ts';

describeWith(typeof emulatorPython === 'string' ? emulatorPython : undefined, 'boto3', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.close());

  it('works on its own table from its environment alone, and on nothing else [CFG-6]', async () => {
    const [own, other] = [await scene.deployment(), await scene.deployment()];
    const env = {
      DB_TABLE_NAME: own.table,
      OTHER_TABLE: other.table,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${scene.tables.port}`,
      AWS_ACCESS_KEY_ID: own.key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: own.key.secretAccessKey,
    };
    const python = typeof emulatorPython === 'string' ? '' : emulatorPython.python;
    const { stdout, stderr } = await run(python, [fileURLToPath(new URL('../fixtures/program.py', import.meta.url))], { env });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      found: 10,
      first: 1,
      text: 'Ærøskøbing',
      scanned: 30,
      status: 'ACTIVE',
      condition: 'ConditionalCheckFailedException',
      other: Array.from({ length: 4 }, () => 'AccessDeniedException'),
      else: Array.from({ length: 3 }, () => 'AccessDeniedException'),
    });
  });
});

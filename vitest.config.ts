// One run for every test: pure ones in parallel, then those that start all they need themselves, then, one file at a time,
// those that share an engine or count on quiet.
import { defineConfig } from 'vitest/config';

const packages = ['packages/*/src/**', 'apps/*/src/**', 'tools/*/src/**', 'examples/*/src/**'];
const built = ['**/node_modules/**', '**/dist/**'];
/** Each file has an emulator of AWS, or a Postgres, of its own. */
const apart = [
  'packages/aws-*/src/**/*.docker.test.ts',
  'apps/*/src/**/aws*/**/*.docker.test.ts',
  'apps/*/src/**/aws*.docker.test.ts',
  'tests/src/aws*.test.ts',
  ...packages.map((folder) => `${folder}/*.postgres.test.ts`),
];

export default defineConfig({
  test: {
    reporters: ['default', './tools/test-services/src/skip-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: packages.map((folder) => `${folder}/*.test.ts`),
          exclude: ['**/*.docker.test.ts', '**/*.postgres.test.ts', ...built],
          testTimeout: 30_000,
          // All cores: by default one is left idle, which is half of a small machine.
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'apart',
          include: apart,
          exclude: built,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Most of each file is waiting; more than two emulators at once only make each other late.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'services',
          include: packages.map((folder) => `${folder}/*.docker.test.ts`),
          exclude: [...apart, ...built],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/src/**/*.test.ts'],
          exclude: [...apart, ...built],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

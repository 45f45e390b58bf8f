// One run for every test: pure ones in parallel, those that share an engine or real processes one file at a time.
import { defineConfig } from 'vitest/config';

const packages = ['packages/*/src/**', 'apps/*/src/**', 'tools/*/src/**', 'examples/*/src/**'];

export default defineConfig({
  test: {
    reporters: ['default', './tools/test-services/src/skip-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: packages.map((folder) => `${folder}/*.test.ts`),
          exclude: ['**/*.docker.test.ts', '**/*.postgres.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'services',
          include: packages.flatMap((folder) => [`${folder}/*.docker.test.ts`, `${folder}/*.postgres.test.ts`]),
          exclude: ['**/node_modules/**', '**/dist/**'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/src/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

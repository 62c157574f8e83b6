// Test stages as projects: what each one runs, and how many at once. test/run calls them by name.

import { defineConfig } from 'vitest/config'

const away = ['**/node_modules/**', '**/dist/**', '.cache/**']
const staged = [
  '**/*.db.test.ts',
  '**/*.system.test.ts',
  'test/journeys/**',
  'test/faults/**',
  'test/conformance/**',
  'test/vm/**',
  'test/bench/**',
  'test/simulation/**',
  'test/mutants/**',
  'installers/stage/**',
]
/** Stages that start browsers, databases or services take turns: two cores are not many. */
const alone = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...away, ...staged],
          // Properties over thousands of histories, on machines that have other things to do.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['**/*.db.test.ts'],
          exclude: [...away, 'test/faults/**', 'test/journeys/**'],
          ...alone,
          // Each test has a database of its own, so two files do not meet.
          fileParallelism: true,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'system',
          include: ['**/*.system.test.ts'],
          exclude: [...away, 'test/faults/**', 'test/journeys/**'],
          ...alone,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          exclude: away,
          ...alone,
        },
      },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], exclude: away, ...alone } },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          exclude: [...away, '**/*.db.test.ts'],
          ...alone,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts', 'test/mutants/**/*.test.ts'],
          exclude: away,
          ...alone,
          // In a whole run it has only what the other stages leave of the cores.
          testTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'installers',
          include: ['installers/stage/**/*.test.ts'],
          exclude: away,
          ...alone,
          // A Windows that starts, and installs two hundred megabytes several times.
          testTimeout: 240_000,
          hookTimeout: 300_000,
        },
      },
      { test: { name: 'vm', include: ['test/vm/**/*.test.ts'], exclude: away, ...alone } },
    ],
  },
})

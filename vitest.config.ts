import { defineConfig } from 'vitest/config';

const isPackageTest = process.env.npm_lifecycle_event === 'test:package';

export default defineConfig({
  test: {
    // What packs and installs the package and checks a template takes a minute, so npm run test:package runs it by itself.
    include: [isPackageTest ? 'test/package/*.package-test.ts' : 'test/**/*.test.ts'],
    globalSetup: isPackageTest ? [] : ['test/support/global-setup.ts'],
    // npm needs the environment as it is.
    setupFiles: isPackageTest
      ? []
      : [
          'test/support/clean-environment.ts',
          'test/support/seed.ts',
          'test/support/leave-nothing.ts',
        ],
    // Ends a test that hangs; none may fail because the machine is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 50_000 } },
    // One for each core: a third one on two cores loads every module once more, and costs a quarter of the time.
    maxWorkers: '100%',
    // A process per file would spend a third of the time on loading the AWS SDK, the CDK and zod again.
    isolate: false,
    // Node runs the sources itself, as it does outside of the tests: Vite's transform costs an eighth of the time.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    restoreMocks: true,
  },
});

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
    // Half of the tests wait for sockets and processes, so even two cores serve more than one worker.
    maxWorkers: 3,
    // A process per file would spend a third of the time on loading the AWS SDK, the CDK and zod again.
    isolate: false,
    restoreMocks: true,
  },
});

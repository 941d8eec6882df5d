import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: [
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

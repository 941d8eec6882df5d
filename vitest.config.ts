import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

/** Closes the run with the line CI reads: `N passed, N failed`. */
const tally: Reporter = {
  onTestRunEnd(modules) {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const passed = states.filter((state) => state === 'passed').length;
    const failed = states.filter((state) => state === 'failed').length + broken;
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  },
};

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/clean-environment.ts', 'test/support/seed.ts'],
    reporters: ['default', tally],
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

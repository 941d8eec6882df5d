import { execFile } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { startVitest, type Vitest } from 'vitest/node';

/** Scripts of package.json that need no test: they run while the tests wait, and their output is shown if they fail. */
const CHECKS = ['lint', 'types', 'dead-code'];

/** The compiler of types, a program in Go, lives for seconds: collecting its garbage would take a third of its time. */
const CHECK_ENVIRONMENT = { ...process.env, GOGC: 'off', GOMEMLIMIT: '2GiB' };

interface Check {
  readonly script: string;
  readonly isPassed: boolean;
  readonly output: string;
}

function check(script: string): Promise<Check> {
  return new Promise((resolve) => {
    const { pid } = execFile(
      process.execPath,
      ['--run', script],
      { env: CHECK_ENVIRONMENT },
      (error, stdout, stderr) =>
        resolve({ script, isPassed: error === null, output: `${stdout}${stderr}` }),
    );
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  });
}

/** Tests by outcome; a file that cannot be loaded and an error outside of any test are failures as well. */
function countTests({ state }: Vitest) {
  const modules = state.getTestModules();
  const results = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  );
  const broken = modules.filter((module) => module.errors().length > 0).length;
  return {
    passed: results.filter((result) => result === 'passed').length,
    failed:
      results.filter((result) => result === 'failed').length +
      broken +
      state.getUnhandledErrors().length,
  };
}

const checks = CHECKS.map(check);
const vitest = await startVitest('test', process.argv.slice(2), { run: true });
await vitest.close();
const failedChecks = (await Promise.all(checks)).filter(({ isPassed }) => !isPassed);
for (const { script, output } of failedChecks) {
  process.stdout.write(`\nnpm run ${script} fails:\n\n${output}\n`);
}
const { passed, failed } = countTests(vitest);
const failures = failed + failedChecks.length;
if (failures > 0 || passed === 0) process.exitCode = 1;
// The line that CI reads.
process.stdout.write(`\n${passed} passed, ${failures} failed\n`);

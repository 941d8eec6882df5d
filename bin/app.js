import module from 'node:module';

// What `npx cdk` runs. An older Node.js cannot read the app's TypeScript, and would only say so with a stack trace.
const NEEDED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  // Without it, half a second of each synthesis goes into compiling the CDK again.
  module.enableCompileCache();
  await import('./app.ts');
} else {
  process.stderr.write(
    `Node.js ${NEEDED_MAJOR} is missing, this is ${process.version}: run npm ci, which brings it, and npx cdk in the project's folder; for Apple silicon, install it from nodejs.org\n`,
  );
  process.exitCode = 2;
}

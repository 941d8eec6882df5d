import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/**
 * Names under `.example` lead to this machine. CI has no sandbox; what the tests look at is above it. Nobody looks at
 * pictures.
 */
const ARGS = [
  '--host-resolver-rules=MAP *.example 127.0.0.1',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-software-rasterizer',
];
/** A test ends a command of this process with SIGHUP. */
const OPTIONS = { args: ARGS, handleSIGHUP: false };

const PACKED = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'));
const UNPACKED = fileURLToPath(new URL('../unpacked', import.meta.resolve('@sparticuz/chromium')));

/**
 * Starts a Chromium: on Linux with an x64 processor the one of the npm package, elsewhere the Chrome that is installed.
 * Rejects where there is none.
 */
export async function startBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return chromium.launch({ channel: 'chrome', ...OPTIONS });
  }
  if (!existsSync(UNPACKED)) await unpack();
  return chromium.launch({
    executablePath: join(UNPACKED, 'chromium'),
    ...OPTIONS,
    env: { ...process.env, LD_LIBRARY_PATH: join(UNPACKED, 'al2023', 'lib') },
  });
}

/** Into a folder of the package itself, once: it takes seconds. Two processes at the same moment do not meet. */
async function unpack(): Promise<void> {
  const folder = mkdtempSync(`${UNPACKED}-`);
  // The package unpacks into the folder for temporary files and uses what it finds there, which may be a stranger's.
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  await Promise.all(
    ['chromium.br', 'al2023.tar.br'].map((file) => inflate(fileURLToPath(new URL(file, PACKED)))),
  );
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  try {
    renameSync(folder, UNPACKED);
  } catch {
    // Another process was first: what it unpacked is used, or the launch says what is missing.
    rmSync(folder, { recursive: true });
  }
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { vi } from 'vitest';

/** Names under `.example` lead to this machine. CI has no sandbox; what the tests look at is above it. */
const ARGS = ['--host-resolver-rules=MAP *.example 127.0.0.1', '--no-sandbox'];

const PACKED = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'));

/**
 * Starts a Chromium: on Linux with an x64 processor the one of the npm package, unpacked into this folder, elsewhere
 * the Chrome that is installed. Rejects where there is none.
 */
export async function startBrowser(folder: string): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return chromium.launch({ channel: 'chrome', args: ARGS });
  }
  // The package unpacks into the folder for temporary files and uses what it finds there, which may be a stranger's.
  vi.stubEnv('TMPDIR', folder);
  const [executablePath, libraries] = await Promise.all(
    ['chromium.br', 'al2023.tar.br'].map((file) => inflate(fileURLToPath(new URL(file, PACKED)))),
  );
  vi.unstubAllEnvs();
  return chromium.launch({
    executablePath: String(executablePath),
    args: ARGS,
    env: { ...process.env, LD_LIBRARY_PATH: join(String(libraries), 'lib') },
  });
}

// `npm run dev`: builds and starts the server, and does both again whenever something under src/ or the Prisma schema changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, reasonOf } from './compile.mjs';
import { stopWithNpm } from './stop-with-npm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
let server;
let timer;
let working = Promise.resolve();

async function restart() {
  try {
    const { compiled, removed } = await compile();
    if (server && compiled + removed === 0) return;
  } catch (error) {
    console.error(reasonOf(error));
    return;
  }
  if (server?.exitCode === null && server.signalCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  server = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js'], { cwd: root, stdio: 'inherit' });
}

/** Waits until an editor has written all it wants to write, and for the restart before. */
function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => (working = working.then(restart)), 100);
}

for (const folder of ['src', 'prisma']) {
  watch(`${root}${folder}`, { recursive: true }, (_event, file) => {
    if (!file?.includes('generated')) soon();
  });
}
/** Ctrl-C reaches the server by itself: a second signal would cut its shutdown short. */
function stop(signal) {
  if (!server || server.exitCode !== null || server.signalCode !== null) process.exit();
  server.once('exit', () => process.exit());
  if (signal === 'SIGTERM') server.kill(signal);
}

process.on('SIGINT', stop).on('SIGTERM', stop);
stopWithNpm();
soon();

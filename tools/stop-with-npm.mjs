import { readFileSync } from 'node:fs';

/**
 * npm starts a script through a shell, which passes no signal on and lives as long as the script: a server would go on when npm is stopped or killed.
 * Where npm started this process, it gets a SIGTERM once npm is gone.
 */
export function stopWithNpm() {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const before = npmProcess();
  const timer = setInterval(() => {
    if (npmProcess() === before) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}

/** Our parent, or its parent where ours is the shell: some shells make way for the one command they are given. */
function npmProcess() {
  try {
    const [, name, parent] = /\((.*)\) \S (\d+) /.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8'));
    return /^(ba|da|)sh$/.test(name) ? Number(parent) : process.ppid;
  } catch {
    return process.ppid; // no Linux
  }
}

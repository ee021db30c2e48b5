import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { NETWORK_FILE } from './names.ts';

export interface DevServers {
  stop(): void;
}

/** Serves the page from source with Vite, which restarts on change. */
export function startDevServers(stateDir: string): DevServers {
  const env = { ...process.env, NETWORK_FILE: resolve(join(stateDir, NETWORK_FILE)) };
  const children = [spawn('vite', ['dev'], { env, cwd: 'frontend', stdio: 'inherit' })];
  return {
    stop: () => {
      for (const child of children) child.kill('SIGTERM');
    },
  };
}

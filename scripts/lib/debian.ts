import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** The prefix that runs a command as root without asking, or undefined if there is none. */
function rootPrefix(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

function run(words: readonly string[]): void {
  const [command = '', ...args] = words;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync(command, args, { stdio: 'inherit', env });
}

/** Installs a package of Debian if that can be done without asking; look afterwards whether it is there. */
export function installFromDebian(name: string, purpose: string): void {
  const prefix = rootPrefix();
  if (prefix === undefined || spawnSync('apt-get', ['--version']).status !== 0) return;
  process.stdout.write(`Installing ${name} from Debian for ${purpose} …\n`);
  run([...prefix, 'apt-get', 'update', '-qq']);
  run([...prefix, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', name]);
}

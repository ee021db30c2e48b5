import { resolve } from 'node:path';
import pc from 'picocolors';
import type { Command } from './cli-args.ts';
import { startLocalnet, type RunningLocalnet } from './start-localnet.ts';
import { untilStopped } from './until-stopped.ts';

/** `localnet start`: serves until Ctrl-C or SIGTERM, then saves the state. */
export async function runStart(command: Extract<Command, { kind: 'start' }>): Promise<void> {
  const stopped = untilStopped();
  const localnet = await startLocalnet(command);
  process.stdout.write(banner(localnet, command.stateDir));
  await stopped;
  process.stdout.write('\nStopping…\n');
  await localnet.close();
  process.stdout.write(`The network is kept in ${resolve(command.stateDir)}\n`);
}

function banner(localnet: RunningLocalnet, stateDir: string): string {
  const lines = [
    ['URL', pc.green(localnet.url)],
    ['Pages', `http://<canister id>.localhost:${localnet.port}/`],
    ['Identity', `${localnet.identityProvider}/`],
    ['Root key', localnet.rootKeyHex],
    ['State', `${resolve(stateDir)} (${localnet.isRestored ? 'continued' : 'new'})`],
  ];
  const body = lines.map(([name = '', value = '']) => `  ${pc.bold(name.padEnd(9))} ${value}\n`);
  return `${pc.bold('Local Internet Computer')}\n${body.join('')}  Press Ctrl-C to stop.\n`;
}

import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { startHetznerCloud, type HetznerCloud } from '../clouds/hetzner/start-hetzner-cloud.ts';
import {
  createMachineHost,
  type LocalMachineHost,
} from '../clouds/machines/create-machine-host.ts';
import { CLOUDS_USAGE, parseCloudsArgs, type CloudsCommand } from './clouds-args.ts';
import { untilStopped } from './until-stopped.ts';

const BOOT_MS = 20_000;

/** `localnet clouds`: serves until Ctrl-C or SIGTERM. Errors: `UsageError`, `StateDirError`. */
export async function runClouds(args: readonly string[]): Promise<void> {
  const command = parseCloudsArgs(args);
  if (command === undefined) {
    process.stdout.write(CLOUDS_USAGE);
    return;
  }
  const stopped = untilStopped();
  const running: { cloud?: HetznerCloud } = {};
  const machines = command.hasMachines
    ? await openMachines(command, (id) => tellOff(running.cloud, id))
    : undefined;
  try {
    const cloud = await openCloud(command, machines);
    running.cloud = cloud;
    process.stdout.write(banner(cloud, command));
    await stopped;
    process.stdout.write('\nStopping…\n');
    await cloud.close();
  } finally {
    await machines?.close();
  }
}

/** As the real cloud does, it shows a server as off whose system has shut itself down. */
function tellOff(cloud: HetznerCloud | undefined, serverId: number): void {
  if (cloud?.servers().some(({ id }) => id === serverId) !== true) return;
  cloud.control.setPower(serverId, false);
}

function openMachines(
  { stateDir, sshPort, timeFactor }: CloudsCommand,
  onOff: (serverId: number) => void,
): Promise<LocalMachineHost> {
  return createMachineHost({
    stateDir: join(stateDir, 'clouds', 'machines'),
    sshPort,
    bootDelayMs: Math.round(BOOT_MS * timeFactor),
    sandbox: 'auto',
    demoScripts: new Set(),
    log: (line) => process.stderr.write(`${line}\n`),
    onGuestPower: (id, action) => {
      if (action === 'poweroff') onOff(Number(id));
    },
  });
}

function openCloud(
  { port, token, timeFactor, stateDir }: CloudsCommand,
  machines: LocalMachineHost | undefined,
): Promise<HetznerCloud> {
  return startHetznerCloud({
    port,
    projects: [{ name: 'local', tokens: [token] }],
    machines,
    timeFactor,
    stateDir: join(stateDir, 'clouds', 'hetzner'),
  });
}

function banner(cloud: HetznerCloud, { token, stateDir }: CloudsCommand): string {
  const lines = [
    ['API', pc.green(cloud.endpoint)],
    ['Token', token],
    ['Faults', `${cloud.url}/_sim/faults`],
    ['State', resolve(stateDir, 'clouds')],
  ];
  const body = lines.map(([name = '', value = '']) => `  ${pc.bold(name.padEnd(9))} ${value}\n`);
  return `${pc.bold('Simulated Hetzner Cloud')}\n${body.join('')}  Press Ctrl-C to stop.\n`;
}

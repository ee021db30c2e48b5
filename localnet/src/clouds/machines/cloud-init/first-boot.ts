import type { MachineFiles } from '../files/machine-files.ts';
import { writeHostKeys } from '../ssh/host-keys.ts';
import { type CloudConfig, EMPTY_CONFIG, parseCloudConfig } from './cloud-config.ts';
import { decodeUserData } from './user-data.ts';

const INSTANCE = '/var/lib/cloud/instance';
const SEEDED = `${INSTANCE}/seeded`;
/** Run by the first boot, if it may be executed. */
export const COMMANDS = `${INSTANCE}/scripts/runcmd`;
const FINISHED = `${INSTANCE}/boot-finished`;
/** Read by the `cloud-init` command of the machine. */
const RESULT = `${INSTANCE}/result`;
const USER_NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

const READABLE = 0o644;
const SECRET = 0o600;
const PROGRAM = 0o700;

export interface FirstBoot {
  readonly files: MachineFiles;
  readonly hostname: string;
  readonly userData: string | undefined;
  log(line: string): void;
}

/**
 * Does once per machine what cloud-init does: names, host keys, users' keys, files. Commands are left
 * as a script for the boot to run. Whatever is wrong with the user data, the machine boots.
 */
export async function prepareFirstBoot(boot: FirstBoot): Promise<void> {
  const { files } = boot;
  if ((await files.read(SEEDED)) !== undefined) return;
  const config = configOf(boot.userData);
  const problems = [...config.problems];
  for (const file of config.files) {
    const options = { mode: file.mode, appends: file.appends };
    await files.write(file.path, file.content, options).catch((error: unknown) => {
      problems.push(`write_files: ${error instanceof Error ? error.message : 'failed'}`);
    });
  }
  await writeNames(files, config.hostname ?? boot.hostname);
  const bad = await writeHostKeys(files, config.hostKeys);
  problems.push(...bad.map((name) => `${name} of ssh_keys is no host key`));
  for (const [user, lines] of config.authorizedKeys) await addKeys(files, user, lines);
  await writeCommands(files, config.commands, problems.length > 0);
  for (const problem of problems) boot.log(`cloud-init: ${problem}`);
  await files.write(SEEDED, '', { mode: READABLE });
}

/** Whether commands of the first boot are still to be run. */
export async function hasCommandsLeft(files: MachineFiles): Promise<boolean> {
  return (await files.read(FINISHED)) === undefined;
}

function configOf(text: string | undefined): CloudConfig {
  try {
    const data = decodeUserData(text);
    switch (data.kind) {
      case 'none':
        return EMPTY_CONFIG;
      case 'cloud-config':
        return parseCloudConfig(data.text);
      case 'script':
        return {
          ...EMPTY_CONFIG,
          commands: [`exec ${INSTANCE}/user-script`],
          files: [script(data)],
        };
      case 'unknown':
        return withProblem(`user data that begins with ${data.firstLine} is left out`);
    }
  } catch (error) {
    return withProblem(`user data cannot be read: ${error instanceof Error ? error.message : ''}`);
  }
}

function script(data: { text: string }): CloudConfig['files'][number] {
  const content = Buffer.from(data.text);
  return { path: `${INSTANCE}/user-script`, content, mode: PROGRAM, appends: false };
}

function withProblem(problem: string): CloudConfig {
  return { ...EMPTY_CONFIG, problems: [problem] };
}

async function writeNames(files: MachineFiles, name: string): Promise<void> {
  await files.write('/etc/hostname', `${name}\n`, { mode: READABLE });
  const hosts = `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ip6-localhost\n`;
  await files.write('/etc/hosts', hosts, { mode: READABLE });
}

async function addKeys(files: MachineFiles, user: string, lines: readonly string[]): Promise<void> {
  if (!USER_NAME.test(user) || lines.length === 0) return;
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const path = `${home}/.ssh/authorized_keys`;
  const before = (await files.read(path))?.toString('utf8') ?? '';
  const text = [...before.split('\n'), ...lines.map((line) => line.trim())];
  await files.write(path, `${text.filter((line) => line !== '').join('\n')}\n`, { mode: SECRET });
  await files.change(`${home}/.ssh`, { mode: PROGRAM });
}

async function writeCommands(
  files: MachineFiles,
  commands: readonly string[],
  isDegraded: boolean,
): Promise<void> {
  await files.write(RESULT, isDegraded ? 'degraded\n' : 'done\n', { mode: READABLE });
  if (commands.length === 0) return files.write(FINISHED, '', { mode: READABLE });
  return files.write(COMMANDS, `#!/bin/sh\n${commands.join('\n')}\n`, { mode: PROGRAM });
}

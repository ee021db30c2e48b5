import {
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMissing } from '../files/file-error.ts';

const SHIMS = fileURLToPath(new URL('../shims/', import.meta.url));
const EXECUTABLE = 0o755;

/** Programs of the host that would speak to the host's own services, or pretend to. */
const HIDDEN = new RegExp(
  [
    '^(systemd-|systemctl|journalctl|loginctl|busctl|hostnamectl|timedatectl|localectl)',
    '^(docker|podman|containerd|ctr|runc|nerdctl|buildah|snap|flatpak|lxc|lxd|virsh)',
    '^(apt|aptitude|add-apt-repository|dpkg-reconfigure|cloud-init|service|invoke-rc\\.d)',
    '^(poweroff|halt|reboot|shutdown|telinit|init|runlevel|ufw|su|sudo|pkexec)$',
  ].join('|'),
);

/** Shims that act by the name they are called. */
const ALIASES: Readonly<Record<string, readonly (readonly [alias: string, shim: string])[]>> = {
  bin: [
    ['apt', 'apt-get'],
    ['chgrp', 'chown'],
  ],
  sbin: [
    ['adduser', 'useradd'],
    ['groupadd', 'useradd'],
    ['addgroup', 'useradd'],
    ['halt', 'poweroff'],
    ['reboot', 'poweroff'],
    ['shutdown', 'poweroff'],
  ],
};

/** Read-only folders that every machine sees instead of the host's. */
export interface SystemView {
  /** `/usr/bin`, `/usr/sbin`: links to the host's programs, with shims in between. */
  readonly bin: string;
  readonly sbin: string;
  /** `/usr/machine`: process 1, the boot, services. */
  readonly machine: string;
  readonly osRelease: string;
}

/**
 * Makes the view anew. Programs are links to `/usr/host-bin` and `/usr/host-sbin`, one level deep like
 * the originals, so that what they find relative to themselves is found.
 */
export async function makeSystemView(folder: string, osRelease: string): Promise<SystemView> {
  await rm(folder, { recursive: true, force: true });
  const view: SystemView = {
    bin: join(folder, 'bin'),
    sbin: join(folder, 'sbin'),
    machine: join(folder, 'machine'),
    osRelease: join(folder, 'os-release'),
  };
  for (const name of ['bin', 'sbin'] as const) {
    await mkdir(view[name], { recursive: true });
    await linkPrograms(name, view[name]);
    await addShims(name, view[name]);
  }
  await copyShims('lib', view.machine);
  await mkdir(join(view.machine, 'full'));
  await writeFile(join(view.machine, 'empty'), '');
  await writeFile(join(view.machine, 'ld.so.cache'), '');
  // What the program that runs this is mounted on.
  await writeFile(join(view.bin, 'node'), '');
  await writeFile(view.osRelease, osRelease);
  return view;
}

/** Shims alone, changed for a machine that is not isolated: all programs in one folder. */
export async function copyMachineShims(
  folders: { readonly bin: string; readonly machine: string },
  change: (script: string) => string,
): Promise<void> {
  const parts = [
    ['bin', folders.bin],
    ['sbin', folders.bin],
    ['lib', folders.machine],
  ] as const;
  for (const [, folder] of parts) await rm(folder, { recursive: true, force: true });
  for (const [name, folder] of parts) {
    await mkdir(folder, { recursive: true });
    for (const shim of await readdir(join(SHIMS, name))) {
      const script = await readFile(join(SHIMS, name, shim), 'utf8');
      await writeFile(join(folder, shim), change(script), { mode: EXECUTABLE });
    }
    for (const [alias, shim] of ALIASES[name] ?? []) await symlink(shim, join(folder, alias));
  }
}

async function linkPrograms(name: string, folder: string): Promise<void> {
  const programs = (await readdir(`/usr/${name}`)).filter((program) => !HIDDEN.test(program));
  const links = programs
    .filter((program) => program !== 'node')
    .map((program) => symlink(`/usr/host-${name}/${program}`, join(folder, program)));
  await Promise.all(links);
}

async function addShims(name: string, folder: string): Promise<void> {
  for (const shim of await readdir(join(SHIMS, name)))
    await rm(join(folder, shim), { force: true });
  await copyShims(name, folder);
  for (const [alias, shim] of ALIASES[name] ?? []) {
    await rm(join(folder, alias), { force: true });
    await symlink(shim, join(folder, alias));
  }
}

async function copyShims(name: string, folder: string): Promise<void> {
  await cp(join(SHIMS, name), folder, { recursive: true });
  for (const shim of await readdir(join(SHIMS, name))) await chmod(join(folder, shim), EXECUTABLE);
}

/** Whether a path of the host is a plain file: something can be mounted on it. */
export async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

import { readdir, readlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { WRITABLE_FOLDERS } from '../files/machine-tree.ts';
import { isPlainFile, type SystemView } from './system-view.ts';

const SHM_BYTES = 64 * 1024 * 1024;

/** What root of a machine may do besides what its files allow. */
export const CAPABILITIES: readonly string[] = [
  ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'net_bind_service', 'setgid', 'setuid'],
];

/** Of the environment nothing is passed on. */
export const MACHINE_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  // There is one user: archives of others unpack as root's.
  TAR_OPTIONS: '--no-same-owner',
};

export interface SandboxFolders {
  readonly view: SystemView;
  /** The machine's `/`. */
  readonly root: string;
  /** A file with this boot's id: the kernel's is the host's. */
  readonly bootId: string;
  readonly hostname: string;
}

/**
 * Arguments of bubblewrap for a machine. Everything that a program started later with more rights
 * reads before it drops them (libraries, the loader and its lists) is mounted read-only, so that a
 * machine cannot put its own in their place. `/proc` is read-only, because root of the host keeps
 * rights there without any capability.
 */
export async function bubblewrapArgs(folders: SandboxFolders): Promise<string[]> {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
    ...['--uid', '0', '--gid', '0', '--hostname', folders.hostname],
    ...['--die-with-parent', '--new-session', '--as-pid-1', '--clearenv', '--cap-drop', 'ALL'],
    ...CAPABILITIES.flatMap((name) => ['--cap-add', `CAP_${name.toUpperCase()}`]),
    ...Object.entries(MACHINE_ENV).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--bind', folders.root, '/'],
    ...(await systemMounts(folders.view)),
    ...writableMounts(folders.root),
    ...(await loaderMounts()),
    ...['--proc', '/proc', '--ro-bind', folders.bootId, '/proc/sys/kernel/random/boot_id'],
    ...['--remount-ro', '/proc', '--dev', '/dev', '--size', String(SHM_BYTES)],
    ...['--tmpfs', '/dev/shm', '--remount-ro', '/dev', '--chdir', '/'],
  ];
}

async function systemMounts(view: SystemView): Promise<string[]> {
  const usr = (await readdir('/usr')).filter((name) => /^(lib|libexec|share|include)/.test(name));
  const roots = (await readdir('/')).filter((name) => name.startsWith('lib'));
  const osRelease = await isPlainFile('/usr/lib/os-release');
  return [
    ...['--tmpfs', '/usr'],
    ...usr.flatMap((name) => readOnly(`/usr/${name}`, `/usr/${name}`)),
    ...(osRelease ? readOnly(view.osRelease, '/usr/lib/os-release') : []),
    ...readOnly('/usr/bin', '/usr/host-bin'),
    ...readOnly('/usr/sbin', '/usr/host-sbin'),
    ...readOnly(view.bin, '/usr/bin'),
    ...readOnly(view.sbin, '/usr/sbin'),
    ...readOnly(await executable(), '/usr/bin/node'),
    ...readOnly(view.machine, '/usr/machine'),
    ...(existsSync('/etc/ld.so.cache')
      ? readOnly('/etc/ld.so.cache', '/usr/machine/ld.so.cache')
      : []),
    ...readOnly(view.bin, '/bin'),
    ...readOnly(await executable(), '/bin/node'),
    ...readOnly(view.sbin, '/sbin'),
    ...roots.flatMap((name) => readOnly(`/${name}`, `/${name}`)),
  ];
}

/** Mounts of their own, so that none of them can be renamed. `/usr` is complete after them. */
function writableMounts(root: string): string[] {
  return [
    ...WRITABLE_FOLDERS.flatMap((folder) => ['--bind', join(root, folder), folder]),
    ...['--remount-ro', '/usr'],
  ];
}

/** What the loader of every program reads. */
async function loaderMounts(): Promise<string[]> {
  const hasCache = await isPlainFile('/etc/ld.so.cache');
  return [
    ...readOnly(hasCache ? '/etc/ld.so.cache' : '/dev/null', '/etc/ld.so.cache'),
    ...readOnly('/dev/null', '/etc/ld.so.preload'),
    ...(existsSync('/etc/alternatives') ? readOnly('/etc/alternatives', '/etc/alternatives') : []),
  ];
}

function readOnly(from: string, to: string): string[] {
  return ['--ro-bind', from, to];
}

/** The program that runs this, itself: a link could not be mounted. */
async function executable(): Promise<string> {
  return readlink('/proc/self/exe').catch(() => process.execPath);
}

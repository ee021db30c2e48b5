import type { MachineLimits } from '../machine-options.ts';
import { CAPABILITIES } from './bubblewrap-args.ts';

const KIB = 1024;

/** Joins the namespaces of process 1 with all rights in them; for programs of ours only. */
export function joinArgs(pid: number, namespaces: readonly string[]): string[] {
  return ['--preserve-credentials', '--target', String(pid), ...namespaces, '--'];
}

/** Every namespace of a machine. */
export const WHOLE_MACHINE: readonly string[] = [
  ...['--user', '--mount', '--pid', '--net', '--ipc', '--uts'],
];

/**
 * Arguments of nsenter for a command inside: rights are dropped first, by the host's own program, then
 * limits are set, then the command begins a session of its own in root's home. Without a command a
 * login shell reads standard input.
 */
export function commandArgs(
  pid: number,
  limits: MachineLimits,
  command: string | undefined,
): string[] {
  const kept = CAPABILITIES.map((name) => `,+${name}`).join('');
  const what = command === undefined ? ['-l'] : ['-c', command];
  return [
    ...joinArgs(pid, WHOLE_MACHINE),
    ...['/usr/host-bin/setpriv', `--bounding-set=-all${kept}`, '--inh-caps=-all'],
    ...['/usr/host-bin/bash', '-c', prelude(limits), 'session'],
    ...['/bin/bash', ...what],
  ];
}

function prelude(limits: MachineLimits): string {
  return [
    ...limitWords(limits).map((words) => `ulimit ${words} 2>/dev/null`),
    'umask 022',
    'cd 2>/dev/null || cd /',
    'unset OLDPWD',
    'exec /usr/host-bin/setsid "$@"',
  ].join('\n');
}

/** Arguments of bash's `ulimit`, each for a call of its own: the host may allow less of one. */
export function limitWords(limits: MachineLimits): string[] {
  const kib = Math.floor(limits.fileBytes / KIB);
  return ['-c 0', `-n ${limits.openFiles}`, `-u ${limits.processes}`, `-f ${kib}`];
}

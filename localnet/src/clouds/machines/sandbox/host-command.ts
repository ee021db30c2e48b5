/** A program of the host with its arguments. */
export interface HostCommand {
  readonly file: string;
  readonly args: readonly string[];
}

const SCRIPT = `ulimit -c 0
for path in /proc/$BASHPID/fd/*; do
  fd=\${path##*/}
  if [ "$fd" -ge "$1" ]; then eval "exec $fd>&-"; fi
done
count=$2
shift 2
while [ "$count" -gt 0 ]; do
  echo $$ >"$1" || exit 126
  shift
  count=$((count - 1))
done
exec "$@"`;

/** The first file descriptor that is not passed on. */
export const AFTER_STDIO = 3;

/**
 * Runs a program without core dumps, counted in control groups from its first moment, and without
 * whatever files the one who started this process left open.
 */
export function hostCommand(
  words: readonly string[],
  options: { taskFiles: readonly string[]; closesFrom: number },
): HostCommand {
  const { taskFiles, closesFrom } = options;
  const first = ['--norc', '--noprofile', '-c', SCRIPT, 'bash', String(closesFrom)];
  return { file: '/bin/bash', args: [...first, String(taskFiles.length), ...taskFiles, ...words] };
}

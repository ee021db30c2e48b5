import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { writeFile } from 'node:fs/promises';
import { makeTree } from '../files/machine-tree.ts';
import { removeTree } from '../files/remove-tree.ts';
import { limitsOf } from '../machine-options.ts';
import type { HostPrograms } from './host-programs.ts';
import { ProcessGroup } from './process-group.ts';
import { Sandbox } from './sandbox.ts';
import type { SystemView } from './system-view.ts';

const SMALL = limitsOf({ memoryMb: 256, diskGb: 1 });

/** Prints one line for each thing that is not as it must be. */
const CHECK = `
[ "$(id -u)" = 0 ] || echo 'the machine has no root'
[ -e /proc/2 ] && [ "$(cat /proc/1/comm)" != init ] && echo 'it sees processes of the host'
(: >/usr/bin/probe) 2>/dev/null && echo 'it can write to the system'
(: >/proc/self/comm) 2>/dev/null && echo 'it can write to /proc'
(: >/root/probe) 2>/dev/null || echo 'it cannot write to its own home'
[ "$(grep -c : /proc/net/dev)" = 1 ] || echo 'it sees the network of the host'
node -e 0 || echo 'Node does not run'
unset -f mount; /usr/host-bin/mount -t tmpfs none /mnt 2>/dev/null && echo 'it can mount'
exit 0`;

/**
 * Isolates one command and looks whether it is isolated. Rejects with a sentence for people where not:
 * namespaces are forbidden here, a program is missing, or the system is laid out in another way.
 */
export async function testIsolation(
  programs: HostPrograms,
  view: SystemView,
  folder: string,
): Promise<void> {
  const root = join(folder, 'fs');
  await removeTree(folder);
  await makeTree(root);
  const bootId = join(folder, 'boot-id');
  await writeFile(bootId, '00000000-0000-4000-8000-000000000000\n');
  const group = await ProcessGroup.make(folder, SMALL);
  const same = { programs, view, root, bootId, group, limits: SMALL };
  const sandbox = await Sandbox.start({
    ...same,
    hostname: 'probe',
    boots: false,
    onWord: () => undefined,
  });
  try {
    const program = sandbox.run({ command: CHECK, env: {} });
    program.stdin.end();
    const [end, out, err] = await Promise.all([
      program.ended,
      text(program.stdout),
      text(program.stderr),
    ]);
    const isGood = end.kind === 'exited' && end.code === 0 && out === '';
    if (!isGood) throw new Error(`a program that should be isolated is not: ${out}${err}`.trim());
  } finally {
    await sandbox.kill();
    await removeTree(folder);
  }
}

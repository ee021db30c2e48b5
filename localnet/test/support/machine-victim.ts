import { writeSync } from 'node:fs';
import { createMachineHost } from '../../src/clouds/machines/create-machine-host.ts';
import { SSH_PORT } from './machine-world.ts';

/**
 * A host of one machine that runs until it is killed. Its user data comes as an argument; it writes one
 * line once the machine answers.
 */
const [stateDir = '', ipv4 = '', userData = ''] = process.argv.slice(2);
const host = await createMachineHost({
  ...{ stateDir, sshPort: SSH_PORT, bootDelayMs: 0, sandbox: 'bubblewrap', demoScripts: new Set() },
  log: () => undefined,
});
const order = { id: 'victim', ipv4, hostname: 'victim', userData, memoryMb: 512, diskGb: 1 };
const machine = await host.prepare(order);
await machine.powerOn();
writeSync(1, 'up\n');
setInterval(() => undefined, 1_000_000);

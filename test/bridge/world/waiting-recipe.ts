import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { worldRecipe, type WorldRecipe } from './bridge-market.ts';
import type { BridgeWorld } from './bridge-world.ts';
import type { WorldRental } from './world-rental.ts';

const SCRIPT = `#!/bin/bash
set -eu
mkdir /var/lib/ran
echo '#dc-step 1/2 Half'
while [ ! -e /var/lib/go-on ]; do sleep 0.2; done
echo '#dc-step 2/2 Whole'
touch /var/lib/ran/done
`;

/** It waits until it is let go on, however long that takes, and fails if it is run twice on one machine. */
export function waitingRecipe(name: string): WorldRecipe {
  return worldRecipe(name, SCRIPT, 'test -f /var/lib/ran/done');
}

/** Ends the wait of such a recipe. */
export function letGoOn({ cloud }: BridgeWorld, rental: WorldRental): void {
  const server = rental.server();
  if (server === undefined) throw new Error(`rental ${rental.id} has no machine`);
  writeFileSync(join(cloud.folderOf(server.id), 'fs/var/lib/go-on'), '');
}

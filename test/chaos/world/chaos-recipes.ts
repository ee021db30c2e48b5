import { createHash } from 'node:crypto';
import type {
  NewRecipe,
  VersionInput,
} from '../../../dist/canisters/rental/declarations/rental.did.ts';

const SECOND_NS = 1_000_000_000n;

/** A recipe of the simulated market. */
export interface ChaosRecipe {
  readonly recipe: NewRecipe;
  readonly version: VersionInput;
}

/** Fails if it is run twice on one machine. */
const ONCE = `#!/bin/bash
set -eu
echo '#dc-step 1/2 Looking'
mkdir /var/lib/chaos-ran
echo '#dc-step 2/2 Working'
sleep 1
printf '%s' "$PASSWORD" > /var/lib/chaos-ran/password
echo done
`;

const FAILS = `#!/bin/bash
echo 'This cannot work.'
exit 3
`;

/** Where scripts are not isolated, these alone may run. */
export const RECIPE_HASHES: ReadonlySet<string> = new Set(
  [ONCE, FAILS].map((script) => createHash('sha256').update(script).digest('hex')),
);

function version(script: string): VersionInput {
  return {
    semver: '1.0.0',
    script,
    rollback_script: [],
    fields: [
      {
        name: 'PASSWORD',
        label: 'Password',
        help: 'Is made for you.',
        is_required: true,
        field_type: { GeneratedSecret: { length: 20 } },
      },
    ],
    min_machine: { cores: 1, memory_mb: 512, disk_gb: 5, archs: [] },
    images: [],
    health: { Command: { command: 'test -s /var/lib/chaos-ran/password' } },
    service_url: '',
    post_install_notes: '',
    changelog: 'The first version.',
    is_breaking: false,
    expected_downtime_ns: SECOND_NS,
  };
}

function recipe(name: string): NewRecipe {
  return { name, description: `The recipe ${name}.`, icon: '', tags: [], author_bps: 300 };
}

export const CHAOS_RECIPES: readonly ChaosRecipe[] = [
  { recipe: recipe('runs-once'), version: version(ONCE) },
  { recipe: recipe('always-fails'), version: version(FAILS) },
];

import { demoHash, sha256Hex } from '@decent-cloud/localnet/clouds/machines/demo/demo-hash.ts';
import {
  DOOR_PATH,
  doorScript,
  NO_CHECK_CODE,
} from '@decent-cloud/offchain-bridge/core/door-script.ts';
import {
  cleanScript,
  killScript,
  makeFolderScript,
  runFolder,
  runWrapper,
  SETTLED_SCRIPT,
  startScript,
  statusScript,
} from '@decent-cloud/offchain-bridge/core/run-script.ts';
import { DEMO_RECIPES } from './demo-recipes.ts';

const ANY_RUN = runFolder('1');
const ANY_LIMIT_MS = 1_000;

/** What a bridge runs on every machine; names and limits differ only in their numbers. */
const BRIDGE_SCRIPTS = [
  doorScript(),
  runWrapper(ANY_LIMIT_MS),
  SETTLED_SCRIPT,
  makeFolderScript(ANY_RUN),
  startScript(ANY_RUN),
  statusScript(ANY_RUN),
  killScript(ANY_RUN),
  cleanScript(ANY_RUN),
  `#!/bin/sh\nexit ${NO_CHECK_CODE.toString()}\n`,
  `SSH_ORIGINAL_COMMAND=shut ${DOOR_PATH}\n`,
];

/** Hashes of all that may run on machines of the local cloud where they cannot be isolated. */
export function demoScripts(): ReadonlySet<string> {
  return new Set([
    ...DEMO_RECIPES.map(({ version }) => sha256Hex(version.script)),
    ...BRIDGE_SCRIPTS.map(demoHash),
  ]);
}

import { writeSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { hashText, openScriptNode, progressOf, runStep, submitStep } from './persist-script.ts';

/**
 * A network that works through the script until it is killed. Each line it writes is a promise to
 * whoever reads it: `loaded <steps> <open|idle> <hash>` once, then `done <steps> <hash>` for each.
 */
const SNAPSHOT_AFTER_RECORDS = 15;

const [stateDir = ''] = process.argv.slice(2);
const { node } = openScriptNode(stateDir, SNAPSHOT_AFTER_RECORDS);
const { replica } = node;
let { steps } = progressOf(replica);
const { isLastOpen } = progressOf(replica);
say(`loaded ${steps} ${isLastOpen ? 'open' : 'idle'} ${hashText(replica)}`);
if (isLastOpen) {
  runStep(replica, steps - 1);
  say(`done ${steps} ${hashText(replica)}`);
}
for (;;) {
  submitStep(replica, steps);
  runStep(replica, steps);
  steps += 1;
  say(`done ${steps} ${hashText(replica)}`);
  // Lets the snapshot happen that may be due.
  await breathe();
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

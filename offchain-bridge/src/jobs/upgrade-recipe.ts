import { present } from '@decent-cloud/domain/assert.ts';
import type { JobResult } from '../core/job-report.ts';
import type { RecipeWork, RentalInputs } from '../core/job-work.ts';
import { WorkError } from '../core/work-error.ts';
import { passGate } from './health-gate.ts';
import { leftMs, limited, type JobContext } from './job-context.ts';
import { knownMachine } from './known-machine.ts';
import type {
  MachineRef,
  MachineVisit,
  ScriptEnd,
  ScriptPart,
} from '../ports/machine-work.port.ts';
import { newsFor } from './script-news.ts';
import { rentalOf } from './servers.ts';
import { visited } from './visited.ts';

/** Of the time that is left: the rest is for going back. */
const FORWARD_SHARE = 0.5;
const GATE_SHARE = 0.5;

interface Versions {
  readonly machine: MachineRef;
  readonly next: RecipeWork;
  readonly previous: RecipeWork;
}

/** Runs the new version; if that does not work, puts the old one back and says why. */
export function upgradeRecipe(context: JobContext): Promise<JobResult> {
  const { recipe, previous } = rentalOf(context);
  const machine = knownMachine(context);
  const versions: Versions = {
    machine,
    next: present(recipe, 'an upgrade without a version'),
    previous: present(previous, 'an upgrade from nothing'),
  };
  return visited(context, machine, (visit) => upgraded(context, visit, versions));
}

async function upgraded(
  context: JobContext,
  visit: MachineVisit,
  versions: Versions,
): Promise<JobResult> {
  const { machine, next, previous } = versions;
  const timeMs = limited(context, context.timing.scriptLimitMs);
  const main = await runPart(context, visit, {
    part: 'main',
    script: next.script,
    secretsOf: next,
    health: next,
    machine,
    logStart: 0,
    timeLimitMs: timeMs * FORWARD_SHARE,
  });
  // Another worker may have given the new version up: what answers now may be the old one.
  const isGivenUp = await visit.wasStarted('rollback');
  const reason = isGivenUp ? GIVEN_UP : await troubleOf(context, { main, machine, next });
  if (reason === undefined) {
    context.reporter.tell({ kind: 'step', step: 'health-passed', index: 0, of: 0, note: '' });
    return { kind: 'upgraded' };
  }
  const undo = next.rollbackScript;
  const back = await runPart(context, visit, {
    part: 'rollback',
    script: undo ?? previous.script,
    secretsOf: undo === undefined ? previous : next,
    health: previous,
    machine,
    logStart: main.logBytes,
    timeLimitMs: limited(context, context.timing.scriptLimitMs),
  });
  if (back.kind === 'failed') throw neither(reason, back.reason);
  const gate = await passGate(context, {
    machine,
    check: previous.health,
    limitMs: limited(context, context.timing.gateLimitMs),
  });
  if (gate.kind === 'late') throw neither(reason, gate.reason);
  return { kind: 'rolled-back', reason };
}

const GIVEN_UP = 'The new version did not work; the log says where it stopped.';

async function troubleOf(
  context: JobContext,
  ran: { readonly main: ScriptEnd; readonly machine: MachineRef; readonly next: RecipeWork },
): Promise<string | undefined> {
  const { main, machine, next } = ran;
  if (main.kind === 'failed') return main.reason;
  const limitMs = Math.min(context.timing.gateLimitMs, leftMs(context) * GATE_SHARE);
  const gate = await passGate(context, { machine, check: next.health, limitMs });
  return gate.kind === 'late' ? gate.reason : undefined;
}

interface PartRun {
  readonly part: ScriptPart;
  readonly script: string;
  readonly secretsOf: RecipeWork;
  /** The version that is to be healthy afterwards. */
  readonly health: RecipeWork;
  readonly machine: MachineRef;
  /** Where its log begins in the job's. */
  readonly logStart: number;
  readonly timeLimitMs: number;
}

function runPart(context: JobContext, visit: MachineVisit, run: PartRun): Promise<ScriptEnd> {
  const rental = rentalOf(context);
  const { part, script, secretsOf, health, machine, logStart, timeLimitMs } = run;
  const isOfPrevious = secretsOf === rental.previous;
  const inputs: RentalInputs = isOfPrevious
    ? (rental.previousInputs ?? rental.inputs)
    : rental.inputs;
  const sealedSecrets = isOfPrevious ? rental.previousSecrets : rental.sealedSecrets;
  return visit.run(
    {
      machine,
      jobId: context.work.jobId,
      part,
      script,
      secretsOf,
      health: health.health,
      inputs,
      sealedSecrets,
      logFrom: Math.max(0, rental.logBytes - logStart),
      timeLimitMs,
    },
    newsFor(context, logStart),
    context.signal,
  );
}

function neither(forward: string, back: string): WorkError {
  return new WorkError(
    'config',
    `The new version did not work, and the old one could not be put back. New: ${forward} Old: ${back}`,
  );
}

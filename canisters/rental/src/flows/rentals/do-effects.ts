import { InvariantError } from '@decent-cloud/domain/assert.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RentalEffect, RentalEvent } from '../../core/rentals/rental-event.ts';
import type { Rental } from '../../core/rentals/rental.ts';
import type { Moved } from '../../core/rentals/step.ts';
import { scheduleArchive } from '../archive/schedule-archive.ts';
import { noteCancel } from '../health/provider-trust.ts';
import { startHealth } from '../health/watch-health.ts';
import { addStep, cancelJobs, startJob, wipeTraces } from '../jobs/job-queue.ts';
import type { RentalCanister } from '../rental-canister.ts';
import { queueFact } from '../treasury/fact-outbox.ts';
import { recordRun } from './record-run.ts';
import { tellParties } from './tell-parties.ts';

/** When a delete that is not done is looked at closer; it is never given up. */
const TERMINATE_WITHIN_NS = durationNs({ hours: 1 });

/**
 * Does what a transition asks for. Gives what has to be told to the rental next: that its machine is
 * gone, where surely none was ever made.
 */
export function doEffects(
  c: RentalCanister,
  done: { readonly before: Rental } & Moved,
): RentalEvent | undefined {
  const { before, rental, effects } = done;
  let workerMayActUntil: TimestampNs | undefined;
  let followUp: RentalEvent | undefined;
  for (const effect of effects) {
    if (effect.kind === 'cancel-jobs') {
      ({ workerMayActUntil } = cancelJobs(c, rental.id));
    } else if (effect.kind === 'start-job' && effect.job === 'terminate') {
      followUp = terminate(c, rental, workerMayActUntil);
    } else if (effect.kind === 'notify') {
      tellParties(c, { before, rental, effect });
    } else {
      doEffect(c, { rental, effect });
    }
  }
  return followUp;
}

/** Without an intent nobody asked a cloud for a machine; but a worker may be about to. */
function terminate(
  c: RentalCanister,
  rental: Rental,
  workerMayActUntil: TimestampNs | undefined,
): RentalEvent | undefined {
  if (rental.server === undefined && workerMayActUntil === undefined) {
    return { kind: 'machine-gone' };
  }
  const { id: rentalId, provider, cloudAccountId } = rental;
  startJob(c, {
    task: { kind: 'terminate', rentalId },
    provider,
    cloudAccountId,
    deadlineAt: after(c.runtime.time(), TERMINATE_WITHIN_NS),
    notBefore: workerMayActUntil,
  });
  return undefined;
}

function doEffect(
  c: RentalCanister,
  done: { readonly rental: Rental; readonly effect: RentalEffect },
): void {
  const { rental, effect } = done;
  const { id: rentalId } = rental;
  switch (effect.kind) {
    case 'start-job':
      provision(c, rental);
      break;
    case 'report-fact': {
      const { escrowId, seq, fact } = effect;
      queueFact(c, { rentalId, escrowId, seq, fact });
      break;
    }
    case 'ask-treasury':
      c.storage.rentals.toAsk.add(rentalId);
      break;
    case 'timeline':
      addStep(c, rentalId, { step: effect.step, note: effect.note });
      break;
    case 'start-health':
      startHealth(c, rentalId, effect.at);
      break;
    case 'wipe-secrets':
      wipeSecrets(c, rental);
      break;
    case 'note-ready':
      c.storage.rentals.begun.schedule([rentalId, effect.afterNs], effect.at);
      break;
    case 'note-failure':
      recordRun(c, { rental, outcome: 'failed' });
      break;
    case 'record-cancel':
      noteCancel(c, rental.provider);
      break;
    case 'keep-inputs':
      keepInputs(c, rental, effect.which);
      break;
    case 'schedule-archive':
      scheduleArchive(c, rentalId, c.runtime.time());
      break;
    case 'end-health':
    case 'cancel-jobs':
    case 'notify':
    case 'forget':
      // Done where the transition is taken in: they have a place of their own.
      break;
  }
}

function provision(c: RentalCanister, rental: Rental): void {
  const { id: rentalId, provider, cloudAccountId, state } = rental;
  if (state.kind !== 'provisioning') throw new InvariantError('BUG: a machine for nobody');
  const { deadlineAt } = state;
  startJob(c, { task: { kind: 'provision', rentalId }, provider, cloudAccountId, deadlineAt });
}

/** What is left tells nobody how to reach the machine or what was on it. */
function wipeSecrets(c: RentalCanister, { id }: Rental): void {
  const { configs, secrets } = c.storage.rentals;
  configs.remove(id);
  secrets.remove(id);
  wipeTraces(c, id);
  addStep(c, id, { step: 'secrets-wiped', note: 'Inputs, keys, addresses and credentials.' });
}

/** An upgrade that came to its end needs only one of the two sets of inputs. */
function keepInputs(c: RentalCanister, { id }: Rental, which: 'new' | 'before'): void {
  const { configs, secrets } = c.storage.rentals;
  const config = configs.get(id);
  if (config?.inputsBefore !== undefined) {
    const inputs = which === 'new' ? config.inputs : config.inputsBefore;
    configs.set(id, { ...config, inputs, inputsBefore: undefined });
  }
  const secret = secrets.get(id);
  if (secret?.sealedBefore === undefined) return;
  const sealed = which === 'new' ? secret.sealed : secret.sealedBefore;
  if (sealed.length === 0) secrets.remove(id);
  else secrets.set(id, { sealed, sealedBefore: undefined });
}

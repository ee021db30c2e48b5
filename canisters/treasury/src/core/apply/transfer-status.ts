import { InvariantError, invariant } from '@decent-cloud/domain/assert.ts';
import { after, durationNs, type TimestampNs } from '@decent-cloud/domain/time.ts';
import type { TransferEvent } from '../events.ts';
import type { FrozenArgs, Transfer, TransferStatus } from '../transfers/transfer.ts';
import type { Recorded } from './rows.ts';

/** What is sent is looked at again after this long, in case nobody waits for its answer any more. */
export const IN_FLIGHT_WATCHDOG_NS = durationNs({ minutes: 5 });

/** What happens to a transfer after it was planned. */
export type TransferStep = Exclude<
  TransferEvent,
  { readonly kind: 'deposit-planned' | 'transfer-planned' }
>;

/** The transfer after the event. Throws if the event cannot follow: paid and failed never change. */
export function nextTransfer(transfer: Transfer, entry: Recorded<TransferStep>): Transfer {
  const { event, at } = entry;
  const { status } = transfer;
  switch (event.kind) {
    case 'transfer-sent':
      return sent(transfer, { at, args: event.args });
    case 'transfer-resent': {
      if (status.kind !== 'retry') return cannot(transfer, event);
      const { args, isUnknown, attempts } = status;
      const inFlight = { kind: 'in-flight', args, isUnknown, attempts: attempts + 1 } as const;
      return { ...transfer, status: inFlight, dueAt: watchdogAt(at) };
    }
    case 'transfer-retry': {
      if (status.kind !== 'in-flight') return cannot(transfer, event);
      const { args, attempts } = status;
      const isUnknown = status.isUnknown || event.isUnknown;
      const { notBefore } = event;
      return waiting(transfer, event, { kind: 'retry', args, isUnknown, attempts, notBefore });
    }
    case 'transfer-reconciling': {
      const args = sentArgs(transfer, event);
      const attempts = status.kind === 'reconcile' ? status.attempts + 1 : 0;
      const { notBefore } = event;
      return waiting(transfer, event, { kind: 'reconcile', args, attempts, notBefore });
    }
    case 'transfer-replanned':
      return replanned(transfer, event);
    case 'transfer-paid': {
      const args = status.kind === 'parked' ? status.args : sentArgs(transfer, event);
      const { block, usdE8 } = event;
      return over(transfer, { kind: 'paid', args, block, at, usdE8 });
    }
    case 'transfer-failed':
      // A parked deposit of which the ledger proved that it never happened ends here, too.
      invariant(!isOver(status), refused(transfer, event));
      return over(transfer, { kind: 'failed', at, reason: event.reason });
    case 'transfer-parked': {
      const args = sentArgs(transfer, event);
      return over(transfer, { kind: 'parked', args, at, reason: event.reason });
    }
  }
}

function sent(
  transfer: Transfer,
  { at, args }: { readonly at: TimestampNs; readonly args: FrozenArgs },
): Transfer {
  const isNext = args.generation === transfer.lastGeneration + 1;
  invariant(transfer.status.kind === 'planned' && isNext, `transfer ${transfer.id} is not planned`);
  const isSame = args.amount === transfer.amount && args.fee === transfer.fee;
  invariant(isSame, `transfer ${transfer.id} would send what was not planned`);
  const status = { kind: 'in-flight', args, isUnknown: false, attempts: 1 } as const;
  return { ...transfer, status, lastGeneration: args.generation, dueAt: watchdogAt(at) };
}

function replanned(
  transfer: Transfer,
  event: Extract<TransferStep, { kind: 'transfer-replanned' }>,
): Transfer {
  const { status } = transfer;
  invariant(isLive(status) || status.kind === 'parked', refused(transfer, event));
  const { amount, fee, feeFromPayee, scanFrom, notBefore } = event;
  invariant(amount > 0n && scanFrom >= transfer.scanFrom, refused(transfer, event));
  const plan = { ...transfer, amount, fee, feeFromPayee, scanFrom };
  return waiting(plan, event, { kind: 'planned', notBefore, attempts: 0 });
}

function waiting(
  transfer: Transfer,
  event: { readonly problem: string },
  status: Extract<TransferStatus, { readonly notBefore: TimestampNs }>,
): Transfer {
  return { ...transfer, status, lastProblem: event.problem, dueAt: status.notBefore };
}

function over(transfer: Transfer, status: TransferStatus): Transfer {
  return { ...transfer, status, dueAt: undefined };
}

type Live = Extract<TransferStatus, { readonly kind: 'in-flight' | 'retry' | 'reconcile' }>;

function isLive(status: TransferStatus): status is Live {
  return status.kind === 'in-flight' || status.kind === 'retry' || status.kind === 'reconcile';
}

function isOver(status: TransferStatus): boolean {
  return status.kind === 'paid' || status.kind === 'failed';
}

function sentArgs(transfer: Transfer, event: TransferStep): FrozenArgs {
  return isLive(transfer.status) ? transfer.status.args : cannot(transfer, event);
}

function watchdogAt(at: TimestampNs): TimestampNs {
  return after(at, IN_FLIGHT_WATCHDOG_NS);
}

function refused(transfer: Transfer, event: TransferStep): string {
  return `${event.kind} cannot follow ${transfer.status.kind} of transfer ${transfer.id}`;
}

function cannot(transfer: Transfer, event: TransferStep): never {
  throw new InvariantError(`BUG: ${refused(transfer, event)}`);
}

import { invariant, unreachable } from '@decent-cloud/domain/assert.ts';
import type { TokenUnits } from '@decent-cloud/domain/amount.ts';
import type { TransferId } from '../../core/ids.ts';
import { afterAttempt } from '../../core/transfers/after-attempt.ts';
import type { AttemptOutcome, LedgerRefusal } from '../../core/transfers/attempt.ts';
import { nextStep, type TransferStep } from '../../core/transfers/next-step.ts';
import type { FrozenArgs, Transfer } from '../../core/transfers/transfer.ts';
import { sendTransfer } from '../ledger/send-transfer.ts';
import { readTerms, readToken, readTransfer, readUsdE8 } from './read-transfer.ts';
import { reconcileTransfer } from './reconcile-transfer.flow.ts';
import { recordTransferEvent } from './record-transfer-event.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** Where a transfer stands when a run of the machine ends. */
export type TransferOutcome =
  | { readonly kind: 'paid'; readonly block: bigint | undefined }
  /** Surely nothing moved and nothing will. `refusal` is the ledger's, if this run got it. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly refusal: LedgerRefusal | undefined;
    }
  /** Not known or not done yet; the machine goes on by itself. */
  | { readonly kind: 'pending'; readonly problem: string | undefined }
  /** Not known, and only proof from the ledger can move it: see `resolveParked`. */
  | { readonly kind: 'parked'; readonly reason: string };

/** A new fee, a new generation and a search need about half of them. */
const MAX_STEPS = 8;

/**
 * Moves a transfer on as far as it goes now. Anybody may call it at any time and more than once at a
 * time: the stored status is the lock, and the heap only knows whether somebody still waits.
 *
 * What is sent is in the journal before the call goes out. If the code after a call traps, nothing of
 * that message stays, the status is still in-flight, and the watchdog asks the ledger again with the
 * same bytes. Errors thrown here are bugs or that trap; neither may be caught on the way out.
 */
export async function runTransfer(
  canister: TransferCanister,
  id: TransferId,
): Promise<TransferOutcome> {
  const { live } = canister.memory;
  const transfer = readTransfer(canister, id);
  if (live.has(id)) return { kind: 'pending', problem: transfer.lastProblem };
  return live.during(transfer, () => runSteps(canister, id));
}

async function runSteps(canister: TransferCanister, id: TransferId): Promise<TransferOutcome> {
  let refusal: LedgerRefusal | undefined;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const transfer = readTransfer(canister, id);
    const step = stepNow(canister, transfer);
    if (step.kind === 'wait' || step.kind === 'rest') break;
    refusal = await takeStep(canister, transfer, step);
  }
  return outcomeOf(readTransfer(canister, id), refusal);
}

/** The mark is ours, so an attempt in flight has nobody else who waits for it. */
function stepNow(canister: TransferCanister, transfer: Transfer): TransferStep {
  return nextStep(transfer, {
    now: canister.runtime.time(),
    isLive: false,
    hasIcrc3Blocks: readToken(canister, transfer).hasIcrc3Blocks,
    terms: () => readTerms(canister, transfer),
  });
}

async function takeStep(
  canister: TransferCanister,
  transfer: Transfer,
  step: Exclude<TransferStep, { kind: 'wait' } | { kind: 'rest' }>,
): Promise<LedgerRefusal | undefined> {
  const transferId = transfer.id;
  switch (step.kind) {
    case 'record':
      recordTransferEvent(canister, step.event);
      return undefined;
    case 'reconcile':
      await reconcileTransfer(canister, transfer, step.args);
      return undefined;
    case 'send':
      recordTransferEvent(canister, { kind: 'transfer-sent', transferId, args: step.args });
      return attempt(canister, transfer, step.args);
    case 'resend':
      recordTransferEvent(canister, { kind: 'transfer-resent', transferId });
      return attempt(canister, transfer, step.args);
    default:
      return unreachable(step);
  }
}

/** Calls the ledger and records what its answer means. Nothing read before the call is used after it. */
async function attempt(
  canister: TransferCanister,
  sent: Transfer,
  args: FrozenArgs,
): Promise<LedgerRefusal | undefined> {
  const outcome = await sendTransfer(canister.runtime, sent, args);
  const transfer = readTransfer(canister, sent.id);
  const { status } = transfer;
  invariant(
    status.kind === 'in-flight' && status.args.generation === args.generation,
    'a transfer moved while its answer was awaited',
  );
  const fee = newFee(transfer, outcome);
  const { ledger } = transfer;
  if (fee?.isLedgers === true && fee.amount !== readToken(canister, transfer).fee) {
    recordTransferEvent(canister, { kind: 'ledger-fee-observed', ledger, fee: fee.amount });
  }
  const event = afterAttempt(transfer, outcome, {
    now: canister.runtime.time(),
    hasIcrc3Blocks: readToken(canister, transfer).hasIcrc3Blocks,
    terms: () => readTerms(canister, transfer, fee?.amount),
    usdE8: readUsdE8(canister, transfer),
  });
  recordTransferEvent(canister, event);
  return outcome.kind === 'refused' ? outcome.refusal : undefined;
}

/**
 * The fee that the ledger asked for. A payout that should be free goes to the minting account, where
 * it is burned: that says nothing about the fee that everybody else pays.
 */
function newFee(
  transfer: Transfer,
  outcome: AttemptOutcome,
): { readonly amount: TokenUnits; readonly isLedgers: boolean } | undefined {
  if (outcome.kind !== 'refused' || outcome.refusal.kind !== 'bad-fee') return undefined;
  const amount = outcome.refusal.expectedFee as TokenUnits;
  return { amount, isLedgers: amount > 0n || transfer.purpose.kind === 'deposit' };
}

function outcomeOf(transfer: Transfer, refusal: LedgerRefusal | undefined): TransferOutcome {
  const { status } = transfer;
  switch (status.kind) {
    case 'paid':
      return { kind: 'paid', block: status.block };
    case 'failed':
      return { kind: 'failed', reason: status.reason, refusal };
    case 'parked':
      return { kind: 'parked', reason: status.reason };
    case 'planned':
    case 'in-flight':
    case 'retry':
    case 'reconcile':
      return { kind: 'pending', problem: transfer.lastProblem };
  }
}

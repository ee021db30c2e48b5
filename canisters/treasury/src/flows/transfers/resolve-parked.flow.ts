import { ok, type Result } from '@decent-cloud/domain/result.ts';
import { found } from '@decent-cloud/kit/errors/common-errors.ts';
import { requireController } from '@decent-cloud/kit/runtime/callers.ts';
import type { TransferEvent } from '../../core/events.ts';
import type { TransferId } from '../../core/ids.ts';
import { balanceProves } from '../../core/transfers/account-balance.ts';
import { compareBlock } from '../../core/transfers/ledger-block.ts';
import { generationOver } from '../../core/transfers/transfer-events.ts';
import type { FrozenArgs, Transfer } from '../../core/transfers/transfer.ts';
import { windowOverAt } from '../../core/transfers/window.ts';
import { fetchBlocks } from '../ledger/fetch-blocks.ts';
import { postpone, refuse, type TreasuryError } from '../treasury-errors.ts';
import { readTerms, readToken, readTransfer, readUsdE8 } from './read-transfer.ts';
import { seeBalance } from './reconcile-transfer.flow.ts';
import { recordTransferEvent } from './record-transfer-event.ts';
import { runTransfer, type TransferOutcome } from './run-transfer.flow.ts';
import { searchBlocks } from './search-blocks.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** What a controller says about a parked transfer. It is only where to look, never a proof. */
export type ParkedClaim =
  /** `block` is where to find it; not used where the ledger's blocks cannot be read. */
  | { readonly kind: 'paid'; readonly block: bigint | undefined }
  /** It never happened: plan a payout again, give a deposit up. */
  | { readonly kind: 'replan' };

/**
 * Ends the parking of a transfer if the ledger itself confirms the claim, asked by this canister in
 * this call: by the block, by all blocks since, or by the balance where there are no blocks to read.
 * Nobody's word moves it.
 */
export async function resolveParked(
  canister: TransferCanister,
  request: { readonly transferId: TransferId; readonly claim: ParkedClaim },
): Promise<Result<TransferOutcome, TreasuryError>> {
  const controller = requireController(canister.runtime);
  if (controller.kind === 'err') return controller;
  const { transferId, claim } = request;
  const transfer = found(canister.storage.transfers.get(transferId), 'transfer');
  if (transfer.kind === 'err') return transfer;
  const { live } = canister.memory;
  if (live.has(transferId)) {
    return postpone({ kind: 'busy' }, 'it is being looked up already; nothing changed, ask again');
  }
  const proven = await live.during(transfer.value, () => prove(canister, transfer.value, claim));
  if (proven.kind === 'err') return proven;
  return ok(await runTransfer(canister, transferId));
}

type Proof = Result<TransferEvent, TreasuryError>;

/** Records what was proven. The status is read again after the last answer of the ledger. */
async function prove(
  canister: TransferCanister,
  transfer: Transfer,
  claim: ParkedClaim,
): Promise<Result<null, TreasuryError>> {
  const { status } = transfer;
  if (status.kind !== 'parked') return notParked(transfer);
  const { args } = status;
  const proof =
    claim.kind === 'paid'
      ? await provePaid(canister, { transfer, args, block: claim.block })
      : await proveNotPaid(canister, transfer, args);
  if (proof.kind === 'err') return proof;
  const current = readTransfer(canister, transfer.id);
  if (current.status.kind !== 'parked') return notParked(current);
  recordTransferEvent(canister, proof.value);
  return ok(null);
}

async function provePaid(
  canister: TransferCanister,
  claimed: {
    readonly transfer: Transfer;
    readonly args: FrozenArgs;
    readonly block: bigint | undefined;
  },
): Promise<Proof> {
  const { transfer, args, block: index } = claimed;
  if (!readToken(canister, transfer).hasIcrc3Blocks) {
    const isProven = await provenByBalance(canister, { transfer, args, claim: 'paid' });
    return isProven.kind === 'err' ? isProven : ok(paid(canister, transfer, undefined));
  }
  if (index === undefined) return refused('name the block that has it');
  const { runtime } = canister;
  const page = await fetchBlocks(runtime, transfer.ledger, { start: index, length: 1n });
  if (page.kind === 'err') return noAnswer(page.error);
  const [block] = page.value.blocks;
  if (block === undefined || compareBlock(transfer, args, block) !== 'match') {
    return refused(`block ${index.toString()} is not this transfer`);
  }
  return ok(paid(canister, transfer, index));
}

async function proveNotPaid(
  canister: TransferCanister,
  transfer: Transfer,
  args: FrozenArgs,
): Promise<Proof> {
  const overAt = windowOverAt(args.createdAt);
  if (canister.runtime.time() < overAt) {
    return refused(`the ledger may still execute it until ${overAt.toString()} ns`);
  }
  if (!readToken(canister, transfer).hasIcrc3Blocks) {
    const isProven = await provenByBalance(canister, { transfer, args, claim: 'not-paid' });
    if (isProven.kind === 'err') return isProven;
    return ok(planAgain(canister, transfer, transfer.scanFrom));
  }
  const result = await searchBlocks(canister, transfer, args);
  switch (result.kind) {
    case 'absent':
      return ok(planAgain(canister, transfer, result.scanFrom));
    case 'found':
      return ok(paid(canister, transfer, result.block));
    case 'unfinished':
      return noAnswer(result.problem);
    case 'contradiction':
    case 'executed-by-balance':
      return refused('the ledger does not say that it never happened');
  }
}

async function provenByBalance(
  canister: TransferCanister,
  claimed: {
    readonly transfer: Transfer;
    readonly args: FrozenArgs;
    readonly claim: 'paid' | 'not-paid';
  },
): Promise<Result<null, TreasuryError>> {
  const { transfer, args, claim } = claimed;
  if (canister.runtime.time() < windowOverAt(args.createdAt)) {
    return refused('the ledger may still execute it, so the balance proves nothing yet');
  }
  const seen = await seeBalance(canister, transfer);
  if (seen.kind === 'err') return noAnswer(seen.error);
  if (balanceProves(transfer, args, { ...seen.value, claim })) return ok(null);
  return refused(`the balance is ${seen.value.balance.toString()}, which says the opposite`);
}

function paid(
  canister: TransferCanister,
  { id }: Transfer,
  block: bigint | undefined,
): TransferEvent {
  const usdE8 = readUsdE8(canister, readTransfer(canister, id));
  return { kind: 'transfer-paid', transferId: id, block, how: 'resolved', usdE8 };
}

function planAgain(canister: TransferCanister, { id }: Transfer, scanFrom: bigint): TransferEvent {
  const transfer = readTransfer(canister, id);
  const terms = readTerms(canister, transfer);
  const problem = 'resolved: it never happened';
  return generationOver(transfer, { now: canister.runtime.time(), problem, terms, scanFrom });
}

function refused(reason: string): { readonly kind: 'err'; readonly error: TreasuryError } {
  const message = `${reason}. Nothing changed; the transfer stays parked.`;
  return refuse({ kind: 'proof-refused', reason }, message);
}

function noAnswer(problem: string): { readonly kind: 'err'; readonly error: TreasuryError } {
  const message = `${problem}. Nothing changed; ask again.`;
  return postpone({ kind: 'ledger-unavailable' }, message);
}

function notParked({ status }: Transfer): Result<null, TreasuryError> {
  return refuse({ kind: 'wrong-phase', phase: status.kind }, 'this transfer is not parked');
}

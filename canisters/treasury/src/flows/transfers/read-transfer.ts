import { present } from '@decent-cloud/domain/assert.ts';
import { divFloor, type TokenUnits, type UsdE8 } from '@decent-cloud/domain/amount.ts';
import type { Escrow } from '../../core/escrow/escrow.ts';
import type { TransferId } from '../../core/ids.ts';
import type { TokenConfig } from '../../core/tokens/token-config.ts';
import { newTerms } from '../../core/transfers/new-terms.ts';
import type { Terms } from '../../core/transfers/transfer-events.ts';
import type { Transfer } from '../../core/transfers/transfer.ts';
import type { TransferCanister } from './transfer-canister.ts';

/** The stored transfer as it is now. Read again after every `await`. */
export function readTransfer({ storage }: TransferCanister, id: TransferId): Transfer {
  return present(storage.transfers.get(id), `there is no transfer ${id}`);
}

/** The configuration of its token. */
export function readToken({ storage }: TransferCanister, transfer: Transfer): TokenConfig {
  return present(storage.tokens.get(transfer.ledger), `transfer ${transfer.id} has no token`);
}

/** The escrow that it belongs to; a withdrawal belongs to none. */
export function readEscrow({ storage }: TransferCanister, transfer: Transfer): Escrow | undefined {
  const { purpose } = transfer;
  return purpose.kind === 'fee-withdrawal' ? undefined : storage.escrows.get(purpose.escrowId);
}

/** What a new generation would send now; at the fee that is known, if none is given. */
export function readTerms(
  canister: TransferCanister,
  transfer: Transfer,
  fee?: TokenUnits,
): Terms | undefined {
  return newTerms(transfer, {
    escrow: readEscrow(canister, transfer),
    fee: fee ?? readToken(canister, transfer).fee,
  });
}

/** What it is worth at the last price seen, rounded down; undefined without one. */
export function readUsdE8(canister: TransferCanister, transfer: Transfer): UsdE8 | undefined {
  const price = canister.priceHint(transfer.ledger);
  if (price === undefined) return undefined;
  const divisor = 10n ** BigInt(readToken(canister, transfer).decimals);
  return divFloor({ dividend: transfer.amount * price, divisor }) as UsdE8;
}

import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Treasury } from './wire.ts';

type Caller = Pick<Actors, 'treasury'>;

const PAGE_ROWS = 50;

export async function readEscrow({ treasury }: Caller, id: bigint): Promise<Treasury.Escrow> {
  return okOf(await treasury.get_escrow(id));
}

/** The oldest first. */
export async function readEscrowTransfers(
  { treasury }: Caller,
  escrowId: bigint,
): Promise<readonly Treasury.Transfer[]> {
  const transfers: Treasury.Transfer[] = [];
  let from: [] | [bigint] = [];
  do {
    const page: Treasury.TransferPage = okOf(
      await treasury.list_escrow_transfers(escrowId, {
        from,
        limit: PAGE_ROWS,
        newest_first: false,
      }),
    );
    transfers.push(...page.rows.map(({ value }) => value));
    from = page.next;
  } while (from.length > 0);
  return transfers;
}

export async function readToken({ treasury }: Caller, ledger: Principal): Promise<Treasury.Token> {
  return okOf(await treasury.get_token(ledger));
}

/** Reads the balance of the escrow's account on its ledger now. */
export async function proveEscrow({ treasury }: Caller, id: bigint): Promise<Treasury.EscrowProof> {
  return okOf(await treasury.verify_escrow(id));
}

/** Payer or seller: freezes what is not credited yet. */
export async function openDispute(
  { treasury }: Caller,
  asked: { readonly escrowId: bigint; readonly reason: string },
): Promise<void> {
  okOf(await treasury.open_dispute({ escrow_id: asked.escrowId, reason: asked.reason }));
}

/** Payer or seller: the payer's part that this side agrees to. */
export async function agreeSplit(
  { treasury }: Caller,
  asked: { readonly escrowId: bigint; readonly payerPart: bigint },
): Promise<void> {
  okOf(await treasury.agree_split({ escrow_id: asked.escrowId, payer_part: asked.payerPart }));
}

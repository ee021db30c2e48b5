import type { BlockAccount, LedgerBlock } from '../../core/transfers/ledger-block.ts';
import type { WireValue } from './ledger-types.ts';

type Entries = readonly (readonly [string, WireValue])[];

/** `btype` where a block has one, else the operation: one thing under two names. */
const KINDS: Readonly<Record<string, LedgerBlock['kind']>> = {
  xfer: 'transfer',
  '1xfer': 'transfer',
  '2xfer': 'transfer',
  burn: 'burn',
  '1burn': 'burn',
};

/**
 * Takes what we compare out of an ICRC-3 block, whichever of its forms the ledger writes. A field that
 * is missing or has another type is absent. Source: ICRC-1, ICRC-2 and ICRC-3, "Block Schema".
 */
export function readBlock(index: bigint, block: WireValue): LedgerBlock {
  const entries = mapOf(block) ?? [];
  const tx = mapOf(find(entries, 'tx')) ?? [];
  const name = textOf(find(entries, 'btype')) ?? textOf(find(tx, 'op')) ?? '';
  return {
    index,
    kind: KINDS[name] ?? 'other',
    timestampNs: natOf(find(entries, 'ts')),
    from: accountOf(find(tx, 'from')),
    to: accountOf(find(tx, 'to')),
    amount: natOf(find(tx, 'amt')),
    memo: blobOf(find(tx, 'memo')),
  };
}

function find(entries: Entries, key: string): WireValue | undefined {
  for (const [name, value] of entries) if (name === key) return value;
  return undefined;
}

function mapOf(value: WireValue | undefined): Entries | undefined {
  return value !== undefined && 'Map' in value ? value.Map : undefined;
}

function textOf(value: WireValue | undefined): string | undefined {
  return value !== undefined && 'Text' in value ? value.Text : undefined;
}

function natOf(value: WireValue | undefined): bigint | undefined {
  return value !== undefined && 'Nat' in value ? value.Nat : undefined;
}

function blobOf(value: WireValue | undefined): Uint8Array | undefined {
  return value !== undefined && 'Blob' in value ? value.Blob : undefined;
}

/** An array of the owner's bytes and perhaps the subaccount. */
function accountOf(value: WireValue | undefined): BlockAccount | undefined {
  if (value === undefined || !('Array' in value)) return undefined;
  const owner = blobOf(value.Array[0]);
  return owner === undefined ? undefined : { owner, subaccount: blobOf(value.Array[1]) };
}

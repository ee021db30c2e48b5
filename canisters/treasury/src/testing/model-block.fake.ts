import type { WireAccount, WireValue } from '../flows/ledger/ledger-types.ts';

/** What both ways to transfer have in common. */
export interface WireTransfer {
  readonly to: WireAccount;
  readonly amount: bigint;
  readonly fee: [] | [bigint];
  readonly memo: [] | [Uint8Array];
  readonly created_at_time: [] | [bigint];
}

/** Tokens that go from one account to another; without a spender their owner sends them. */
export interface Movement extends WireTransfer {
  readonly from: WireAccount;
  readonly spender: WireAccount | undefined;
}

/** An account as one string; no subaccount and 32 zeros are the same. */
export function keyOf({ owner, subaccount }: WireAccount): string {
  const [bytes] = subaccount;
  return `${hex(owner.toUint8Array())}.${bytes === undefined ? '' : hex(bytes).replace(/^0{64}$/, '')}`;
}

/** Bytes in base 16. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A transaction as an ICRC-3 block, in the form of newer ledgers or of older ones. */
export function writtenBlock(
  movement: Movement,
  how: { readonly nowNs: bigint; readonly isBurn: boolean; readonly form: 'btype' | 'op' },
): WireValue {
  const { nowNs, isBurn, form } = how;
  const op = isBurn ? 'burn' : 'xfer';
  const tx: [string, WireValue][] = [
    ['amt', { Nat: movement.amount }],
    ['from', accountValue(movement.from)],
  ];
  if (!isBurn) tx.push(['to', accountValue(movement.to)]);
  if (form === 'op') tx.push(['op', { Text: op }]);
  for (const memo of movement.memo) tx.push(['memo', { Blob: memo }]);
  for (const createdAt of movement.created_at_time) tx.push(['ts', { Nat: createdAt }]);
  const entries: [string, WireValue][] = [['ts', { Nat: nowNs }]];
  const isPulled = movement.spender !== undefined && !isBurn;
  if (form === 'btype') entries.push(['btype', { Text: `${isPulled ? 2 : 1}${op}` }]);
  entries.push(['tx', { Map: tx }]);
  return { Map: entries };
}

function accountValue({ owner, subaccount: [bytes] }: WireAccount): WireValue {
  const parts: WireValue[] = [{ Blob: owner.toUint8Array() }];
  if (bytes !== undefined) parts.push({ Blob: bytes });
  return { Array: parts };
}

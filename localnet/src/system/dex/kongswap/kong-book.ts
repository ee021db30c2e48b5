import { IDL } from '@dfinity/candid';
import { Availability } from '../availability.ts';
import { KongPoolType, KongTokenType, type KongPool, type KongToken } from './kong-types.ts';

const Snapshot = IDL.Record({ tokens: IDL.Vec(KongTokenType), pools: IDL.Vec(KongPoolType) });

const BPS = 10_000n;
const HOPS_MAX = 3;

/** One pool passed through on the way from the token paid to the token received. */
export interface Hop {
  readonly pool: KongPool;
  readonly pay: KongToken;
  readonly receive: KongToken;
  readonly payAmount: bigint;
  /** Before fees. */
  readonly grossAmount: bigint;
  readonly lpFee: bigint;
  /** The ledger's fee, taken on the last hop alone. */
  readonly gasFee: bigint;
  readonly receiveAmount: bigint;
}

/** KongSwap's tokens and pools: constant products, routed over up to three of them. */
export class KongSwap {
  readonly availability = new Availability();
  #tokens: readonly KongToken[] = [];
  #pools: readonly KongPool[] = [];

  get tokens(): readonly KongToken[] {
    return this.#tokens;
  }

  get pools(): readonly KongPool[] {
    return this.#pools;
  }

  setToken(token: KongToken): void {
    this.#tokens = [...this.#tokens.filter((known) => known.tokenId !== token.tokenId), token];
  }

  /** Throws `RangeError` if a token of it is not listed. */
  setPool(pool: KongPool): void {
    for (const id of [pool.tokenId0, pool.tokenId1]) {
      if (this.tokenById(id) === undefined) throw new RangeError(`no token ${id.toString()}`);
    }
    this.#pools = [...this.#pools.filter((known) => known.poolId !== pool.poolId), pool];
  }

  tokenById(id: number): KongToken | undefined {
    return this.#tokens.find((token) => token.tokenId === id);
  }

  /** By symbol or ledger, with or without the chain in front. */
  findToken(text: string): KongToken | undefined {
    const name = text.startsWith('IC.') ? text.slice(3) : text;
    return this.#tokens.find(({ symbol, canisterId }) => symbol === name || canisterId === name);
  }

  /** Of all routes the one that gives the taker most; undefined if there is none. */
  bestRoute(pay: KongToken, payAmount: bigint, receive: KongToken): readonly Hop[] | undefined {
    let best: readonly Hop[] | undefined;
    for (const path of this.#paths(pay, receive, [])) {
      const hops = walk(path, payAmount);
      if (best === undefined || receivedOf(hops) > receivedOf(best)) best = hops;
    }
    return best;
  }

  save(): Uint8Array {
    return new Uint8Array(IDL.encode([Snapshot], [{ tokens: this.#tokens, pools: this.#pools }]));
  }

  load(bytes: Uint8Array): void {
    const value = IDL.decode([Snapshot], new Uint8Array(bytes))[0] as unknown as {
      tokens: KongToken[];
      pools: KongPool[];
    };
    this.#tokens = value.tokens;
    this.#pools = value.pools;
  }

  *#paths(from: KongToken, to: KongToken, before: readonly Leg[]): Generator<readonly Leg[]> {
    for (const pool of this.#pools) {
      const isUsed = before.some((leg) => leg.pool.poolId === pool.poolId);
      const receive = pool.isRemoved || isUsed ? undefined : this.#otherSide(pool, from);
      if (receive === undefined) continue;
      const path = [...before, { pool, pay: from, receive }];
      if (receive.tokenId === to.tokenId) yield path;
      else if (path.length < HOPS_MAX) yield* this.#paths(receive, to, path);
    }
  }

  #otherSide(pool: KongPool, side: KongToken): KongToken | undefined {
    if (pool.tokenId0 === side.tokenId) return this.tokenById(pool.tokenId1);
    return pool.tokenId1 === side.tokenId ? this.tokenById(pool.tokenId0) : undefined;
  }
}

type Leg = Pick<Hop, 'pool' | 'pay' | 'receive'>;

function walk(path: readonly Leg[], payAmount: bigint): readonly Hop[] {
  const hops: Hop[] = [];
  let amount = payAmount;
  for (const [index, { pool, pay, receive }] of path.entries()) {
    const isForward = pool.tokenId0 === pay.tokenId;
    const reserve0 = pool.balance0 + pool.lpFee0;
    const reserve1 = pool.balance1 + pool.lpFee1;
    const [reserveIn, reserveOut] = isForward ? [reserve0, reserve1] : [reserve1, reserve0];
    const total = reserveIn + amount;
    const grossAmount = total === 0n ? 0n : (reserveOut * amount) / total;
    const lpFee = (grossAmount * hopFeeBps(pool, path.length)) / BPS;
    const gasFee = index === path.length - 1 ? receive.fee : 0n;
    const net = grossAmount - lpFee - gasFee;
    const receiveAmount = net > 0n ? net : 0n;
    hops.push({ pool, pay, receive, payAmount: amount, grossAmount, lpFee, gasFee, receiveAmount });
    amount = receiveAmount;
  }
  return hops;
}

/** The fee is shared by the hops of a route, rounded as KongSwap did. */
function hopFeeBps(pool: KongPool, hopCount: number): bigint {
  return hopCount === 1 ? BigInt(pool.lpFeeBps) : BigInt(pool.lpFeeBps + 1) / BigInt(hopCount);
}

function receivedOf(hops: readonly Hop[]): bigint {
  return hops.at(-1)?.receiveAmount ?? 0n;
}

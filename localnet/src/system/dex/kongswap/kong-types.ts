import { IDL } from '@dfinity/candid';

/** Source: KongSwap/kong src/kong_backend/kong_backend.did of 2026-03. The service closed in 2026-04. */

export const PoolReply = IDL.Record({
  pool_id: IDL.Nat32,
  name: IDL.Text,
  symbol: IDL.Text,
  chain_0: IDL.Text,
  symbol_0: IDL.Text,
  address_0: IDL.Text,
  balance_0: IDL.Nat,
  lp_fee_0: IDL.Nat,
  chain_1: IDL.Text,
  symbol_1: IDL.Text,
  address_1: IDL.Text,
  balance_1: IDL.Nat,
  lp_fee_1: IDL.Nat,
  price: IDL.Float64,
  lp_fee_bps: IDL.Nat8,
  lp_token_symbol: IDL.Text,
  is_removed: IDL.Bool,
});

export const SwapAmountsTxReply = IDL.Record({
  pool_symbol: IDL.Text,
  pay_chain: IDL.Text,
  pay_symbol: IDL.Text,
  pay_address: IDL.Text,
  pay_amount: IDL.Nat,
  receive_chain: IDL.Text,
  receive_symbol: IDL.Text,
  receive_address: IDL.Text,
  receive_amount: IDL.Nat,
  price: IDL.Float64,
  lp_fee: IDL.Nat,
  gas_fee: IDL.Nat,
});

export const SwapAmountsReply = IDL.Record({
  pay_chain: IDL.Text,
  pay_symbol: IDL.Text,
  pay_address: IDL.Text,
  pay_amount: IDL.Nat,
  receive_chain: IDL.Text,
  receive_symbol: IDL.Text,
  receive_address: IDL.Text,
  receive_amount: IDL.Nat,
  price: IDL.Float64,
  mid_price: IDL.Float64,
  slippage: IDL.Float64,
  txs: IDL.Vec(SwapAmountsTxReply),
});

export const LPTokenReply = IDL.Record({
  token_id: IDL.Nat32,
  chain: IDL.Text,
  address: IDL.Text,
  name: IDL.Text,
  symbol: IDL.Text,
  pool_id_of: IDL.Nat32,
  decimals: IDL.Nat8,
  fee: IDL.Nat,
  total_supply: IDL.Nat,
  is_removed: IDL.Bool,
});

export const ICTokenReply = IDL.Record({
  token_id: IDL.Nat32,
  chain: IDL.Text,
  canister_id: IDL.Text,
  name: IDL.Text,
  symbol: IDL.Text,
  decimals: IDL.Nat8,
  fee: IDL.Nat,
  icrc1: IDL.Bool,
  icrc2: IDL.Bool,
  icrc3: IDL.Bool,
  is_removed: IDL.Bool,
});

const TokenReply = IDL.Variant({ LP: LPTokenReply, IC: ICTokenReply });

function kongResult(ok: IDL.Type): IDL.Type {
  return IDL.Variant({ Ok: ok, Err: IDL.Text });
}

export const KONG_METHODS = {
  pools: IDL.Func([IDL.Opt(IDL.Text)], [kongResult(IDL.Vec(PoolReply))], ['query']),
  tokens: IDL.Func([IDL.Opt(IDL.Text)], [kongResult(IDL.Vec(TokenReply))], ['query']),
  swap_amounts: IDL.Func([IDL.Text, IDL.Nat, IDL.Text], [kongResult(SwapAmountsReply)], ['query']),
};

/** A token KongSwap lists, in its smallest units. */
export interface KongToken {
  readonly tokenId: number;
  readonly symbol: string;
  readonly name: string;
  readonly canisterId: string;
  readonly decimals: number;
  readonly fee: bigint;
}

/** Its tokens are in the order its creator chose, with the quote side second. */
export interface KongPool {
  readonly poolId: number;
  readonly tokenId0: number;
  readonly tokenId1: number;
  readonly balance0: bigint;
  readonly balance1: bigint;
  readonly lpFee0: bigint;
  readonly lpFee1: bigint;
  readonly lpFeeBps: number;
  readonly isRemoved: boolean;
}

export const KongTokenType = IDL.Record({
  tokenId: IDL.Nat32,
  symbol: IDL.Text,
  name: IDL.Text,
  canisterId: IDL.Text,
  decimals: IDL.Nat8,
  fee: IDL.Nat,
});

export const KongPoolType = IDL.Record({
  poolId: IDL.Nat32,
  tokenId0: IDL.Nat32,
  tokenId1: IDL.Nat32,
  balance0: IDL.Nat,
  balance1: IDL.Nat,
  lpFee0: IDL.Nat,
  lpFee1: IDL.Nat,
  lpFeeBps: IDL.Nat8,
  isRemoved: IDL.Bool,
});

/** Methods of localnet alone: one puts a pool in the place of that with its number. */
export const KONG_ADMIN_METHODS = {
  localnet_set_token: IDL.Func([KongTokenType], [], []),
  localnet_set_pool: IDL.Func([KongPoolType], [], []),
};

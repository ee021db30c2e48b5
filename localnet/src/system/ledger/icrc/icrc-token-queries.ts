import type { Principal } from '@dfinity/principal';
import type { TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext } from '../../../core/native.ts';
import type { Opt } from '../../../core/candid-opt.ts';
import { some } from '../../../core/candid-opt.ts';
import { consentMessage } from '../consent-message.ts';
import {
  accountFromKey,
  accountKey,
  accountOf,
  type Account,
  type AccountKey,
} from '../core/account.ts';
import { isExpired } from '../core/allowances.ts';
import type { LedgerState } from '../core/ledger-state.ts';
import type { WireConsentRequest } from '../wire/consent-types.ts';
import {
  readAccount,
  writeAccount,
  type WireAccount,
  type WireAllowanceArgs,
} from '../wire/icrc-messages.ts';
import type { IcrcLedger } from './icrc-ledger.ts';

const ALLOWANCES_MAX = 500;
const ICRC1 = 'https://github.com/dfinity/ICRC-1/tree/main/standards';
const ICRC = 'https://github.com/dfinity/ICRC/blob/main/ICRCs';

const STANDARDS = [
  { name: 'ICRC-1', url: `${ICRC1}/ICRC-1` },
  { name: 'ICRC-2', url: `${ICRC1}/ICRC-2` },
  { name: 'ICRC-3', url: `${ICRC1}/ICRC-3` },
  { name: 'ICRC-10', url: `${ICRC}/ICRC-10/ICRC-10.md` },
  {
    name: 'ICRC-21',
    url: 'https://github.com/dfinity/wg-identity-authentication/blob/main/topics/ICRC-21/icrc_21_consent_msg.md',
  },
  { name: 'ICRC-103', url: `${ICRC}/ICRC-103/ICRC-103.md` },
  { name: 'ICRC-106', url: `${ICRC}/ICRC-106/ICRC-106.md` },
];

/** Queries about the token, its balances and allowances, and the consent message. */
export function icrcTokenQueries(ledger: IcrcLedger): Record<string, TypedHandler> {
  return {
    icrc1_name: () => ledger.config.tokenName,
    icrc1_symbol: () => ledger.config.tokenSymbol,
    icrc1_decimals: () => ledger.config.decimals,
    icrc1_metadata: () => metadata(ledger),
    icrc1_total_supply: () => ledger.state.balances.totalSupply,
    icrc1_fee: () => ledger.config.transferFee,
    icrc1_minting_account: () => [writeAccount(ledger.config.mintingAccount)],
    icrc1_balance_of: (_context: NativeContext, account: WireAccount) =>
      ledger.state.balanceOf(readAccount(account)),
    icrc1_supported_standards: () => standards(ledger),
    icrc10_supported_standards: () => standards(ledger),
    icrc2_allowance: (context: NativeContext, arg: WireAllowanceArgs) =>
      allowance(ledger.state, arg, context.timeNs),
    icrc21_canister_call_consent_message: (context: NativeContext, request: WireConsentRequest) =>
      consentMessage(request, {
        caller: context.caller,
        tokenName: ledger.config.tokenName,
        tokenSymbol: ledger.config.tokenSymbol,
        decimals: ledger.config.decimals,
        fee: ledger.config.transferFee,
      }),
    icrc103_get_allowances: (context: NativeContext, arg: WireGetAllowances) => ({
      Ok: listAllowances(ledger.state, arg, context),
    }),
    icrc106_get_index_principal: () => ({ Err: { IndexPrincipalNotSet: null } }),
    is_ledger_ready: () => true,
  };
}

function standards({ config }: IcrcLedger): typeof STANDARDS {
  return config.hasIcrc3 ? STANDARDS : STANDARDS.filter(({ name }) => name !== 'ICRC-3');
}

function metadata(ledger: IcrcLedger): unknown[] {
  const { config } = ledger;
  return [
    ...config.metadata,
    ['icrc1:decimals', { Nat: BigInt(config.decimals) }],
    ['icrc1:name', { Text: config.tokenName }],
    ['icrc1:symbol', { Text: config.tokenSymbol }],
    ['icrc1:fee', { Nat: config.transferFee }],
    ['icrc1:max_memo_length', { Nat: BigInt(config.maxMemoBytes) }],
    ['icrc103:public_allowances', { Text: 'true' }],
    ['icrc103:max_take_value', { Nat: BigInt(ALLOWANCES_MAX) }],
  ];
}

/** Answer of icrc2_allowance. */
export function allowance(
  state: LedgerState<Account>,
  arg: WireAllowanceArgs,
  nowNs: bigint,
): { allowance: bigint; expires_at: Opt<bigint> } {
  const from = accountKey(readAccount(arg.account));
  const spender = accountKey(readAccount(arg.spender));
  const usable = state.allowances.usable({ from, spender }, nowNs);
  return { allowance: usable.amount, expires_at: some(usable.expiresAtNs) };
}

export interface WireGetAllowances {
  readonly from_account: Opt<WireAccount>;
  readonly prev_spender: Opt<WireAccount>;
  readonly take: Opt<bigint>;
}

/** Answer of icrc103_get_allowances: those of the owner, from the given account on, in order. */
export function listAllowances(
  state: LedgerState<Account>,
  arg: WireGetAllowances,
  context: { readonly caller: Principal; readonly timeNs: bigint },
): unknown[] {
  const [fromWire] = arg.from_account;
  const [previousWire] = arg.prev_spender;
  const first = fromWire === undefined ? accountOf(context.caller) : readAccount(fromWire);
  const firstKey = accountKey(first);
  const previousKey = previousWire === undefined ? '' : accountKey(readAccount(previousWire));
  const owner = firstKey.slice(0, firstKey.indexOf('.') + 1);
  const take = arg.take[0] ?? BigInt(ALLOWANCES_MAX);
  const limit = take < BigInt(ALLOWANCES_MAX) ? Number(take) : ALLOWANCES_MAX;
  return state.allowances
    .entries()
    .filter(
      (entry) =>
        entry.from.startsWith(owner) &&
        (entry.from > firstKey || (entry.from === firstKey && entry.spender > previousKey)) &&
        !isExpired(entry, context.timeNs),
    )
    .slice(0, limit)
    .map((entry) => ({
      from_account: writeAccount(accountFromKey(entry.from as AccountKey)),
      to_spender: writeAccount(accountFromKey(entry.spender as AccountKey)),
      allowance: entry.amount,
      expires_at: some(entry.expiresAtNs),
    }));
}

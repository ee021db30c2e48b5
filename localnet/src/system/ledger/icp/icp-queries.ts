import { Principal } from '@dfinity/principal';
import type { TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext } from '../../../core/native.ts';
import { some } from '../../../core/candid-opt.ts';
import { trap } from '../../native-trap.ts';
import { archivedRanges, BLOCKS_MAX, prefix, readRange } from '../block-queries.ts';
import { consentMessage } from '../consent-message.ts';
import { isExpired } from '../core/allowances.ts';
import type { WireConsentRequest } from '../wire/consent-types.ts';
import {
  readAccount,
  writeAccount,
  type WireAccount,
  type WireAllowanceArgs,
} from '../wire/icrc-messages.ts';
import {
  accountIdBytes,
  accountIdOf,
  parseAccountId,
  parseAccountIdText,
} from './account-identifier.ts';
import type { IcpLedger } from './icp-ledger.ts';
import { tokens, writeIcpBlock, type WireIcpAllowances, type WireIcpRange } from './icp-wire.ts';

const NAME = 'Internet Computer';
const SYMBOL = 'ICP';
const DECIMALS = 8;
const ALLOWANCES_MAX = 500n;
const ID_BYTES = 32;

const ICRC1 = 'https://github.com/dfinity/ICRC-1/tree/main/standards';

const STANDARDS = [
  { name: 'ICRC-1', url: `${ICRC1}/ICRC-1` },
  { name: 'ICRC-2', url: `${ICRC1}/ICRC-2` },
  { name: 'ICRC-10', url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-10/ICRC-10.md' },
  {
    name: 'ICRC-21',
    url: 'https://github.com/dfinity/wg-identity-authentication/blob/main/topics/ICRC-21/icrc_21_consent_msg.md',
  },
  { name: 'ICRC-106', url: 'https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-106/ICRC-106.md' },
];

/** Every query of the ICP ledger. */
export function icpQueries(ledger: IcpLedger): Record<string, TypedHandler> {
  return { ...tokenQueries(ledger), ...accountQueries(ledger), ...blockQueries(ledger) };
}

function tokenQueries(ledger: IcpLedger): Record<string, TypedHandler> {
  return {
    name: () => ({ name: NAME }),
    symbol: () => ({ symbol: SYMBOL }),
    decimals: () => ({ decimals: DECIMALS }),
    transfer_fee: () => ({ transfer_fee: tokens(ledger.rules.fee) }),
    icrc1_name: () => NAME,
    icrc1_symbol: () => SYMBOL,
    icrc1_decimals: () => DECIMALS,
    icrc1_fee: () => ledger.rules.fee,
    icrc1_metadata: () => [
      ['icrc1:decimals', { Nat: BigInt(DECIMALS) }],
      ['icrc1:name', { Text: NAME }],
      ['icrc1:symbol', { Text: SYMBOL }],
      ['icrc1:fee', { Nat: ledger.rules.fee }],
    ],
    icrc1_total_supply: () => ledger.state.balances.totalSupply,
    icrc1_minting_account: () => [writeAccount(ledger.config.mintingAccount)],
    icrc1_supported_standards: () => STANDARDS,
    icrc10_supported_standards: () => STANDARDS,
    icrc106_get_index_principal: () => ({ Err: { IndexPrincipalNotSet: null } }),
    is_ledger_ready: () => true,
    icrc21_canister_call_consent_message: (context: NativeContext, request: WireConsentRequest) =>
      consentMessage(request, {
        caller: context.caller,
        tokenName: NAME,
        tokenSymbol: SYMBOL,
        decimals: DECIMALS,
        fee: ledger.rules.fee,
      }),
  };
}

function accountQueries(ledger: IcpLedger): Record<string, TypedHandler> {
  return {
    icrc1_balance_of: (_context: NativeContext, account: WireAccount) =>
      ledger.state.balanceOf(accountIdOf(readAccount(account))),
    account_balance: (_context: NativeContext, arg: { account: Uint8Array }) => {
      if (arg.account.length !== ID_BYTES) return tokens(0n);
      const id = parseAccountId(arg.account) ?? trap('Invalid account identifier');
      return tokens(ledger.state.balanceOf(id));
    },
    account_balance_dfx: (_context: NativeContext, arg: { account: string }) => {
      const id = parseAccountIdText(arg.account) ?? trap('Invalid account identifier');
      return tokens(ledger.state.balanceOf(id));
    },
    account_identifier: (_context: NativeContext, account: WireAccount) =>
      accountIdBytes(accountIdOf(readAccount(account))),
    icrc2_allowance: (context: NativeContext, arg: WireAllowanceArgs) => {
      const from = accountIdOf(readAccount(arg.account));
      const spender = accountIdOf(readAccount(arg.spender));
      const usable = ledger.state.allowances.usable({ from, spender }, context.timeNs);
      return { allowance: usable.amount, expires_at: some(usable.expiresAtNs) };
    },
    get_allowances: (context: NativeContext, arg: WireIcpAllowances) =>
      listAllowances(ledger, arg, context.timeNs),
  };
}

function listAllowances(ledger: IcpLedger, arg: WireIcpAllowances, nowNs: bigint): unknown[] {
  const from = parseAccountIdText(arg.from_account_id) ?? trap('Invalid account identifier');
  const previous = arg.prev_spender_id[0] ?? '';
  const take = arg.take[0] ?? ALLOWANCES_MAX;
  return ledger.state.allowances
    .entries()
    .filter((entry) => entry.from === from && entry.spender > previous && !isExpired(entry, nowNs))
    .slice(0, Number(take < ALLOWANCES_MAX ? take : ALLOWANCES_MAX))
    .map((entry) => ({
      from_account_id: entry.from,
      to_spender_id: entry.spender,
      allowance: tokens(entry.amount),
      expires_at: some(entry.expiresAtNs),
    }));
}

function blockQueries(ledger: IcpLedger): Record<string, TypedHandler> {
  return {
    query_blocks: (context: NativeContext, range: WireIcpRange) => ({
      ...blocks(ledger, context, { range, archiveMethod: 'get_blocks' }, (bytes) =>
        writeIcpBlock(ledger.state.format.open(bytes)),
      ),
    }),
    query_encoded_blocks: (context: NativeContext, range: WireIcpRange) =>
      blocks(ledger, context, { range, archiveMethod: 'get_encoded_blocks' }, (bytes) => bytes),
    archives: () => ({
      archives: ledger.state.log.archives.map((range) => ({
        canister_id: Principal.fromText(range.canisterId),
      })),
    }),
    tip_of_chain: (context: NativeContext) => ({
      certification: some(context.dataCertificate()),
      tip_index: BigInt(Math.max(ledger.state.log.length - 1, 0)),
    }),
  };
}

function blocks(
  ledger: IcpLedger,
  context: NativeContext,
  ask: { readonly range: WireIcpRange; readonly archiveMethod: string },
  write: (bytes: Uint8Array) => unknown,
): Record<string, unknown> {
  const { log } = ledger.state;
  const { local, archived } = log.locate(readRange(ask.range));
  return {
    chain_length: BigInt(log.length),
    certificate: some(context.dataCertificate()),
    blocks: log.slice(prefix(local, BLOCKS_MAX)).map(write),
    first_block_index: BigInt(local.start),
    archived_blocks: archivedRanges(archived, ask.archiveMethod),
  };
}

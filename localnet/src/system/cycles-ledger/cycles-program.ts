import { defineNative, type TypedHandler } from '../../core/define-native.ts';
import type { NativeContext, NativeProgram } from '../../core/native.ts';
import { some } from '../../core/candid-opt.ts';
import { candidText } from '../candid-text.ts';
import { ICRC3_BLOCKS_MAX, icrc3Blocks } from '../ledger/block-queries.ts';
import { listAllowances, type WireGetAllowances } from '../ledger/icrc/icrc-token-queries.ts';
import { tipCertificate } from '../ledger/tip-certificate.ts';
import {
  readAccount,
  type WireAccount,
  type WireAllowanceArgs,
} from '../ledger/wire/icrc-messages.ts';
import { SUPPORTED_BLOCK_TYPES, type WireRange } from '../ledger/wire/icrc3-types.ts';
import { CYCLES_LEDGER_SERVICE, CYCLES_TYPE_NAMES } from './cycles-idl.ts';
import { CyclesLedger, type CyclesLedgerGenesis } from './cycles-ledger.ts';
import {
  currentAllowance,
  CYCLES_LEDGER_FEE,
  CYCLES_MEMO_BYTES_MAX,
  pairOf,
} from './cycles-rules.ts';
import { cyclesUpdates } from './cycles-updates.ts';

export const CYCLES_LEDGER_PROGRAM = 'cycles-ledger';

const CANDID = candidText(CYCLES_LEDGER_SERVICE, CYCLES_TYPE_NAMES);
const NAME = 'Trillion Cycles';
const SYMBOL = 'TCYCLES';
const DECIMALS = 12;

const ICRC1 = 'https://github.com/dfinity/ICRC-1/blob/main/standards';
const ICRC = 'https://github.com/dfinity/ICRC/blob/main/ICRCs';

const STANDARDS = [
  { name: 'ICRC-1', url: `${ICRC1}/ICRC-1/README.md` },
  { name: 'ICRC-2', url: `${ICRC1}/ICRC-2/README.md` },
  { name: 'ICRC-3', url: `${ICRC1}/ICRC-3/README.md` },
  { name: 'ICRC-10', url: `${ICRC}/ICRC-10/ICRC-10.md` },
  { name: 'ICRC-103', url: `${ICRC}/ICRC-103/ICRC-103.md` },
  { name: 'ICRC-106', url: `${ICRC}/ICRC-106/ICRC-106.md` },
];

/** The cycles ledger, as DFINITY's of 2026. */
export function createCyclesLedger(genesis: CyclesLedgerGenesis): NativeProgram {
  return cyclesLedgerProgram(CyclesLedger.atGenesis(genesis));
}

/** A ledger to `load` a saved state into. */
export function emptyCyclesLedger(): NativeProgram {
  return cyclesLedgerProgram(new CyclesLedger());
}

function cyclesLedgerProgram(ledger: CyclesLedger): NativeProgram {
  return defineNative({
    programId: CYCLES_LEDGER_PROGRAM,
    candid: CANDID,
    service: CYCLES_LEDGER_SERVICE,
    handlers: { ...tokenQueries(ledger), ...blockQueries(ledger), ...cyclesUpdates(ledger) },
    save: () => ledger.save(),
    load: (bytes) => ledger.load(bytes),
    nextTimerNs: () => (ledger.isCertified ? undefined : 0n),
    onTimer: (context) => ledger.certify(context),
  });
}

function tokenQueries(ledger: CyclesLedger): Record<string, TypedHandler> {
  return {
    icrc1_name: () => NAME,
    icrc1_symbol: () => SYMBOL,
    icrc1_decimals: () => DECIMALS,
    icrc1_fee: () => CYCLES_LEDGER_FEE,
    icrc1_metadata: () => [
      ['icrc1:decimals', { Nat: BigInt(DECIMALS) }],
      ['icrc1:name', { Text: NAME }],
      ['icrc1:symbol', { Text: SYMBOL }],
      ['icrc1:fee', { Nat: CYCLES_LEDGER_FEE }],
      ['icrc1:max_memo_length', { Nat: BigInt(CYCLES_MEMO_BYTES_MAX) }],
      ['dfn:max_blocks_per_request', { Nat: BigInt(ICRC3_BLOCKS_MAX) }],
    ],
    icrc1_total_supply: () => ledger.state.balances.totalSupply,
    icrc1_minting_account: () => [],
    icrc1_supported_standards: () => STANDARDS,
    icrc10_supported_standards: () => STANDARDS,
    icrc1_balance_of: (_context: NativeContext, account: WireAccount) =>
      ledger.state.balanceOf(readAccount(account)),
    icrc2_allowance: (context: NativeContext, arg: WireAllowanceArgs) => {
      const pair = pairOf(ledger.state, readAccount(arg.account), readAccount(arg.spender));
      const current = currentAllowance(ledger.state, pair, context.timeNs);
      return { allowance: current.amount, expires_at: some(current.expiresAtNs) };
    },
    icrc103_get_allowances: (context: NativeContext, arg: WireGetAllowances) => ({
      Ok: listAllowances(ledger.state, arg, context),
    }),
    icrc106_get_index_principal: () => ({ Err: { IndexPrincipalNotSet: null } }),
  };
}

function blockQueries(ledger: CyclesLedger): Record<string, TypedHandler> {
  return {
    icrc3_get_archives: () => [],
    icrc3_get_tip_certificate: (context: NativeContext) =>
      tipCertificate(context, ledger.state.log),
    icrc3_get_blocks: (_context: NativeContext, requests: readonly WireRange[]) =>
      icrc3Blocks(ledger.state.log, requests),
    icrc3_supported_block_types: () => SUPPORTED_BLOCK_TYPES,
    http_request: (context: NativeContext, request: { readonly url: string }) =>
      request.url.split('?')[0] === '/metrics' ? metrics(ledger, context) : NOT_FOUND,
  };
}

const NOT_FOUND = { status_code: 404, headers: [], body: new TextEncoder().encode('not found') };

function metrics(ledger: CyclesLedger, context: NativeContext): Record<string, unknown> {
  const lines = [
    `cycles_ledger_number_of_blocks ${ledger.state.log.length}`,
    `cycles_ledger_total_supply ${ledger.state.balances.totalSupply.toString()}`,
    `cycles_ledger_cycle_balance ${context.cyclesBalance().toString()}`,
  ];
  return {
    status_code: 200,
    headers: [['Content-Type', 'text/plain; version=0.0.4']],
    body: new TextEncoder().encode(`${lines.join('\n')}\n`),
  };
}

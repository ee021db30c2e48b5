import type { Principal } from '@dfinity/principal';
import { Principal as PrincipalId } from '@dfinity/principal';
import type { TypedHandler } from '../../../core/define-native.ts';
import type { NativeContext } from '../../../core/native.ts';
import type { Opt } from '../../../core/candid-opt.ts';
import { some } from '../../../core/candid-opt.ts';
import {
  archivedRanges,
  BLOCKS_MAX,
  genericValue,
  icrc3Archives,
  icrc3Blocks,
  prefix,
  readRange,
} from '../block-queries.ts';
import { decodeValue } from '../core/icrc3-codec.ts';
import { encodeTree, tipCertificate, tipTree } from '../tip-certificate.ts';
import { SUPPORTED_BLOCK_TYPES, type WireRange } from '../wire/icrc3-types.ts';
import type { IcrcLedger } from './icrc-ledger.ts';
import { transactionRecord } from './transaction-record.ts';

/** Queries about blocks: ICRC-3 and what DFINITY's ledger offered before it. */
export function icrcBlockQueries(ledger: IcrcLedger): Record<string, TypedHandler> {
  return {
    icrc3_get_archives: (_context: NativeContext, arg: { from: Opt<Principal> }) =>
      icrc3Archives(ledger.state.log, arg.from),
    icrc3_get_tip_certificate: (context: NativeContext) =>
      tipCertificate(context, ledger.state.log),
    icrc3_get_blocks: (_context: NativeContext, requests: readonly WireRange[]) =>
      icrc3Blocks(ledger.state.log, requests),
    icrc3_supported_block_types: () => SUPPORTED_BLOCK_TYPES,
    archives: () =>
      ledger.state.log.archives.map((range) => ({
        canister_id: PrincipalId.fromText(range.canisterId),
        block_range_start: BigInt(range.start),
        block_range_end: BigInt(range.end - 1),
      })),
    get_transactions: (_context: NativeContext, range: WireRange) => transactions(ledger, range),
    get_blocks: (context: NativeContext, range: WireRange) => blocks(ledger, context, range),
    get_data_certificate: (context: NativeContext) => ({
      certificate: some(context.dataCertificate()),
      hash_tree: encodeTree(tipTree(ledger.state.log)),
    }),
  };
}

function transactions(ledger: IcrcLedger, range: WireRange): Record<string, unknown> {
  const { log, format } = ledger.state;
  const { local, archived } = log.locate(readRange(range));
  return {
    log_length: BigInt(log.length),
    first_index: BigInt(local.start),
    transactions: log
      .slice(prefix(local, BLOCKS_MAX))
      .map((bytes) => transactionRecord(format.open(bytes))),
    archived_transactions: archivedRanges(archived, 'get_transactions'),
  };
}

function blocks(
  ledger: IcrcLedger,
  context: NativeContext,
  range: WireRange,
): Record<string, unknown> {
  const { log } = ledger.state;
  const { local, archived } = log.locate(readRange(range));
  return {
    first_index: BigInt(local.start),
    chain_length: BigInt(log.length),
    certificate: some(context.dataCertificate()),
    blocks: log.slice(prefix(local, BLOCKS_MAX)).map((bytes) => genericValue(decodeValue(bytes))),
    archived_blocks: archivedRanges(archived, 'get_blocks'),
  };
}

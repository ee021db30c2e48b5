import { IDL } from '@dfinity/candid';
import { Blob } from './icrc-types.ts';

/** Candid types of ICRC-3. Source: dfinity/ICRC-1 standards/ICRC-3/ICRC-3.did. */
export const Icrc3ValueType = IDL.Rec();
Icrc3ValueType.fill(
  IDL.Variant({
    Blob,
    Text: IDL.Text,
    Nat: IDL.Nat,
    Int: IDL.Int,
    Array: IDL.Vec(Icrc3ValueType),
    Map: IDL.Vec(IDL.Tuple(IDL.Text, Icrc3ValueType)),
  }),
);

export const GetBlocksRequest = IDL.Record({ start: IDL.Nat, length: IDL.Nat });
export const BlockWithId = IDL.Record({ id: IDL.Nat, block: Icrc3ValueType });

export const Icrc3GetBlocksResult = IDL.Rec();
export const Icrc3GetBlocksCallback = IDL.Func(
  [IDL.Vec(GetBlocksRequest)],
  [Icrc3GetBlocksResult],
  ['query'],
);
Icrc3GetBlocksResult.fill(
  IDL.Record({
    log_length: IDL.Nat,
    blocks: IDL.Vec(BlockWithId),
    archived_blocks: IDL.Vec(
      IDL.Record({ args: IDL.Vec(GetBlocksRequest), callback: Icrc3GetBlocksCallback }),
    ),
  }),
);

export const GetArchivesArgs = IDL.Record({ from: IDL.Opt(IDL.Principal) });
export const GetArchivesResult = IDL.Vec(
  IDL.Record({ canister_id: IDL.Principal, start: IDL.Nat, end: IDL.Nat }),
);
export const TipCertificate = IDL.Record({ certificate: Blob, hash_tree: Blob });
export const BlockTypes = IDL.Vec(IDL.Record({ block_type: IDL.Text, url: IDL.Text }));

export const ICRC3_METHODS = {
  icrc3_get_archives: IDL.Func([GetArchivesArgs], [GetArchivesResult], ['query']),
  icrc3_get_tip_certificate: IDL.Func([], [IDL.Opt(TipCertificate)], ['query']),
  icrc3_get_blocks: IDL.Func([IDL.Vec(GetBlocksRequest)], [Icrc3GetBlocksResult], ['query']),
  icrc3_supported_block_types: IDL.Func([], [BlockTypes], ['query']),
};

export const ICRC3_TYPE_NAMES = {
  ICRC3Value: Icrc3ValueType,
  GetBlocksResult: Icrc3GetBlocksResult,
};

export interface WireRange {
  readonly start: bigint;
  readonly length: bigint;
}

const STANDARDS = 'https://github.com/dfinity/ICRC-1/blob/main/standards';

export const SUPPORTED_BLOCK_TYPES = [
  { block_type: '1burn', url: `${STANDARDS}/ICRC-1/README.md` },
  { block_type: '1mint', url: `${STANDARDS}/ICRC-1/README.md` },
  { block_type: '2approve', url: `${STANDARDS}/ICRC-2/README.md` },
  { block_type: '2xfer', url: `${STANDARDS}/ICRC-2/README.md` },
] as const;

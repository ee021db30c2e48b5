import type { NativeProgram } from '../core/native.ts';
import { CMC_PROGRAM, emptyCmc } from './cmc/cmc-program.ts';
import { CYCLES_LEDGER_PROGRAM, emptyCyclesLedger } from './cycles-ledger/cycles-program.ts';
import { PRICE_PROGRAMS } from './dex/price-programs.ts';
import { createIcpArchive, ICP_ARCHIVE_PROGRAM } from './ledger/icp/icp-archive.ts';
import { emptyIcpLedger, ICP_LEDGER_PROGRAM } from './ledger/icp/icp-program.ts';
import { createIcrcArchive, ICRC_ARCHIVE_PROGRAM } from './ledger/icrc/icrc-archive.ts';
import {
  BLOCKLESS_LEDGER_PROGRAM,
  emptyIcrcLedger,
  ICRC_LEDGER_PROGRAM,
} from './ledger/icrc/icrc-program.ts';

const EMPTY_PROGRAMS: ReadonlyMap<string, () => NativeProgram> = new Map([
  [ICP_LEDGER_PROGRAM, emptyIcpLedger],
  [ICP_ARCHIVE_PROGRAM, () => createIcpArchive()],
  [ICRC_LEDGER_PROGRAM, () => emptyIcrcLedger({ hasIcrc3: true })],
  [BLOCKLESS_LEDGER_PROGRAM, () => emptyIcrcLedger({ hasIcrc3: false })],
  [ICRC_ARCHIVE_PROGRAM, () => createIcrcArchive()],
  [CYCLES_LEDGER_PROGRAM, emptyCyclesLedger],
  [CMC_PROGRAM, emptyCmc],
  ...PRICE_PROGRAMS,
]);

/** A ledger, archive, CMC or price source without state, for `load`; undefined for a program not of this kind. */
export function emptySystemProgram(programId: string): NativeProgram | undefined {
  return EMPTY_PROGRAMS.get(programId)?.();
}

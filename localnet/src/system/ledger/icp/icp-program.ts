import { Principal } from '@dfinity/principal';
import { defineNative } from '../../../core/define-native.ts';
import type { NativeProgram } from '../../../core/native.ts';
import { candidText } from '../../candid-text.ts';
import { DEFAULT_ARCHIVE_OPTIONS } from '../archiving.ts';
import { accountOf } from '../core/account.ts';
import { ICP_LEDGER_SERVICE, ICP_TYPE_NAMES } from './icp-idl.ts';
import { IcpLedger, type IcpLedgerGenesis } from './icp-ledger.ts';
import { icpQueries } from './icp-queries.ts';
import { icpUpdates } from './icp-transfers.ts';

export const ICP_LEDGER_PROGRAM = 'icp-ledger';

const CANDID = candidText(ICP_LEDGER_SERVICE, ICP_TYPE_NAMES);

/** The ICP ledger: ICRC-1/2 and the older methods with account identifiers. */
export function createIcpLedger(genesis: IcpLedgerGenesis): NativeProgram {
  return icpLedgerProgram(IcpLedger.atGenesis(genesis));
}

/** A ledger to `load` a saved state into. */
export function emptyIcpLedger(): NativeProgram {
  const mintingAccount = accountOf(Principal.anonymous());
  const archive = DEFAULT_ARCHIVE_OPTIONS;
  return icpLedgerProgram(new IcpLedger({ mintingAccount, archive, allowsAnonymous: false }));
}

function icpLedgerProgram(ledger: IcpLedger): NativeProgram {
  return defineNative({
    programId: ICP_LEDGER_PROGRAM,
    candid: CANDID,
    service: ICP_LEDGER_SERVICE,
    handlers: { ...icpQueries(ledger), ...icpUpdates(ledger) },
    save: () => ledger.save(),
    load: (bytes) => ledger.load(bytes),
    nextTimerNs: () => (ledger.isCertified ? undefined : 0n),
    onTimer: (context) => ledger.certify(context),
  });
}

import { Principal } from '@dfinity/principal';
import { defineNative } from '../../../core/define-native.ts';
import { candidText } from '../../candid-text.ts';
import { DEFAULT_ARCHIVE_OPTIONS } from '../archiving.ts';
import { accountOf } from '../core/account.ts';
import { faultyLedger, type AdminControls, type FaultyLedger } from '../faults/faulty-ledger.ts';
import { ledgerControls } from '../ledger-controls.ts';
import { transfer } from '../suite-rules.ts';
import { accountIdOf } from './account-identifier.ts';
import { ICP_LEDGER_SERVICE, ICP_TYPE_NAMES } from './icp-idl.ts';
import { IcpLedger, type IcpLedgerGenesis } from './icp-ledger.ts';
import { icpQueries } from './icp-queries.ts';
import { icpUpdates } from './icp-transfers.ts';

export const ICP_LEDGER_PROGRAM = 'icp-ledger';

const CANDID = candidText(ICP_LEDGER_SERVICE, ICP_TYPE_NAMES);

/** The ICP ledger: ICRC-1/2 and the older methods with account identifiers. */
export function createIcpLedger(genesis: IcpLedgerGenesis): FaultyLedger {
  return icpLedgerProgram(IcpLedger.atGenesis(genesis));
}

/** A ledger to `load` a saved state into. */
export function emptyIcpLedger(): FaultyLedger {
  const mintingAccount = accountOf(Principal.anonymous());
  const archive = DEFAULT_ARCHIVE_OPTIONS;
  return icpLedgerProgram(new IcpLedger({ mintingAccount, archive, allowsAnonymous: false }));
}

function icpLedgerProgram(ledger: IcpLedger): FaultyLedger {
  const service = ICP_LEDGER_SERVICE;
  const updates = icpUpdates(ledger);
  const program = defineNative({
    programId: ICP_LEDGER_PROGRAM,
    candid: CANDID,
    service,
    handlers: { ...icpQueries(ledger), ...updates },
    save: () => ledger.save(),
    load: (bytes) => ledger.load(bytes),
    nextTimerNs: () => (ledger.isCertified ? undefined : 0n),
    onTimer: (context) => ledger.certify(context),
  });
  const transactions = Object.keys(updates);
  return faultyLedger({ program, service, transactions, controls: icpControls(ledger) });
}

function icpControls(ledger: IcpLedger): AdminControls {
  return {
    ...ledgerControls(ledger),
    setFee: (fee) => {
      ledger.setFee(fee);
    },
    mint: (context, { to, amount }) => {
      const from = ledger.mintingId;
      const plain = { spender: undefined, fee: undefined, memo: undefined, createdAtNs: undefined };
      const request = { ...plain, from, to: accountIdOf(to), amount };
      const result = transfer(ledger.rules, request, context.timeNs);
      ledger.certify(context);
      return result;
    },
  };
}

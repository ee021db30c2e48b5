import { Principal } from '@dfinity/principal';
import type { Replica } from '../core/replica-api.ts';
import { createCmc } from './cmc/cmc-program.ts';
import { createCyclesLedger } from './cycles-ledger/cycles-program.ts';
import type { ArchiveOptions } from './ledger/archiving.ts';
import { accountOf, type Account } from './ledger/core/account.ts';
import { accountIdOf } from './ledger/icp/account-identifier.ts';
import { createIcpLedger } from './ledger/icp/icp-program.ts';
import { createIcrcLedger } from './ledger/icrc/icrc-program.ts';
import { CMC_ID, CYCLES_LEDGER_ID, GOVERNANCE_ID, ICP_LEDGER_ID } from './system-ids.ts';
import type { TokenGenesis } from './tokens.ts';

const TRILLION = 1_000_000_000_000n;
const E8S_PER_ICP = 100_000_000n;

/** What the faucet starts with: enough for ten identities of the `icp` CLI and years of tests. */
const FAUCET_E8S = 1_000_000_000n * E8S_PER_ICP;
const FAUCET_CYCLES = 1_000_000_000n * TRILLION;
/** Whole tokens of every extra ledger. */
const FAUCET_TOKENS = 1_000_000_000n;

/** Cycles of each system canister for itself. */
const OPERATING_CYCLES = 1_000n * TRILLION;
/** The CMC cannot mint here, so it starts with what ten times the faucet's ICP would buy. */
const CMC_RESERVE_CYCLES = 1_000_000_000_000n * TRILLION;

/** 1 ICP = 100 XDR: the rate of a freshly installed CMC. Source: dfinity/ic rs/nns/cmc/src/lib.rs. */
const DEFAULT_XDR_PERMYRIAD_PER_ICP = 1_000_000n;

export interface SystemCanisterOptions {
  /** Gets ICP, cycles and every token at genesis. Anonymous, as `icp network start` expects. */
  readonly faucet?: Principal;
  readonly icp?: readonly { readonly account: Account; readonly amountE8s: bigint }[];
  readonly cycles?: readonly { readonly account: Account; readonly amount: bigint }[];
  /** More ICRC-1/2/3 ledgers, e.g. those in `tokens.ts`. */
  readonly tokens?: readonly TokenGenesis[];
  readonly xdrPermyriadPerIcp?: bigint;
  readonly icpArchive?: Partial<ArchiveOptions>;
}

/**
 * Places the ICP ledger, the cycles ledger, the CMC and the extra ledgers at their ids, before the
 * first round. Every cycle on a cycles ledger account is held by that canister.
 */
export function installSystemCanisters(
  replica: Replica,
  options: SystemCanisterOptions = {},
): void {
  const faucet = accountOf(options.faucet ?? Principal.anonymous());
  installIcpLedger(replica, options, faucet);
  installCyclesLedger(replica, options, faucet);
  const cmc = createCmc({
    nowNs: replica.timeNs(),
    defaultSubnets: [replica.subnetId],
    mintingAccount: accountOf(GOVERNANCE_ID),
    xdrPermyriadPerIcp: options.xdrPermyriadPerIcp ?? DEFAULT_XDR_PERMYRIAD_PER_ICP,
  });
  replica.installNative(CMC_ID, cmc, CMC_RESERVE_CYCLES);
  for (const token of options.tokens ?? []) installToken(replica, token, faucet);
}

function installIcpLedger(replica: Replica, options: SystemCanisterOptions, faucet: Account): void {
  const balances = [{ account: faucet, amountE8s: FAUCET_E8S }, ...(options.icp ?? [])];
  const ledger = createIcpLedger({
    config: {
      mintingAccount: accountOf(GOVERNANCE_ID),
      allowsAnonymous: true,
      archive: options.icpArchive ?? {},
    },
    nowNs: replica.timeNs(),
    initialBalances: balances.map(({ account, amountE8s }) => ({
      account: accountIdOf(account),
      amountE8s,
    })),
  });
  replica.installNative(ICP_LEDGER_ID, ledger, OPERATING_CYCLES);
}

function installCyclesLedger(
  replica: Replica,
  options: SystemCanisterOptions,
  faucet: Account,
): void {
  const balances = [{ account: faucet, amount: FAUCET_CYCLES }, ...(options.cycles ?? [])];
  const ledger = createCyclesLedger({ nowNs: replica.timeNs(), initialBalances: balances });
  const backing = balances.reduce((sum, { amount }) => sum + amount, 0n);
  replica.installNative(CYCLES_LEDGER_ID, ledger, backing + OPERATING_CYCLES);
}

function installToken(replica: Replica, token: TokenGenesis, faucet: Account): void {
  const amount = FAUCET_TOKENS * 10n ** BigInt(token.config.decimals);
  const ledger = createIcrcLedger({
    config: token.config,
    nowNs: replica.timeNs(),
    initialBalances: [{ account: faucet, amount }, ...(token.initialBalances ?? [])],
  });
  replica.installNative(token.ledgerId, ledger, OPERATING_CYCLES);
}

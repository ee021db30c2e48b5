import type { Principal } from '@dfinity/principal';
import type { ArchiveOptions } from '@decent-cloud/localnet/system/ledger/archiving.ts';
import { accountOf, type Account } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { CKUSDC, CKUSDT, DCT, type TokenGenesis } from '@decent-cloud/localnet/system/tokens.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { OPERATOR } from '@decent-cloud/localnet/testing/world.ts';

/** Who asks for quotes and reports facts. */
export const RENTAL = userPrincipal('rental canister');
export const ARBITER = userPrincipal('arbiter');
export const TOKEN_VALUE = userPrincipal('token-value');
export const CONTROLLER = OPERATOR;
/** Of ledgers that are no stand-ins. */
export const MINTER = userPrincipal('minter');
export const STRANGER = userPrincipal('stranger');
export const TREASURER = userPrincipal('where the platform keeps what it took out');

/** The subaccount from which some pay. */
export const SAVINGS = new Uint8Array(32).fill(5);

/** Few, so that one of them is payer here and provider there, or both at once. */
export const PAYERS = ['ann', 'ben', 'cy'].map(userPrincipal) as [Principal, ...Principal[]];
export const PROVIDERS = ['pia', 'quin', 'ann'].map(userPrincipal) as [Principal, ...Principal[]];
export const AUTHORS = ['uma', 'vic', 'pia'].map(userPrincipal) as [Principal, ...Principal[]];

/** A token as the treasury is told of it. */
export interface SimToken {
  readonly ledgerId: Principal;
  readonly symbol: string;
  readonly hasIcrc3: boolean;
  readonly decimals: number;
  readonly fee: bigint;
  readonly minPayout: bigint;
  /** US dollars times 10^8 for one whole token, until something else is said. */
  readonly usdE8: bigint;
}

/** A token on a stand-in ledger. */
export interface StandInToken extends SimToken {
  readonly genesis: TokenGenesis;
}

const FUNDS_WHOLE_TOKENS = 50_000_000n;

/** Moves old blocks away all the time. */
const BUSY_ARCHIVE: Partial<ArchiveOptions> = { triggerThreshold: 12, blocksToArchive: 8 };

export const TOKENS: readonly [StandInToken, ...StandInToken[]] = [
  simToken(CKUSDC, { hasIcrc3: true, usdE8: 100_000_000n, minPayout: 100_000n }),
  simToken(CKUSDT, { hasIcrc3: true, usdE8: 100_000_000n, minPayout: 1_000_000n }, BUSY_ARCHIVE),
  simToken(DCT, { hasIcrc3: false, usdE8: 2_000_000n, minPayout: 10_000_000n }),
];

function simToken(
  token: TokenGenesis,
  traits: Pick<SimToken, 'hasIcrc3' | 'usdE8' | 'minPayout'>,
  archive?: Partial<ArchiveOptions>,
): StandInToken {
  const { decimals, transferFee: fee, tokenSymbol: symbol } = token.config;
  const { hasIcrc3 } = traits;
  const { ledgerId } = token;
  const genesis: TokenGenesis = {
    ledgerId,
    config: { ...token.config, hasIcrc3, ...(archive === undefined ? {} : { archive }) },
    initialBalances: fundsOf(decimals),
  };
  return { genesis, ledgerId, symbol, decimals, fee, ...traits };
}

/** What payers have in a token, in each of their accounts. */
export function fundsOf(decimals: number): { account: Account; amount: bigint }[] {
  const amount = FUNDS_WHOLE_TOKENS * 10n ** BigInt(decimals);
  return PAYERS.flatMap((payer) => [
    { account: accountOf(payer), amount },
    { account: accountOf(payer, SAVINGS), amount },
  ]);
}

import type { Principal } from '@dfinity/principal';
import type { Actors } from './actors.api.ts';
import { okOf } from './refusal.ts';
import type { Treasury } from './wire.ts';

const PAGE = 50;
/** As many escrows as the treasury checks in one query. */
const CHECKED_AT_ONCE = 200;

/** Every token that the treasury knows. */
export async function fetchTokens({ treasury }: Actors): Promise<readonly Treasury.Token[]> {
  const tokens: Treasury.Token[] = [];
  let from: [] | [bigint] = [];
  do {
    const page: Treasury.TokenPage = okOf(
      await treasury.list_tokens({ from, limit: PAGE, newest_first: false }),
    );
    tokens.push(...page.rows.map(({ value }) => value));
    from = page.next;
  } while (from.length > 0);
  return tokens;
}

/** The books of every token, as of now. */
export async function fetchSolvency(actors: Actors): Promise<readonly Treasury.Solvency[]> {
  const tokens = await fetchTokens(actors);
  const of = async (ledger: Principal): Promise<Treasury.Solvency> =>
    okOf(await actors.treasury.solvency(ledger));
  return Promise.all(tokens.map(({ ledger }) => of(ledger)));
}

export interface Checked {
  readonly escrows: bigint;
  readonly troubles: readonly string[];
  readonly isDone: boolean;
}

/** Has the treasury check itself, part by part, and tells after each how far it is. */
export async function* checkEverything({ treasury }: Actors): AsyncGenerator<Checked> {
  let from: bigint | undefined = 0n;
  let escrows = 0n;
  const troubles: string[] = [];
  while (from !== undefined) {
    const part: Treasury.InvariantReport = okOf(
      await treasury.check_invariants(from, CHECKED_AT_ONCE),
    );
    escrows += part.checked;
    troubles.push(...part.troubles);
    [from] = part.next;
    yield { escrows, troubles: [...troubles], isDone: from === undefined };
  }
}

/** Has the treasury ask the ledger what is in an escrow's account now. Needs somebody who is signed in. */
export async function verifyEscrow(
  { treasury }: Actors,
  escrowId: bigint,
): Promise<Treasury.EscrowProof> {
  return okOf(await treasury.verify_escrow(escrowId));
}

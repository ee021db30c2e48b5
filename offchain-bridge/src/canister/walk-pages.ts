import { CanisterRefusal, CanisterUnavailable } from '../ports/canister-errors.ts';

export interface WirePage<Row> {
  readonly rows: readonly Row[];
  readonly next: [] | [bigint];
}

const MAX_PAGES = 4_000;
const MAX_STARTS = 3;

/**
 * All rows of a list. One that changes in a way that a page is lost is read anew from the start. Rows may
 * come twice where the list changed meanwhile.
 *
 * Errors: `CanisterUnavailable` if it does not end, or changes again and again.
 */
export async function allPages<Row>(
  read: (from: [] | [bigint]) => Promise<WirePage<Row>>,
): Promise<readonly Row[]> {
  for (let start = 1; start <= MAX_STARTS; start += 1) {
    const rows = await onePass(read);
    if (rows !== undefined) return rows;
  }
  throw new CanisterUnavailable('A list of the market changed while it was read. Read it again.');
}

/** Undefined if the list changed under it. */
async function onePass<Row>(
  read: (from: [] | [bigint]) => Promise<WirePage<Row>>,
): Promise<readonly Row[] | undefined> {
  const rows: Row[] = [];
  const begun = new Set<bigint>();
  let from: [] | [bigint] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const got: WirePage<Row> | undefined = await readPage(read, from);
    if (got === undefined) return undefined;
    rows.push(...got.rows);
    const next: bigint | undefined = got.next[0];
    if (next === undefined) return rows;
    if (begun.has(next)) break;
    begun.add(next);
    from = [next];
  }
  throw new CanisterUnavailable('A list of the market does not end.');
}

async function readPage<Row>(
  read: (from: [] | [bigint]) => Promise<WirePage<Row>>,
  from: [] | [bigint],
): Promise<WirePage<Row> | undefined> {
  try {
    return await read(from);
  } catch (error) {
    const isLost = error instanceof CanisterRefusal && error.reason === 'InvalidArgument';
    if (isLost && from.length > 0) return undefined;
    throw error;
  }
}

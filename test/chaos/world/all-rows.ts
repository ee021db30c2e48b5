import type { ServiceError } from '../../../dist/canisters/rental/declarations/rental.did.ts';
import { okOf } from '../../../scripts/start/demo/demo-calls.ts';

const LIMIT = 50;

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: [] | [bigint];
}

interface PageOf {
  from: [] | [bigint];
  limit: number;
}

/** Every row of a list that comes in pages. */
export async function allRows<Row>(
  ask: (page: PageOf) => Promise<{ readonly Ok: Page<Row> } | { readonly Err: ServiceError }>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let from: [] | [bigint] = [];
  for (;;) {
    const page: Page<Row> = okOf('list', await ask({ from, limit: LIMIT }));
    rows.push(...page.rows);
    if (page.next.length === 0) return rows;
    from = page.next;
  }
}

/**
 * A ledger understood a call and refused it: nothing moved, unless it is a `Duplicate`. `leaf` is the
 * reason in ICRC-1's and ICRC-2's names; `details` is what came with it.
 */
export class LedgerRefusal extends Error {
  readonly leaf: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(errorType: object) {
    const [[leaf, details] = ['', {}]] = Object.entries(errorType) as [string, unknown][];
    super(`The ledger refused: ${leaf}`);
    this.name = 'LedgerRefusal';
    this.leaf = leaf;
    this.details = isRecord(details) ? details : {};
  }

  /** An amount or a block that came with the refusal. */
  natural(name: string): bigint | undefined {
    const value = this.details[name];
    return typeof value === 'bigint' ? value : undefined;
  }

  /** A text that came with the refusal. */
  text(name: string): string {
    const value = this.details[name];
    return typeof value === 'string' ? value : '';
  }
}

/** What the ledger's client threw, as a refusal if it is one. */
export function ledgerRefusalOf(error: unknown): unknown {
  if (!(error instanceof Error) || !('errorType' in error)) return error;
  const { errorType } = error;
  return isRecord(errorType) ? new LedgerRefusal(errorType) : error;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

import type { AgentAccount, RentalPort } from '../ports/rental.port.ts';
import type { CloudAccountId } from '../core/ids.ts';

/** An account that this bridge works, and whether it can. */
export interface BoardAccount extends AgentAccount {
  /** Why the cloud refuses its credentials; undefined if it takes them, or was not asked. */
  readonly problem: string | undefined;
}

/** The accounts that this bridge works, as they were last read. */
export class AccountBoard {
  readonly #rental: Pick<RentalPort, 'listAgentAccounts'>;
  readonly #problems = new Map<CloudAccountId, string | undefined>();
  #accounts: readonly AgentAccount[] = [];

  constructor(rental: Pick<RentalPort, 'listAgentAccounts'>) {
    this.#rental = rental;
  }

  /** Asks the canister; what it says counts until the next time. */
  async refresh(): Promise<readonly BoardAccount[]> {
    this.#accounts = await this.#rental.listAgentAccounts();
    const known = new Set(this.#accounts.map(({ id }) => id));
    for (const id of this.#problems.keys()) if (!known.has(id)) this.#problems.delete(id);
    return this.all();
  }

  all(): readonly BoardAccount[] {
    return this.#accounts.map((account) => ({
      ...account,
      problem: this.#problems.get(account.id),
    }));
  }

  /** Gives whether that is news; the first word on an account is. */
  note(id: CloudAccountId, problem: string | undefined): boolean {
    const isNews = !this.#problems.has(id) || this.#problems.get(id) !== problem;
    this.#problems.set(id, problem);
    return isNews;
  }
}

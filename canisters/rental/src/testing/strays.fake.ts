import type { RentalId } from '@decent-cloud/domain/ids.ts';
import { after, durationNs } from '@decent-cloud/domain/time.ts';
import type { CloudAccountId } from '../core/ids.ts';
import type { Verdict } from '../core/strays/stray-rules.ts';
import type { Stray } from '../core/strays/stray.ts';
import { listStrays } from '../flows/strays/list-strays.ts';
import { reportStrayDeleted, reportStrays } from '../flows/strays/report-strays.flow.ts';
import { tickStrays } from '../flows/strays/strays-tasks.ts';
import { asPerson, givenSettings } from './accounts.fake.ts';
import { fakeCanister, type FakeCanister } from './fake-canister.fake.ts';
import { givenOffering, type GivenOffering } from './market.fake.ts';
import { accepted } from './recipes.fake.ts';

/** A seller's cloud account with an offer, and its agent `bridge` that sweeps. */
export class StrayWorld {
  c: FakeCanister = fakeCanister();
  readonly offer: GivenOffering;

  constructor() {
    givenSettings(this.c);
    this.offer = givenOffering(this.c);
  }

  get account(): CloudAccountId {
    return this.offer.account.id;
  }

  /** What the canister says to one server. */
  report(externalId: string, rentalId?: RentalId): Verdict | undefined {
    return this.reportAll([externalId], rentalId)[0];
  }

  reportAll(externalIds: readonly string[], rentalId?: RentalId): readonly Verdict[] {
    const strays = externalIds.map((externalId) => {
      const name = `dc-test-${externalId}`;
      return { externalId, name, rentalId };
    });
    const report = { cloudAccountId: this.account, strays };
    const verdicts = asPerson(this.c, 'bridge', () => accepted(reportStrays(this.c, report)));
    return verdicts.map(({ verdict }) => verdict);
  }

  deleted(externalId: string): ReturnType<typeof reportStrayDeleted> {
    const server = { cloudAccountId: this.account, externalId };
    return asPerson(this.c, 'bridge', () => reportStrayDeleted(this.c, server));
  }

  /** All that the seller sees, page by page. */
  listed(limit = 50): readonly Stray[] {
    const rows: Stray[] = [];
    let from: Stray['id'] | undefined;
    do {
      const asked = { cloudAccountId: this.account, page: { from, limit } };
      const page = asPerson(this.c, 'bridge', () => accepted(listStrays(this.c, asked)));
      rows.push(...page.rows);
      from = page.next;
    } while (from !== undefined);
    return rows;
  }

  /** The clock of the canister goes on, and does what it does by itself. */
  passMinutes(minutes: number): void {
    this.c.runtime.now = after(this.c.runtime.now, durationNs({ minutes }));
    tickStrays(this.c);
  }
}

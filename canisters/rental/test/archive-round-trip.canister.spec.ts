import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { present } from '@decent-cloud/domain/assert.ts';
import { RECORD_COLUMNS } from '@decent-cloud/domain/rental-record/record-export.ts';
import { parseCsv } from '@decent-cloud/domain/testing/parse-csv.fake.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import { ArchiveWorld, type ClosedRental } from './support/archive-world.ts';
import { allParts, hotParts, rowsOf } from './support/archive-files.ts';
import { okOf } from './support/ok-of.ts';

/** A minute of one core, most of it SHA-256 in two canisters; `ARCHIVED_RENTALS=10000` takes three. */
const RENTALS = Number(process.env['ARCHIVED_RENTALS'] ?? '3000');
/** One in so many was really used; the others were cancelled before anybody made them. */
const LIVED_EVERY = 20;
const BATCH = 20;
const STRANGER = userPrincipal('stranger');
/** Of a removal; handing a batch over and looking for work take more, and less. */
const HALF_A_REMOVAL = 3_000_000n;
const SOON_AFTER_THE_AWAIT = 300_000n;
const REMOVAL = 'canister_update <ic-cdk internal> timer_executor';
const AFTER_THE_AWAIT = 'reply callback of <ic-cdk internal> timer_executor';
/** What is left of rentals in the market: a number that is taken, and news that people keep. */
const HOT_ROWS = [
  ...['rentals', 'terms', 'rental_configs', 'rental_secrets', 'rental_links', 'rentals_due'],
  'rentals_begun',
  ...['facts', 'facts_due', 'jobs', 'job_links', 'jobs_due', 'timelines', 'logs'],
  ...['connections', 'credentials', 'health', 'health_days', 'health_flips'],
  ...['archive_due', 'archive_problems', 'archive_problem_links'],
];

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const refused = (leaf: object) => ({ Err: { kind: { RequestError: [leaf] } } });

let w: ArchiveWorld;
let someone: ClosedRental;
let renterFiles: { readonly csv: string; readonly json: readonly unknown[] };

beforeAll(async () => {
  const lived = Math.floor(RENTALS / LIVED_EVERY);
  w = await ArchiveWorld.filled({ lived, short: RENTALS - lived });
  someone = present(w.rentals[RENTALS - 1], 'a rental');
}, 300_000);

describe('closed rentals in the market', () => {
  it('are all there, with the hashes that the market computes', () => {
    expect(w.waiting()).toBe(RENTALS);
    for (const { id, renter, text, sha256 } of [someone, present(w.rentals[0], 'the first')]) {
      expect(okOf(w.as(renter).export_rental(BigInt(id)))).toEqual({ content: text, sha256 });
    }
  });

  it('can be exported by their renter', () => {
    const own = w.rentals.filter(({ renter }) => renter.compareTo(someone.renter) === 'eq');
    const csv = hotParts(w, someone.renter, { Csv: null });
    const json = hotParts(w, someone.renter, { Json: null });
    renterFiles = { csv: csv.join(''), json: rowsOf(json) };
    expect(parseCsv(renterFiles.csv)).toHaveLength(own.length + 1);
    expect(renterFiles.json).toHaveLength(own.length);
  });
});

describe('moving to the archive', () => {
  it('takes a batch at a time', () => {
    w.setWriter(true);
    w.tick();
    const moved = RENTALS - w.waiting();
    expect(moved).toBeGreaterThan(0);
    expect(moved % BATCH).toBe(0);
    w.tick();
    expect(RENTALS - w.waiting()).toBe(moved + BATCH);
  });

  it('waits while the archive refuses', () => {
    const before = w.waiting();
    w.setWriter(false);
    w.tick(3);
    expect(w.waiting()).toBe(before);
    w.setWriter(true);
    w.tick();
    expect(w.waiting()).toBe(before - BATCH);
  });

  it('waits while the archive is silent', () => {
    const before = w.waiting();
    w.world.complete(w.world.stop(w.archiveId));
    w.tick(3);
    expect(w.waiting()).toBe(before);
    w.world.start(w.archiveId);
    w.tick();
    expect(w.waiting()).toBe(before - BATCH);
  });

  it('hands a batch over again when it was cut short after the answer', () => {
    const before = w.waiting();
    const left = w.cutNext({ entry: AFTER_THE_AWAIT, after: SOON_AFTER_THE_AWAIT, times: 1 });
    w.tick();
    expect(left()).toBe(0);
    expect(w.waiting()).toBe(before);
    w.tick();
    expect(w.waiting()).toBe(before - BATCH);
  });

  it('removes a rental later when that was cut short', () => {
    const before = w.waiting();
    const cut = { entry: REMOVAL, after: HALF_A_REMOVAL, times: BATCH / 2 };
    const left = w.cutNext({ ...cut, behind: AFTER_THE_AWAIT });
    w.tick();
    expect(left()).toBe(0);
    const after = w.waiting();
    expect(after).toBeGreaterThan(before - BATCH);
    w.tick();
    expect(w.waiting()).toBe(after - BATCH);
  });

  it('goes on when both canisters are upgraded in the middle', () => {
    const before = w.waiting();
    w.upgrade('rental');
    w.tick();
    w.upgrade('archive');
    w.tick();
    w.upgrade('rental');
    w.upgrade('archive');
    w.tick();
    expect(w.waiting()).toBeLessThan(before);
    expect((before - w.waiting()) % BATCH).toBe(0);
  });

  it('moves all of them', () => {
    w.moveAll();
    expect(w.waiting()).toBe(0);
  }, 1_200_000);
});

describe('the archive', () => {
  it('has every rental once, with the hash that the market computed', () => {
    const sellers = new Map(w.rentals.map(({ seller }) => [seller.toText(), seller]));
    const archived = [...sellers.values()].flatMap((seller) =>
      allParts((from) => {
        const { rows, next } = okOf(w.archive(seller).list_my_rentals(page(from)));
        return { part: rows, next };
      }).flat(),
    );
    const found = new Map(archived.map(({ value }) => [Number(value.id), value.sha256]));
    expect(archived).toHaveLength(RENTALS);
    expect(found).toEqual(new Map(w.rentals.map(({ id, sha256 }) => [id, sha256])));
  }, 120_000);

  it('gives the record to both parties, byte for byte', () => {
    for (const { id, renter, seller, text, sha256 } of everyNth(97)) {
      for (const party of [renter, seller]) {
        const rental = okOf(w.archive(party).get_rental(BigInt(id)));
        expect(rental).toMatchObject({ id: BigInt(id), body: text, sha256 });
      }
    }
  });

  it('gives it to nobody else', () => {
    const other = present(
      w.rentals.find(({ renter }) => renter.compareTo(someone.renter) !== 'eq'),
      'another renter',
    );
    const id = BigInt(someone.id);
    for (const who of [other.renter, STRANGER]) {
      expect(w.archive(who).get_rental(id)).toMatchObject(refused({ NotAllowed: null }));
    }
    const anonymous = w.archive(Principal.anonymous()).get_rental(id);
    expect(anonymous).toMatchObject(refused({ NotAuthenticated: null }));
    expect(okOf(w.archive(STRANGER).list_my_rentals(page())).rows).toEqual([]);
  });

  it('exports what the market did', () => {
    const file = (format: { Csv: null } | { Json: null }) =>
      allParts((from) => {
        const part = okOf(w.archive(someone.renter).export_my_rentals(format, page(from)));
        expect(part.sha256).toBe(hashOf(part.content));
        return { part: part.content, next: part.next };
      });
    const [header, ...rows] = parseCsv(file({ Csv: null }).join(''));
    expect(header).toEqual(RECORD_COLUMNS);
    expect(sorted(rows)).toEqual(sorted(parseCsv(renterFiles.csv).slice(1)));
    expect(sorted(rowsOf(file({ Json: null })))).toEqual(sorted(renterFiles.json));
  });

  it('tells neither party with what the other signs in', () => {
    for (const { text, renter, seller } of w.rentals) {
      const told = [renter.toText(), seller.toText(), '203.0.113.7', '2001:db8', 'ssh-ed25519'];
      expect(told.filter((secret) => text.includes(secret))).toEqual([]);
    }
  });
});

describe('the market afterwards', () => {
  it('says where a rental is, and of what never was that it is not', () => {
    for (const { id, renter } of everyNth(501)) {
      expect(w.as(renter).get_rental(BigInt(id))).toMatchObject(
        refused({ Archived: { archive: w.archiveId } }),
      );
    }
    const never = w.as(someone.renter).get_rental(BigInt(RENTALS));
    expect(never).toMatchObject(refused({ NotFound: null }));
  });

  it('lists and exports none of them', () => {
    const list = { from: [] as [], limit: 20 };
    expect(okOf(w.as(someone.renter).my_rentals(list))).toMatchObject({ rows: [], next: [] });
    expect(okOf(w.as(someone.seller).provider_rentals(list))).toMatchObject({ rows: [], next: [] });
    expect(rowsOf(hotParts(w, someone.renter, { Json: null }))).toEqual([]);
  });

  it('has no row of them', () => {
    const counts = w.rowCounts();
    expect(HOT_ROWS.filter((name) => counts.get(name) !== 0)).toEqual([]);
    expect(counts.get('archived_rentals')).toBe(Math.ceil(RENTALS / 4_096));
  });
});

function page(from?: bigint) {
  const start: [] | [bigint] = from === undefined ? [] : [from];
  return { from: start, limit: 50, newest_first: false };
}

function everyNth(step: number): readonly ClosedRental[] {
  return w.rentals.filter((_rental, index) => index % step === 0);
}

function sorted(rows: readonly unknown[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

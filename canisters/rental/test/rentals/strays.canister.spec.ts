import { describe, expect, it } from 'vitest';
import type {
  SeenServer,
  Stray,
  StrayVerdict,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageSealed } from '../../src/testing/accounts.fake.ts';
import { BRIDGE, RENTER, SELLER, versionInput } from '../support/market.ts';
import { expectMoneyRight } from '../support/money.ts';
import { okOf } from '../support/ok-of.ts';
import { refusalOf } from '../support/refusal.ts';
import { active, CARD, paid, rentalOf, stateOf, Worker } from '../support/rent.ts';
import { HOUR_NS, MINUTE_NS, rentalWorld, SECOND_NS } from '../support/rental-world.ts';
import { DAY_NS, OPERATOR_ID, STRANGER, type RentalWorld } from '../support/rental-world.ts';

const ROWS = { from: [] as [], limit: 50 };

function server(externalId: string, rentalId?: bigint): SeenServer {
  const rental_id: [] | [bigint] = rentalId === undefined ? [] : [rentalId];
  return { external_id: externalId, name: `dc-test-${externalId}`, rental_id };
}

/** What the canister says to each server that the bridge found. */
function sweep(r: RentalWorld, ...strays: SeenServer[]): string[] {
  const report = { cloud_account_id: r.market.cloudAccountId, strays };
  const verdicts = okOf(r.as(BRIDGE).report_strays(report));
  expect(verdicts.map(({ external_id }) => external_id)).toEqual(
    strays.map(({ external_id }) => external_id),
  );
  return verdicts.map(({ verdict }: StrayVerdict) => Object.keys(verdict)[0] ?? '');
}

function strays(r: RentalWorld, who = SELLER): readonly Stray[] {
  const { cloudAccountId: cloud_account_id } = r.market;
  return okOf(r.as(who).list_strays({ cloud_account_id, page: ROWS })).rows;
}

function targets(r: RentalWorld) {
  const asked = { ...ROWS, cloud_account_id: r.market.cloudAccountId };
  return okOf(r.as(BRIDGE).health_targets(asked)).rows;
}

/** The renter cancels, the cloud confirms that nothing is there, the money goes back. */
function closed(r: RentalWorld, rentalId: bigint): void {
  okOf(r.as(RENTER).cancel_rental(rentalId));
  // The lease of the worker that makes the machine has to be over first.
  r.world.advance(MINUTE_NS);
  Worker.claimFor(r, 'Terminate', rentalId).gone();
  r.world.elapse(MINUTE_NS);
  expect(stateOf(r, rentalId)).toBe('Closed');
  expectMoneyRight(r);
}

describe('a server that no rental has', () => {
  it('was ordered by a worker whose lease was over: it is deleted and reported', () => {
    const r = rentalWorld();
    const { rentalId } = paid(r);
    const slow = Worker.claimFor(r, 'Provision', rentalId);
    slow.tell({ Intent: { choice_index: 0, name: 'dc-test-0' } });
    expect(sweep(r, server('late', rentalId))).toEqual(['Keep']);
    closed(r, rentalId);
    expect(() => {
      slow.tell({ Server: { external_id: 'late' } });
    }).toThrow('The lease on job 0 is over');
    expect(strays(r)).toEqual([]);

    const firstSeen = r.world.timeNs;
    expect(sweep(r, server('late', rentalId))).toEqual(['Wait']);
    r.world.advance(30n * MINUTE_NS);
    r.upgradeRental();
    r.world.advance(30n * MINUTE_NS - 10n * SECOND_NS);
    expect(sweep(r, server('late', rentalId))).toEqual(['Wait']);
    r.world.advance(10n * SECOND_NS);
    expect(sweep(r, server('late', rentalId))).toEqual(['Delete']);

    const gone = { cloud_account_id: r.market.cloudAccountId, external_id: 'late' };
    okOf(r.as(BRIDGE).report_stray_deleted(gone));
    okOf(r.as(BRIDGE).report_stray_deleted(gone));
    for (const who of [SELLER, BRIDGE, OPERATOR_ID]) {
      const [row, ...others] = strays(r, who);
      expect(others).toEqual([]);
      expect(row).toMatchObject({ ...server('late', rentalId), first_seen_at_ns: firstSeen });
      expect(row?.deleted_at_ns[0] ?? 0n).toBeGreaterThanOrEqual(firstSeen + HOUR_NS);
    }
    expect(refusalOf(r.as(STRANGER).report_stray_deleted(gone))).toBe('Request NotAllowed');
    const notices = okOf(r.as(SELLER).my_notifications(ROWS)).rows;
    const told = notices.filter(({ kind: [kind] }) => kind !== undefined && 'StrayDeleted' in kind);
    expect(told.map(({ subject }) => subject)).toEqual(['Deleted, no rental had it: dc-test-late']);
    const page = metricsOf(r);
    expect(page).toMatch(/^dc_rental_strays_seen_total 1$/m);
    expect(page).toMatch(/^dc_rental_strays_deleted_total 1$/m);
  });

  it('is a second one of a machine that runs; the first is kept', () => {
    const r = rentalWorld();
    const { rentalId } = active(r);
    const [own] = rentalOf(r, rentalId).server;
    const [externalId = ''] = own?.external_id ?? [];
    const found = [server(externalId, rentalId), server('second', rentalId), server(externalId)];
    expect(sweep(r, ...found)).toEqual(['Keep', 'Wait', 'Keep']);
    r.world.advance(HOUR_NS);
    expect(sweep(r, ...found)).toEqual(['Keep', 'Delete', 'Keep']);
    expect(strays(r).map(({ external_id }) => external_id)).toEqual(['second']);
  });

  it('is forgotten when it was not seen for a day, by the clock of the canister', () => {
    const r = rentalWorld();
    expect(sweep(r, server('a'))).toEqual(['Wait']);
    r.world.advance(DAY_NS - MINUTE_NS);
    expect(sweep(r, server('a'))).toEqual(['Delete']);
    r.world.advance(20n * MINUTE_NS);
    expect(strays(r)).toHaveLength(1);
    r.world.advance(DAY_NS);
    r.world.advance(20n * MINUTE_NS);
    expect(strays(r)).toEqual([]);
    expect(sweep(r, server('a'))).toEqual(['Wait']);
  });
});

describe('what an agent is to measure', () => {
  it('is every machine that runs, with what its recipe calls healthy', () => {
    const r = rentalWorld();
    expect(targets(r)).toEqual([]);
    const bare = active(r, { offering_id: r.market.bareOfferingId });
    const web = active(r);
    paid(r);
    const [own] = rentalOf(r, web.rentalId).server;
    expect(targets(r)).toEqual([
      {
        rental_id: web.rentalId,
        external_id: own?.external_id,
        card: CARD,
        health: [versionInput('1.0.0').health],
        is_excluded: false,
        started_at_ns: startOf(r, web.rentalId),
      },
      expect.objectContaining({ rental_id: bare.rentalId, card: CARD, health: [] }),
    ]);
    okOf(r.as(RENTER).set_power({ rental_id: web.rentalId, action: { Off: null } }));
    expect(targets(r).map(({ is_excluded }) => is_excluded)).toEqual([true, false]);
    okOf(r.as(RENTER).cancel_rental(web.rentalId));
    expect(targets(r).map(({ rental_id }) => rental_id)).toEqual([bare.rentalId]);
  });

  it('is looked at with the credentials of the account, as they were sealed', () => {
    const r = rentalWorld();
    const { cloudAccountId } = r.market;
    expect(okOf(r.as(BRIDGE).get_account_credentials(cloudAccountId))).toEqual(ageSealed('token'));
    expect(refusalOf(r.as(SELLER).get_account_credentials(cloudAccountId))).toBe(
      'Request NotAllowed',
    );
  });
});

function metricsOf(r: RentalWorld): string {
  const request = { url: '/metrics', method: 'GET', headers: [], body: new Uint8Array() };
  const { body } = r.as(STRANGER).http_request({ ...request, certificate_version: [] });
  return new TextDecoder().decode(Uint8Array.from(body));
}

function startOf(r: RentalWorld, rentalId: bigint): bigint {
  const { state } = rentalOf(r, rentalId);
  return 'Active' in state ? state.Active.since_ns : 0n;
}

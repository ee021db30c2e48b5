import { describe, expect, it } from 'vitest';
import type {
  JobEvent,
  PowerAction,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import { AUTHOR, BRIDGE, RENTER, SELLER, versionInput } from '../support/market.ts';
import { measure, SLOT_NS, type Span } from '../support/measure.ts';
import { expectMoneyRight } from '../support/money.ts';
import { okOf } from '../support/ok-of.ts';
import { refusalOf } from '../support/refusal.ts';
import { active, noticesOf, rentalOf, stateOf, Worker, type Quoted } from '../support/rent.ts';
import * as network from '../support/rental-world.ts';
import { rentalWorld, type RentalWorld } from '../support/rental-world.ts';
import { expectCloses, expectShared, upgradeTreasury } from '../support/settled.ts';

const { DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS } = network;
const TERM_NS = 2n * HOUR_NS;
const AUTHOR_BPS = 500n;
const SLA_BPS = 1_000n;
const PAGE = { from: [] as [], limit: 100, newest_first: false };
const DONE: JobEvent = { Succeeded: { result: { Done: null } } };
const WHOLE = { usedNs: TERM_NS, termNs: TERM_NS, authorBps: AUTHOR_BPS };

function running(r: RentalWorld): Quoted {
  const quote = active(r, { term_ns: TERM_NS });
  r.world.elapse(30n * SECOND_NS);
  return quote;
}

function setPower(r: RentalWorld, rentalId: bigint, action: PowerAction) {
  return r.as(RENTER).set_power({ rental_id: rentalId, action });
}

function stepsOf(r: RentalWorld, rentalId: bigint): readonly string[] {
  const { rows } = okOf(r.as(RENTER).get_timeline(rentalId, PAGE)).page;
  return rows.map(({ value }) => Object.keys(value.step)[0] ?? '');
}

/** From now until shortly before the end of the term, and then to it. */
function toTheEnd(r: RentalWorld, rentalId: bigint, down?: Span): void {
  const { state } = rentalOf(r, rentalId);
  if (!('Active' in state)) throw new Error('it does not run');
  const { ends_at_ns: endsAt } = state.Active;
  r.world.advance(endsAt - r.world.timeNs - MINUTE_NS);
  measure(r, rentalId, down);
  r.upgradeRental();
  r.world.advance(MINUTE_NS);
  r.world.elapse(20n * SECOND_NS);
}

describe('working on a machine', () => {
  it('switches it off and on; the paid time goes on, and nobody is blamed for it', () => {
    const r = rentalWorld();
    const { rentalId, escrowId } = running(r);
    expect(refusalOf(setPower(r, rentalId, { On: null }))).toBe('Request WrongState');
    const strange = { rental_id: rentalId, action: { Off: null } };
    expect(refusalOf(r.as(SELLER).set_power(strange))).toBe('Request NotFound');
    const offAt = r.world.timeNs;
    okOf(setPower(r, rentalId, { Off: null }));
    expect(refusalOf(setPower(r, rentalId, { Reboot: null }))).toBe('Request WrongState');
    r.upgradeRental();
    Worker.claim(r, 'Power').tell(DONE);
    expect(rentalOf(r, rentalId).state).toMatchObject({ Active: { power: { Off: null } } });
    expect(refusalOf(setPower(r, rentalId, { Reboot: null }))).toBe('Request WrongState');
    r.world.advance(HOUR_NS);
    okOf(setPower(r, rentalId, { On: null }));
    Worker.claim(r, 'Power').tell(DONE);
    const onAt = r.world.timeNs;
    expect(stepsOf(r, rentalId).filter((step) => step === 'Power')).toHaveLength(2);
    toTheEnd(r, rentalId, { from: offAt, to: onAt });
    expectCloses(r, rentalId, 'TermEnded');
    expectShared(r.escrow(escrowId), WHOLE);
  });

  it('replaces the keys that may sign in', () => {
    const r = rentalWorld();
    const { rentalId } = running(r);
    okOf(r.as(RENTER).rotate_ssh_keys({ rental_id: rentalId, ssh_keys: [sshLine(3)] }));
    const worker = Worker.claim(r, 'RotateSshKeys');
    r.upgradeRental();
    const { rental } = okOf(r.as(BRIDGE).get_job(worker.lease));
    expect(rental[0]).toMatchObject({ ssh_keys: [sshLine(3)], sealed_secrets: [] });
    worker.tell(DONE);
    expect(stepsOf(r, rentalId)).toContain('KeysRotated');
    expect(okOf(r.as(RENTER).get_rental(rentalId)).ssh_keys).toEqual([sshLine(3)]);
    expect(rentalOf(r, rentalId).state).toMatchObject({ Active: { operation: [] } });
    expectMoneyRight(r);
  });

  it('that nobody does is given up in time, and the rental goes on', () => {
    const r = rentalWorld();
    const { rentalId } = running(r);
    okOf(setPower(r, rentalId, { Reboot: null }));
    r.upgradeRental();
    r.world.advance(9n * MINUTE_NS);
    r.world.elapse(65n * SECOND_NS);
    expect(rentalOf(r, rentalId).state).toMatchObject({ Active: { operation: [] } });
    expect(stepsOf(r, rentalId)).toContain('OperationFailed');
    expect(noticesOf(r)).toContain('OperationFailed');
    okOf(setPower(r, rentalId, { Reboot: null }));
    const worker = Worker.claim(r, 'Power');
    // Cancelled under the worker's hands: it is told, and the delete waits for it.
    okOf(r.as(RENTER).cancel_rental(rentalId));
    const late = { ...worker.lease, seq: 1, events: [DONE] };
    expect(refusalOf(r.as(BRIDGE).report_step(late))).toBe('Request StaleLease');
    expect(okOf(r.as(BRIDGE).claim_jobs({ worker: 'two', max: 20 }))).toEqual([]);
    measure(r, rentalId);
    expectCloses(r, rentalId, 'RenterCancelled');
  });
});

describe('an upgrade of the recipe', () => {
  function published(r: RentalWorld): void {
    const input = versionInput('1.1.0');
    okOf(r.as(AUTHOR).publish_version({ recipe_id: r.market.recipeId, input }));
  }

  function upgrade(r: RentalWorld, rentalId: bigint, to = 1) {
    const inputs = { values: [], secret_names: [] };
    return r.as(RENTER).upgrade_recipe({ rental_id: rentalId, to, inputs, sealed_secrets: [] });
  }

  it('that is not healthy is rolled back, and done when it is', () => {
    const r = rentalWorld();
    const { rentalId, escrowId } = running(r);
    expect(refusalOf(upgrade(r, rentalId))).toBe('Request NotFound');
    published(r);
    expect(refusalOf(upgrade(r, rentalId, 0))).toBe('Request InvalidArgument');
    const { recipeId: recipe_id } = r.market;
    const preview = okOf(r.as(RENTER).preview_upgrade({ recipe_id, from: 0, to: 1 }));
    expect(preview).toMatchObject({ from_semver: '1.0.0', to_semver: '1.1.0' });
    okOf(upgrade(r, rentalId));
    const failing = Worker.claim(r, 'UpgradeRecipe');
    const [work] = okOf(r.as(BRIDGE).get_job(failing.lease)).rental;
    expect(work?.recipe[0]).toMatchObject({ version: { semver: '1.1.0' } });
    expect(work?.previous[0]).toMatchObject({ version: { semver: '1.0.0' } });
    r.upgradeRental();
    const result = { RolledBack: { reason: 'The page did not say hello.' } };
    failing.tell({ Succeeded: { result } });
    expect(rentalOf(r, rentalId)).toMatchObject({
      deployment: [{ semver: '1.0.0', number: 0 }],
      state: { Active: { operation: [] } },
    });
    expect(stepsOf(r, rentalId)).toContain('UpgradeRolledBack');
    expect(noticesOf(r)).toContain('RecipeRolledBack');

    okOf(r.as(RENTER).skip_version({ rental_id: rentalId, number: 1 }));
    expect(rentalOf(r, rentalId).skipped_version).toEqual([1]);
    okOf(upgrade(r, rentalId));
    Worker.claim(r, 'UpgradeRecipe').tell({ Succeeded: { result: { Upgraded: null } } });
    expect(rentalOf(r, rentalId)).toMatchObject({
      deployment: [{ semver: '1.1.0', number: 1 }],
      skipped_version: [],
    });
    const { terms } = okOf(r.as(RENTER).get_rental(rentalId));
    expect(terms.recipe).toMatchObject([{ semver: '1.0.0' }]);
    expect(refusalOf(upgrade(r, rentalId))).toBe('Request InvalidArgument');
    toTheEnd(r, rentalId);
    expectCloses(r, rentalId, 'TermEnded');
    expectShared(r.escrow(escrowId), WHOLE);
  });

  it('that a worker leaves undone keeps what ran, and one that was yanked is refused', () => {
    const r = rentalWorld();
    const { rentalId } = running(r);
    published(r);
    okOf(upgrade(r, rentalId));
    Worker.claim(r, 'UpgradeRecipe');
    r.world.advance(29n * MINUTE_NS);
    r.upgradeRental();
    r.world.elapse(2n * MINUTE_NS);
    expect(rentalOf(r, rentalId)).toMatchObject({
      deployment: [{ semver: '1.0.0' }],
      state: { Active: { operation: [] } },
    });
    const yank = { recipe_id: r.market.recipeId, number: 1, reason: 'It loses data.' };
    okOf(r.as(AUTHOR).yank_version(yank));
    expect(refusalOf(upgrade(r, rentalId))).toBe('Request RecipeUnavailable');
    expectMoneyRight(r);
  });
});

describe('a machine that is measured', () => {
  it('does not earn while it was down, and gives the credit that was promised', () => {
    const r = rentalWorld();
    const { rentalId, escrowId } = running(r);
    const from = (r.world.timeNs / SLOT_NS + 3n) * SLOT_NS;
    const down = { from, to: from + 6n * SLOT_NS };
    r.world.advance(HOUR_NS);
    const codes = measure(r, rentalId, down);
    expect(codes).toContain(0);
    r.upgradeRental();
    upgradeTreasury(r);
    // Said again it changes nothing.
    expect(measure(r, rentalId, down)).not.toContain(0);
    toTheEnd(r, rentalId, down);
    const { books, outage_ns } = r.escrow(escrowId);
    expect(outage_ns).toBe(down.to - down.from);
    const used = TERM_NS - 6n * SLOT_NS;
    expect(books.payer.credited).toBeGreaterThan(0n);
    expectCloses(r, rentalId, 'TermEnded');
    const share = { ...WHOLE, usedNs: used, givenBackBps: SLA_BPS };
    expectShared(r.escrow(escrowId), share);
    const { period } = okOf(r.as(RENTER).get_uptime(rentalId));
    expect(period.counts).toMatchObject({ down: 6 });
  });

  it('whose uptime nobody knows is not settled by itself before a dispute could be over', () => {
    const r = rentalWorld();
    const { rentalId, escrowId } = running(r);
    r.world.advance(TERM_NS);
    r.world.elapse(20n * SECOND_NS);
    expect(stateOf(r, rentalId)).toBe('Ending');
    expect(r.escrow(escrowId).unproven_ppm).toEqual([1_000_000]);
    expect(noticesOf(r)).toContain('SlaUnproven');
    r.upgradeRental();
    upgradeTreasury(r);
    r.world.elapse(10n * SECOND_NS);
    Worker.claim(r, 'Terminate').gone();
    r.world.advance(13n * DAY_NS);
    r.world.elapse(20n * SECOND_NS);
    expect(r.escrow(escrowId)).toMatchObject({
      phase: { Ended: { is_final: false } },
      books: { provider: { credited: 0n } },
    });
    r.world.advance(DAY_NS);
    r.world.advance(6n * HOUR_NS);
    r.world.elapse(MINUTE_NS);
    expect(stateOf(r, rentalId)).toBe('Closed');
    expectShared(r.escrow(escrowId), WHOLE);
    expectMoneyRight(r);
  });
});

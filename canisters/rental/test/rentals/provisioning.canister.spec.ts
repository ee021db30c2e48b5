import { describe, expect, it } from 'vitest';
import type { JobEvent } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { BRIDGE, RENTER, SELLER } from '../support/market.ts';
import { expectMoneyRight, onlyEscrow } from '../support/money.ts';
import { okOf } from '../support/ok-of.ts';
import { refusalOf } from '../support/refusal.ts';
import { CARD, paid, rentalOf, stateOf, Worker, type Quoted } from '../support/rent.ts';
import * as network from '../support/rental-world.ts';
import { rentalWorld, type RentalWorld } from '../support/rental-world.ts';

const { FEE_E8S, HOUR_NS, MINUTE_NS, OPERATOR_ID, SECOND_NS } = network;
const PAGE = { from: [] as [], limit: 50, newest_first: false };
const TERM = { term_ns: 2n * HOUR_NS };
type ErrorClass = Extract<JobEvent, { Problem: unknown }>['Problem']['class'];

function problem(errorClass: ErrorClass): JobEvent {
  return { Problem: { class: errorClass, message: 'the cloud said so', retry_after_ms: 0 } };
}

function bare(r: RentalWorld): Quoted {
  return paid(r, { ...TERM, offering_id: r.market.bareOfferingId });
}

function claimed(r: RentalWorld): readonly Worker[] {
  const jobs = okOf(r.as(BRIDGE).claim_jobs({ worker: 'two', max: 20 }));
  return jobs.map((job) => new Worker(r, job));
}

function jobsOf(r: RentalWorld): readonly string[] {
  return claimed(r).map(({ job: { job } }) => Object.keys(job)[0] ?? '');
}

/** The renter got everything back but the fees of approval, deposit and refund. */
function expectRefunded(r: RentalWorld, { rentalId, amount }: Quoted, cause: object): void {
  r.world.elapse(2n * MINUTE_NS);
  expect(rentalOf(r, rentalId).state).toMatchObject({ Closed: { ending: { cause } } });
  const { books, held, phase } = onlyEscrow(r);
  expect(phase).toHaveProperty('Closed');
  expect(held).toBe(0n);
  expect(books.payer).toMatchObject({ credited: amount, paid: amount - FEE_E8S, fees: FEE_E8S });
  expectMoneyRight(r);
}

function reasonOf(r: RentalWorld, rentalId: bigint): string {
  const { state } = rentalOf(r, rentalId);
  if ('Ending' in state) return state.Ending.ending.reason;
  if ('Closed' in state) return state.Closed.ending.reason;
  throw new Error('the rental goes on');
}

/** A worker's next report, as it is answered. */
function tellRaw(r: RentalWorld, worker: Worker, event: JobEvent) {
  return r.as(BRIDGE).report_step({ ...worker.lease, seq: worker.nextSeq, events: [event] });
}

describe('provisioning', () => {
  it('falls back to the next machine that was agreed, at once', () => {
    const r = rentalWorld();
    const { rentalId } = bare(r);
    const first = Worker.claim(r, 'Provision');
    first.tell({ Intent: { choice_index: 0, name: 'dc-1' } });
    first.tell(problem({ Capacity: null }));
    r.upgradeRental();
    const second = Worker.claim(r, 'Provision');
    expect(second.job).toMatchObject({ epoch: 2, attempts: 2 });
    const work = okOf(r.as(BRIDGE).get_job(second.lease));
    expect(work.rental[0]).toMatchObject({ choice_index: 1, server: [{ name: 'dc-1' }] });
    expect(refusalOf(tellRaw(r, second, { Intent: { choice_index: 0, name: 'dc-1' } }))).toBe(
      'Request InvalidArgument',
    );
    second.tell({ Intent: { choice_index: 1, name: 'dc-1' } });
    second.tell({ Server: { external_id: 'srv-1' } }, { Connection: { card: CARD } });
    second.tell({ Succeeded: { result: { Ready: null } } });
    const rental = rentalOf(r, rentalId);
    expect(rental).toMatchObject({ choice_index: 1, state: { Active: {} } });
    const steps = okOf(r.as(RENTER).get_timeline(rentalId, PAGE)).page.rows;
    const notes = steps.map(({ value }) => value.note).join('\n');
    expect(notes).toContain('Hetzner has no cx23 in fsn1 now. The next machine of the offer');
    r.world.elapse(MINUTE_NS);
    expect(onlyEscrow(r).phase).toHaveProperty('Running');
    expectMoneyRight(r);
  });

  it('tries all machines again after a minute, and says at the end what was missing', () => {
    const r = rentalWorld();
    const quote = bare(r);
    for (let tries = 0; stateOf(r, quote.rentalId) === 'Provisioning'; tries += 1) {
      expect(tries).toBeLessThan(40);
      if (tries === 3) r.upgradeRental();
      // Both of its machines are out of stock, each time.
      for (const place of ['fsn1', 'nbg1']) {
        const job = claimed(r)[0];
        if (job === undefined) break;
        const work = okOf(r.as(BRIDGE).get_job(job.lease)).rental[0];
        expect(work?.choices[work.choice_index]?.location).toBe(place);
        job.tell(problem({ Capacity: null }));
      }
      r.world.elapse(MINUTE_NS);
    }
    expect(reasonOf(r, quote.rentalId)).toMatch(
      /^Hetzner had no cx23 in fsn1 or any other machine/,
    );
    expectRefunded(r, quote, { NotProvisioned: null });
  });

  it('ends at once if the cloud refuses the credentials, and marks the account', () => {
    const r = rentalWorld();
    const quote = bare(r);
    Worker.claim(r, 'Provision').tell(problem({ Auth: null }));
    expect(stateOf(r, quote.rentalId)).toBe('Ending');
    expect(reasonOf(r, quote.rentalId)).toContain('refuses the credentials');
    const account = okOf(r.as(SELLER).get_cloud_account(r.market.cloudAccountId));
    expect(account.validity).toHaveProperty('Invalid');
    r.upgradeRental();
    expect(jobsOf(r)).toEqual([]);
    expectRefunded(r, quote, { NotProvisioned: null });
  });

  it('ends if it can never work, after what was begun is deleted', () => {
    const r = rentalWorld();
    const quote = paid(r, TERM);
    const worker = Worker.claim(r, 'Provision');
    worker.tell({ Intent: { choice_index: 0, name: 'dc-1' } });
    worker.tell({ Server: { external_id: 'srv-1' } });
    worker.tell(problem({ Config: null }));
    expect(reasonOf(r, quote.rentalId)).toContain('It could not be set up');
    r.upgradeRental();
    r.world.elapse(MINUTE_NS);
    expect(onlyEscrow(r).books.payer.paid).toBe(quote.amount - FEE_E8S);
    expect(stateOf(r, quote.rentalId)).toBe('Ending');
    const deleting = Worker.claim(r, 'Terminate');
    // A delete is never given up.
    deleting.tell(problem({ Config: null }));
    expect(jobsOf(r)).toEqual([]);
    r.world.advance(5n * MINUTE_NS + SECOND_NS);
    Worker.claim(r, 'Terminate').gone();
    expectRefunded(r, quote, { NotProvisioned: null });
  });

  it('ends at its deadline if nobody does it', () => {
    const r = rentalWorld();
    const quote = bare(r);
    const { state } = rentalOf(r, quote.rentalId);
    if (!('Provisioning' in state)) throw new Error('it is not being made');
    r.upgradeRental();
    r.world.advance(state.Provisioning.deadline_at_ns - r.world.timeNs - 20n * SECOND_NS);
    expect(stateOf(r, quote.rentalId)).toBe('Provisioning');
    r.world.elapse(20n * SECOND_NS);
    expect(reasonOf(r, quote.rentalId)).toContain("Nobody at the seller's side took the work");
    expectRefunded(r, quote, { NotProvisioned: null });
    expect(jobsOf(r)).toEqual([]);
  });

  it('ends at its deadline under the hands of a worker, which is told so', () => {
    const r = rentalWorld();
    const quote = bare(r);
    const worker = Worker.claim(r, 'Provision');
    worker.tell({ Intent: { choice_index: 0, name: 'dc-1' } });
    for (let renewals = 0; renewals < 68; renewals += 1) {
      r.world.advance(24n * SECOND_NS);
      const renewed = okOf(r.as(BRIDGE).renew_leases([worker.lease]));
      expect(renewed).toMatchObject([{ lease_until_ns: [expect.any(BigInt)] }]);
    }
    r.world.advance(2n * MINUTE_NS);
    r.world.elapse(20n * SECOND_NS);
    expect(refusalOf(tellRaw(r, worker, { Succeeded: { result: { Ready: null } } }))).toBe(
      'Request StaleLease',
    );
    expect(reasonOf(r, quote.rentalId)).toMatch(/not finished within|not ready in the time/);
    r.world.elapse(MINUTE_NS);
    Worker.claim(r, 'Terminate').gone();
    expectRefunded(r, quote, { NotProvisioned: null });
  });

  it('stops when the renter cancels: the worker is told, and the delete waits for it', () => {
    const r = rentalWorld();
    const quote = bare(r);
    const worker = Worker.claim(r, 'Provision');
    worker.tell({ Intent: { choice_index: 0, name: 'dc-1' } });
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    const stale = tellRaw(r, worker, { Server: { external_id: 'srv-1' } });
    expect(refusalOf(stale)).toBe('Request StaleLease');
    expect(refusalOf(r.as(BRIDGE).get_job(worker.lease))).toBe('Request StaleLease');
    expect(okOf(r.as(BRIDGE).renew_leases([worker.lease]))).toMatchObject([{ lease_until_ns: [] }]);
    expect(jobsOf(r)).toEqual([]);
    r.upgradeRental();
    r.world.elapse(20n * SECOND_NS);
    expect(jobsOf(r)).toEqual([]);
    r.world.elapse(10n * SECOND_NS);
    const deleting = Worker.claim(r, 'Terminate');
    const work = okOf(r.as(BRIDGE).get_job(deleting.lease));
    expect(work.rental[0]).toMatchObject({ server: [{ name: 'dc-1' }], sealed_secrets: [] });
    deleting.gone();
    expectRefunded(r, quote, { RenterCancelled: null });
  });

  it('needs no delete if it is cancelled before anybody took the work', () => {
    const r = rentalWorld();
    const quote = bare(r);
    okOf(r.as(RENTER).cancel_rental(quote.rentalId));
    expect(rentalOf(r, quote.rentalId).state).toMatchObject({
      Ending: { machine_gone_at_ns: [{}] },
    });
    expect(jobsOf(r)).toEqual([]);
    expectRefunded(r, quote, { RenterCancelled: null });
  });

  it('that the seller or the operator stops gives everything back and fines nobody', () => {
    for (const who of [SELLER, OPERATOR_ID]) {
      const r = rentalWorld();
      const quote = bare(r);
      if (who === SELLER) okOf(r.as(who).provider_cancel_rental(quote.rentalId));
      else okOf(r.as(who).operator_cancel_rental(quote.rentalId));
      const cause = who === SELLER ? { ProviderCancelled: null } : { ProviderFailed: null };
      expectRefunded(r, quote, cause);
    }
  });

  it('goes on with another worker when one falls silent, which then is refused', () => {
    const r = rentalWorld();
    const { rentalId } = bare(r);
    const silent = Worker.claim(r, 'Provision');
    silent.tell({ Intent: { choice_index: 0, name: 'dc-1' } });
    expect(jobsOf(r)).toEqual([]);
    r.upgradeRental();
    r.world.advance(30n * SECOND_NS);
    const next = Worker.claim(r, 'Provision');
    expect(next.job).toMatchObject({ job_id: silent.job.job_id, epoch: 2 });
    expect(refusalOf(tellRaw(r, silent, { Server: { external_id: 'srv-0' } }))).toBe(
      'Request StaleLease',
    );
    next.provision();
    expect(rentalOf(r, rentalId)).toMatchObject({
      state: { Active: {} },
      server: [{ external_id: [`srv-${next.job.job_id.toString()}`] }],
    });
    r.world.elapse(MINUTE_NS);
    expectMoneyRight(r);
  });
});

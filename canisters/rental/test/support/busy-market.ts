import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import { accountOf } from '@decent-cloud/localnet/system/ledger/core/account.ts';
import { userPrincipal } from '@decent-cloud/localnet/testing/replica-world.ts';
import type {
  AgentScope,
  ClaimedJob,
  Lease,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageRecipientOf, ageSealed } from '../../src/testing/accounts.fake.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import {
  AUTHOR,
  bareOffering,
  BRIDGE,
  catalogueOf,
  RENTER,
  SELLER,
  versionInput,
} from './market.ts';
import { okOf } from './ok-of.ts';
import { active, paid, quoted, rentInput, Worker } from './rent.ts';
import {
  DAY_NS,
  FUNDS_E8S,
  LEDGER,
  MINUTE_NS,
  OPERATOR_ID,
  rentalWorld,
  SECOND_NS,
  STRANGER,
  type OpenMarket,
  type RentalWorld,
} from './rental-world.ts';

export const ANONYMOUS = Principal.anonymous();
/** Has no account. */
export const NEWCOMER = userPrincipal('newcomer');
/** Was offered to become a login of the renter's. */
export const INVITED = userPrincipal('invited');
/** Sells, writes recipes and rents from itself, beside the others. */
export const RIVAL = userPrincipal('rival');
/** Has an account and nothing under way. */
export const SETTLED = userPrincipal('settled');
/** The rival's agent, with all scopes; no agent of the platform. */
export const RIVAL_BRIDGE = userPrincipal('rival-bridge');
/** Further logins of the rival's account: each may make as many calls as any. */
export const RIVAL_LOGINS = ['a', 'b', 'c', 'd'].map((name) => userPrincipal(`rival-${name}`));
/** The seller's agents: for notifications only, revoked, and with a grant that is over. */
export const IDLE = userPrincipal('idle');
export const REVOKED = userPrincipal('revoked');
export const EXPIRED = userPrincipal('expired');

/** Of the first version of each recipe. */
export const SCRIPT_SHA256 = createHash('sha256')
  .update(versionInput('1.0.0').script)
  .digest('hex');

export const SCOPES: AgentScope[] = [
  { Provision: null },
  { Health: null },
  { Catalogue: null },
  { Notify: null },
];

/** What one seller has under way. */
export interface Trade extends OpenMarket {
  readonly activeId: bigint;
  readonly quotedId: bigint;
  readonly provisioningId: bigint;
  readonly endingId: bigint;
  /** Of the job that makes the machine of `provisioningId`. */
  readonly lease: Lease;
  /** Done; it made the machine of `activeId`. */
  readonly doneJobId: bigint;
  readonly jobIds: readonly bigint[];
}

/**
 * A market in the middle of its work: rentals in all states of two sellers, a lease in hand, agents
 * that may not, an offer that is retired. Nobody called within the last minute but for the leases.
 */
export interface BusyMarket {
  readonly r: RentalWorld;
  readonly honest: Trade;
  readonly rival: Trade;
  readonly retiredId: bigint;
  /** A bare machine. */
  readonly bareId: bigint;
  readonly renterAccount: bigint;
  readonly sellerAccount: bigint;
  /** A key of the renter's. */
  readonly fingerprint: string;
}

export function busyMarket(): BusyMarket {
  const r = rentalWorld();
  const seller = r.as(SELLER);
  okOf(r.as(STRANGER).put_my_profile({ display_name: 'Stranger' }));
  okOf(r.as(SETTLED).put_my_profile({ display_name: 'Settled' }));
  for (const who of [BRIDGE, OPERATOR_ID, IDLE, REVOKED, EXPIRED, RIVAL_BRIDGE]) {
    okOf(r.as(who).put_my_profile({ display_name: 'Other' }));
  }
  const rivalMarket = openRival(r);
  const retiredId = okOf(seller.create_offering(bareOffering(r.market.cloudAccountId))).id;
  okOf(seller.set_offering_status({ offering_id: retiredId, status: { Retired: null } }));
  const bareId = active(r, { offering_id: r.market.bareOfferingId }).rentalId;
  const honest = begun(r);
  const rival = rivalBegun(r, rivalMarket);
  const login = { who: INVITED, kind: { Passkey: null }, label: 'phone' };
  const { account: renterAccount } = okOf(r.as(RENTER).offer_login(login));
  const withKey = okOf(r.as(RENTER).add_ssh_key({ label: 'laptop', line: sshLine(9) }));
  for (const recipe_id of [r.market.recipeId, rival.recipeId]) {
    const who = recipe_id === rival.recipeId ? RIVAL : AUTHOR;
    okOf(r.as(who).publish_version({ recipe_id, input: versionInput('1.1.0') }));
  }
  for (const who of RIVAL_LOGINS) {
    const offered = { who, kind: { Other: null }, label: 'other' };
    okOf(r.as(who).accept_login(okOf(r.as(RIVAL).offer_login(offered)).account));
  }
  const sellerAccount = okOf(seller.get_my_account()).id;
  reportStray(r, BRIDGE, r.market);
  reportStray(r, RIVAL_BRIDGE, rivalMarket);
  grantThoseWhoMayNot(r);
  return {
    ...{ r, retiredId, bareId, renterAccount, sellerAccount },
    fingerprint: withKey.ssh_keys[0]?.fingerprint ?? '',
    honest: { ...honest, ...claimed(r, BRIDGE, honest.provisioningId) },
    rival: { ...rival, ...claimed(r, RIVAL_BRIDGE, rival.provisioningId) },
  };
}

/** A server that no rental has. */
export const STRAY = 'stray-1';

function reportStray(r: RentalWorld, agent: Principal, { cloudAccountId }: OpenMarket): void {
  const strays = [{ external_id: STRAY, name: 'dc-test-9', rental_id: [] as [] }];
  okOf(r.as(agent).report_strays({ cloud_account_id: cloudAccountId, strays }));
}

function grantThoseWhoMayNot(r: RentalWorld): void {
  const seller = r.as(SELLER);
  const now = r.world.timeNs;
  const of = (agent: Principal) => ({ agent, label: 'idle', expires_at_ns: now + DAY_NS });
  okOf(seller.grant_agent({ ...of(IDLE), scopes: [{ Notify: null }] }));
  okOf(seller.grant_agent({ ...of(REVOKED), scopes: SCOPES }));
  okOf(seller.revoke_agent(REVOKED));
  const expires_at_ns = now + 30n * SECOND_NS;
  okOf(seller.grant_agent({ ...of(EXPIRED), expires_at_ns, scopes: SCOPES }));
  r.world.elapse(2n * MINUTE_NS);
}

function openRival(r: RentalWorld): OpenMarket {
  const [rival, agent] = [r.as(RIVAL), r.as(RIVAL_BRIDGE)];
  r.ledger.transfer(ANONYMOUS, { to: accountOf(RIVAL), amount: FUNDS_E8S });
  okOf(
    rival.register_provider({
      name: 'Rival',
      description: '',
      website: '',
      support_contact: 'rival@example.org',
    }),
  );
  okOf(
    rival.grant_agent({
      agent: RIVAL_BRIDGE,
      label: 'mine',
      scopes: SCOPES,
      expires_at_ns: r.world.timeNs + 300n * DAY_NS,
    }),
  );
  okOf(agent.agent_heartbeat({ age_recipient: ageRecipientOf('rival'), version: '1.0.0' }));
  const { id: cloudAccountId } = okOf(
    rival.create_cloud_account({
      backend: { Vultr: null },
      label: 'rival',
      max_concurrent_jobs: 20,
      agent: RIVAL_BRIDGE,
      sealed_credentials: ageSealed('rival token'),
    }),
  );
  okOf(agent.publish_catalogue(catalogueOf(cloudAccountId, r.world.timeNs)));
  const recipe = { name: 'other-web', description: '', icon: '', tags: ['web'], author_bps: 100 };
  const { id: recipeId } = okOf(rival.publish_recipe(recipe));
  okOf(rival.publish_version({ recipe_id: recipeId, input: versionInput('1.0.0') }));
  const bare = bareOffering(cloudAccountId);
  const { id: bareOfferingId } = okOf(rival.create_offering(bare));
  const range = { Compatible: { from: '1.0.0' } };
  const { id: offeringId } = okOf(
    rival.create_offering({ ...bare, recipe: [{ recipe_id: recipeId, range }] }),
  );
  return { cloudAccountId, recipeId, offeringId, bareOfferingId };
}

type Begun = Omit<Trade, 'lease' | 'doneJobId' | 'jobIds'> & { readonly doneJobId: bigint };

function begun(r: RentalWorld): Begun {
  const { rentalId: activeId } = paid(r);
  const worker = Worker.claim(r, 'Provision');
  worker.provision();
  const { rentalId: endingId } = active(r);
  okOf(r.as(RENTER).cancel_rental(endingId));
  return {
    ...r.market,
    ...{ activeId, endingId },
    doneJobId: worker.job.job_id,
    provisioningId: paid(r).rentalId,
    quotedId: quoted(r).rentalId,
  };
}

function rivalBegun(r: RentalWorld, market: OpenMarket): Begun {
  const rival = r.as(RIVAL);
  const rent = (): bigint => {
    const { terms, quote } = okOf(
      rival.quote_rental(rentInput(r, { offering_id: market.offeringId, ledger: LEDGER })),
    );
    const amount = 2n * quote.amount + 10n * quote.ledger_fee;
    r.ledger.approve(RIVAL, { spender: accountOf(r.treasuryId), amount });
    return terms.rental_id;
  };
  const pay = (rental_id: bigint): bigint => {
    okOf(rival.accept_quote({ rental_id, max_amount: FUNDS_E8S, from_subaccount: [] }));
    return rental_id;
  };
  const activeId = pay(rent());
  const worker = Worker.claim(r, 'Provision', RIVAL_BRIDGE);
  worker.provision();
  const endingId = pay(rent());
  Worker.claim(r, 'Provision', RIVAL_BRIDGE).provision();
  okOf(rival.cancel_rental(endingId));
  const provisioningId = pay(rent());
  const doneJobId = worker.job.job_id;
  return { ...market, activeId, endingId, provisioningId, quotedId: rent(), doneJobId };
}

/** Takes all jobs that there are; they are leased for half a minute from now. */
function claimed(r: RentalWorld, agent: Principal, provisioningId: bigint) {
  const jobs = okOf(r.as(agent).claim_jobs({ worker: 'one', max: 20 }));
  const ours = jobs.find((job) => isProvisioning(job, provisioningId));
  if (ours === undefined) throw new Error('the job to provision was not given out');
  const lease = { job_id: ours.job_id, epoch: ours.epoch };
  return { lease, jobIds: jobs.map((job) => job.job_id) };
}

function isProvisioning(job: ClaimedJob, rentalId: bigint): boolean {
  return 'Provision' in job.job && job.rental_id[0] === rentalId;
}

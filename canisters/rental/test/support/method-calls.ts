import type { Principal } from '@dfinity/principal';
import { OPERATOR } from '@decent-cloud/localnet/testing/world.ts';
import type { _SERVICE as Rental } from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageRecipientOf, ageSealed } from '../../src/testing/accounts.fake.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import * as busy from './busy-market.ts';
import type { BusyMarket, Trade } from './busy-market.ts';
import {
  AUTHOR,
  bareOffering,
  BRIDGE,
  catalogueOf,
  RENTER,
  SELLER,
  versionInput,
} from './market.ts';
import { rentInput } from './rent.ts';
import { DAY_NS, FUNDS_E8S, HOUR_NS, MINUTE_NS, STRANGER } from './rental-world.ts';

/** One call of a method that is in order, by who may make it. */
export interface MethodCall<Method extends keyof Rental = keyof Rental> {
  readonly as: Principal;
  readonly args: Parameters<Rental[Method]>;
}

export type MethodCalls = { readonly [Method in keyof Rental]: MethodCall<Method> };

/** Who plays which part. */
export interface People {
  readonly renter: Principal;
  readonly seller: Principal;
  readonly author: Principal;
  readonly agent: Principal;
}

export const HONEST: People = { renter: RENTER, seller: SELLER, author: AUTHOR, agent: BRIDGE };
export const RIVALS: People = {
  renter: busy.RIVAL,
  seller: busy.RIVAL,
  author: busy.RIVAL,
  agent: busy.RIVAL_BRIDGE,
};

const ROWS = { from: [] as [], limit: 10 };
const PAGE = { ...ROWS, newest_first: true };
const HOUR_OF = (atNs: bigint) => Number(atNs / HOUR_NS);

/** Every method of the contract, on what `trade` has; none of them is refused in a busy market. */
export function methodCalls(b: BusyMarket, trade: Trade, people: People): MethodCalls {
  return {
    ...accountCalls(b, people),
    ...sellerCalls(b, trade, people),
    ...marketCalls(b, trade, people),
    ...recipeCalls(trade, people),
    ...rentingCalls(b, trade, people),
    ...jobCalls(trade, people),
    ...healthCalls(b, trade, people),
    ...strayCalls(trade, people),
    ...operatorCalls(b),
  };
}

function accountCalls(b: BusyMarket, { renter }: People) {
  const kind = { SeedPhrase: null };
  return {
    get_my_account: { as: renter, args: [] },
    put_my_profile: { as: renter, args: [{ display_name: 'Ada' }] },
    set_age_key: {
      as: renter,
      args: [
        { age_recipient: [ageRecipientOf('ada')], sealed_age_identity: [ageSealed('identity')] },
      ],
    },
    set_preferences: { as: renter, args: [{ email: 'ada@example.org', muted: [{ News: null }] }] },
    add_ssh_key: { as: renter, args: [{ label: 'desk', line: sshLine(3) }] },
    remove_ssh_key: { as: renter, args: [b.fingerprint] },
    offer_login: { as: renter, args: [{ who: busy.NEWCOMER, kind, label: 'paper' }] },
    withdraw_login_offer: { as: renter, args: [] },
    get_login_offer: { as: busy.INVITED, args: [b.renterAccount] },
    accept_login: { as: busy.INVITED, args: [b.renterAccount] },
    describe_login: { as: renter, args: [{ who: renter, kind, label: 'paper' }] },
    // Refused: it is the only one. Its own tests have one that is not.
    unlink_login: { as: renter, args: [renter] },
    export_my_data: { as: renter, args: [{ Notifications: { from: [] } }] },
    // Of somebody who has nothing under way.
    delete_my_account: { as: busy.SETTLED, args: [] },
    my_notifications: { as: renter, args: [ROWS] },
    mark_read: { as: renter, args: [[BigUint64Array.of(0n, 1n)]] },
    export_my_rentals: {
      as: renter,
      args: [{ ...ROWS, role: { Renter: null }, format: { Json: null } }],
    },
  } satisfies Partial<MethodCalls>;
}

function sellerCalls(b: BusyMarket, { cloudAccountId: id }: Trade, { seller, agent }: People) {
  const profile = {
    name: 'Seller',
    description: 'Servers.\nAnd more.',
    website: 'https://example.org',
    support_contact: 'help@example.org',
  };
  const grant = {
    agent: busy.IDLE,
    label: 'second',
    scopes: busy.SCOPES,
    expires_at_ns: b.r.world.timeNs + 30n * DAY_NS,
  };
  const sealed_credentials = ageSealed('token');
  return {
    register_provider: { as: busy.SETTLED, args: [profile] },
    update_provider: { as: seller, args: [profile] },
    get_provider: { as: busy.ANONYMOUS, args: [b.sellerAccount] },
    get_my_provider: { as: seller, args: [] },
    create_cloud_account: {
      as: seller,
      args: [
        {
          backend: { Docker: null },
          label: 'spare',
          max_concurrent_jobs: 5,
          agent,
          sealed_credentials,
        },
      ],
    },
    update_cloud_account: { as: seller, args: [{ id, label: 'first', max_concurrent_jobs: 7 }] },
    replace_cloud_credentials: { as: seller, args: [{ id, agent, sealed_credentials }] },
    // Refused: it is in use.
    delete_cloud_account: { as: seller, args: [id] },
    get_cloud_account: { as: seller, args: [id] },
    list_my_cloud_accounts: { as: seller, args: [ROWS] },
    grant_agent: { as: seller, args: [grant] },
    revoke_agent: { as: seller, args: [agent] },
    list_my_agents: { as: seller, args: [] },
    get_agent: { as: busy.ANONYMOUS, args: [agent] },
    agent_heartbeat: {
      as: agent,
      args: [{ age_recipient: ageRecipientOf('agent'), version: '1.2.3' }],
    },
    list_agent_accounts: { as: agent, args: [ROWS] },
    get_account_credentials: { as: agent, args: [id] },
    report_account_validity: {
      as: agent,
      args: [{ cloud_account_id: id, problem: ['wrong token'] }],
    },
    validate_cloud_account: { as: seller, args: [id] },
    refresh_catalogue: { as: seller, args: [id] },
    list_account_jobs: { as: seller, args: [{ cloud_account_id: id, page: ROWS }] },
  } satisfies Partial<MethodCalls>;
}

function marketCalls(b: BusyMarket, trade: Trade, { seller, agent }: People) {
  const { cloudAccountId, bareOfferingId: offering_id } = trade;
  const input = bareOffering(cloudAccountId);
  return {
    publish_catalogue: { as: agent, args: [catalogueOf(cloudAccountId, b.r.world.timeNs)] },
    get_catalogue: {
      as: busy.ANONYMOUS,
      args: [{ cloud_account_id: cloudAccountId, from: [], limit: 10 }],
    },
    create_offering: { as: seller, args: [input] },
    update_offering: { as: seller, args: [{ offering_id, input: { ...input, title: 'Better' } }] },
    set_offering_status: { as: seller, args: [{ offering_id, status: { Paused: null } }] },
    get_offering: { as: busy.ANONYMOUS, args: [offering_id] },
    list_provider_offerings: {
      as: busy.ANONYMOUS,
      args: [{ ...ROWS, provider: b.sellerAccount, is_retired: false }],
    },
    list_shared_with_me: { as: STRANGER, args: [ROWS] },
    search_offerings: {
      as: busy.ANONYMOUS,
      args: [
        {
          words: 'small server',
          recipe_id: [],
          is_bare: false,
          provider: [],
          backend: [],
          location: ['fsn1'],
          country: [],
          arch: [{ X86: null }],
          max_price_per_month_usd_e8: [10_000_000_000n],
          min_cores: [1],
          min_memory_mb: [],
          min_disk_gb: [],
          min_trust: [],
          sort: { Price: null },
          from: [],
          limit: 10,
        },
      ],
    },
  } satisfies Partial<MethodCalls>;
}

function recipeCalls({ recipeId: recipe_id }: Trade, { author }: People) {
  const input = { description: 'Says hello.', icon: '🌍', tags: ['web', 'demo'], author_bps: 300 };
  const withdrawal = { recipe_id, number: 0, reason: 'It is old.' };
  return {
    publish_recipe: { as: author, args: [{ ...input, name: 'brand-new' }] },
    update_recipe: { as: author, args: [{ recipe_id, input }] },
    deprecate_recipe: { as: author, args: [{ recipe_id, is_deprecated: true }] },
    set_recipe_payee: { as: author, args: [{ recipe_id, payee: author }] },
    publish_version: { as: author, args: [{ recipe_id, input: versionInput('2.0.0') }] },
    deprecate_version: { as: author, args: [withdrawal] },
    yank_version: { as: author, args: [withdrawal] },
    get_recipe: { as: busy.ANONYMOUS, args: [recipe_id] },
    get_recipe_by_name: { as: busy.ANONYMOUS, args: ['hello-web'] },
    list_recipes: { as: busy.ANONYMOUS, args: [ROWS] },
    list_recipes_by_tag: { as: busy.ANONYMOUS, args: [{ tag: 'web', page: ROWS }] },
    list_my_recipes: { as: author, args: [ROWS] },
    get_version: { as: busy.ANONYMOUS, args: [{ recipe_id, number: 0 }] },
    list_versions: { as: busy.ANONYMOUS, args: [recipe_id, PAGE] },
    get_script: { as: busy.ANONYMOUS, args: [busy.SCRIPT_SHA256] },
    preview_upgrade: { as: busy.ANONYMOUS, args: [{ recipe_id, from: 0, to: 1 }] },
  } satisfies Partial<MethodCalls>;
}

function rentingCalls(b: BusyMarket, trade: Trade, { renter, seller, agent }: People) {
  const { activeId: rental_id, quotedId, endingId, provisioningId } = trade;
  return {
    quote_rental: { as: renter, args: [rentInput(b.r, { offering_id: trade.offeringId })] },
    accept_quote: {
      as: renter,
      args: [{ rental_id: quotedId, max_amount: FUNDS_E8S, from_subaccount: [] }],
    },
    quote_extension: { as: renter, args: [{ rental_id, term_ns: 24n * HOUR_NS }] },
    cancel_rental: { as: renter, args: [provisioningId] },
    provider_cancel_rental: { as: seller, args: [rental_id] },
    operator_cancel_rental: { as: OPERATOR, args: [rental_id] },
    set_power: { as: renter, args: [{ rental_id, action: { Off: null } }] },
    rotate_ssh_keys: { as: renter, args: [{ rental_id, ssh_keys: [sshLine(4)] }] },
    upgrade_recipe: {
      as: renter,
      args: [{ rental_id, to: 1, inputs: { values: [], secret_names: [] }, sealed_secrets: [] }],
    },
    skip_version: { as: renter, args: [{ rental_id, number: 1 }] },
    get_rental: { as: renter, args: [rental_id] },
    my_rentals: { as: renter, args: [ROWS] },
    provider_rentals: { as: seller, args: [ROWS] },
    account_rentals: {
      as: agent,
      args: [{ ...ROWS, cloud_account_id: trade.cloudAccountId }],
    },
    get_timeline: { as: renter, args: [rental_id, PAGE] },
    get_log: { as: renter, args: [{ job_id: trade.doneJobId, offset: 0n, limit: 1_000 }] },
    get_connection: { as: renter, args: [rental_id] },
    list_rental_jobs: { as: renter, args: [{ rental_id: endingId, page: ROWS }] },
    export_rental: { as: renter, args: [rental_id] },
  } satisfies Partial<MethodCalls>;
}

function jobCalls({ lease, jobIds }: Trade, { agent }: People) {
  const leases = jobIds.map((job_id) => ({ job_id, epoch: lease.epoch }));
  return {
    claim_jobs: { as: agent, args: [{ worker: 'two', max: 20 }] },
    get_job: { as: agent, args: [lease] },
    renew_leases: { as: agent, args: [leases] },
    report_step: {
      as: agent,
      args: [{ ...lease, seq: 1, events: [{ Intent: { choice_index: 0, name: 'dc-1' } }] }],
    },
    release_job: { as: agent, args: [lease] },
  } satisfies Partial<MethodCalls>;
}

function healthCalls(b: BusyMarket, trade: Trade, { renter, agent }: People) {
  const { activeId: rental_id, cloudAccountId } = trade;
  const now = b.r.world.timeNs;
  const check = { what: 'HTTP GET /', result: 'connection refused', latency_ms: 12 };
  return {
    report_health: {
      as: agent,
      args: [[{ rental_id, hour: HOUR_OF(now), slots: 0b01, upto: 1 }]],
    },
    report_flip: {
      as: agent,
      args: [
        {
          rental_id,
          at_ns: now,
          is_up: false,
          checks: [check],
          next_check_ns: now + MINUTE_NS,
        },
      ],
    },
    report_machine_lost: { as: agent, args: [rental_id] },
    health_targets: { as: agent, args: [{ ...ROWS, cloud_account_id: cloudAccountId }] },
    get_uptime: { as: renter, args: [rental_id] },
    get_health_slots: {
      as: renter,
      args: [{ rental_id, day: Number(now / DAY_NS), count: 1 }],
    },
    get_provider_trust: { as: busy.ANONYMOUS, args: [b.sellerAccount] },
  } satisfies Partial<MethodCalls>;
}

function strayCalls({ cloudAccountId: cloud_account_id }: Trade, { seller, agent }: People) {
  return {
    report_strays: {
      as: agent,
      args: [
        {
          cloud_account_id,
          strays: [
            { external_id: busy.STRAY, name: 'dc-test-9', rental_id: [] },
            { external_id: 'stray-2', name: 'dc-test-0', rental_id: [0n] },
          ],
        },
      ],
    },
    report_stray_deleted: {
      as: agent,
      args: [{ cloud_account_id, external_id: busy.STRAY }],
    },
    list_strays: { as: seller, args: [{ cloud_account_id, page: ROWS }] },
  } satisfies Partial<MethodCalls>;
}

function operatorCalls(b: BusyMarket) {
  const { treasuryId: treasury, archiveId: archive } = b.r;
  return {
    set_settings: {
      as: OPERATOR,
      args: [
        {
          ...{ treasury, archive, installation: 'test', platform_agents: [BRIDGE] },
          retention_ns: 30n * DAY_NS,
        },
      ],
    },
    settings: { as: busy.ANONYMOUS, args: [] },
    list_stuck_jobs: { as: OPERATOR, args: [ROWS] },
    job_backlog: { as: OPERATOR, args: [] },
    list_refused_facts: { as: OPERATOR, args: [PAGE] },
    fact_status: { as: OPERATOR, args: [] },
    archive_status: { as: OPERATOR, args: [ROWS] },
    claim_notices: { as: BRIDGE, args: [10] },
    ack_notices: { as: BRIDGE, args: [BigUint64Array.of(0n)] },
    http_request: {
      as: busy.ANONYMOUS,
      args: [
        {
          url: '/metrics',
          method: 'GET',
          body: new Uint8Array(),
          headers: [['host', 'example.org']],
          certificate_version: [2],
        },
      ],
    },
    version: { as: busy.ANONYMOUS, args: [] },
  } satisfies Partial<MethodCalls>;
}

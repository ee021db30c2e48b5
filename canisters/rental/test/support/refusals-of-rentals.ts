import { OPERATOR } from '@decent-cloud/localnet/testing/world.ts';
import type {
  JobEvent,
  JobReport,
  RentInput,
} from '../../../../dist/canisters/rental/declarations/rental.did.ts';
import { ageSealed } from '../../src/testing/accounts.fake.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import * as busy from './busy-market.ts';
import type { BusyMarket } from './busy-market.ts';
import { AUTHOR, BRIDGE, RENTER, SELLER } from './market.ts';
import type { MethodCalls } from './method-calls.ts';
import * as table from './refusal-table.ts';
import { badLimits, LONG, NOBODY, type Refused, type RefusalTable } from './refusal-table.ts';
import { HOUR_NS, MINUTE_NS, STRANGER } from './rental-world.ts';

const { NEEDS_ACCOUNT, NEEDS_LOGIN, NEEDS_OPERATOR, NEEDS_PARTY, OWN_OF_RENTER } = table;
const PAGE = { from: [] as [], limit: 10 };
const SEQ_PAGE = { ...PAGE, newest_first: true };
const NO_INPUTS = { values: [], secret_names: [] };
/** Others do not learn that it is there. */
const HIDDEN = {
  ...table.NEEDS_LOGIN,
  NotFound: [STRANGER, AUTHOR, busy.RIVAL, busy.RIVAL_BRIDGE],
};
const OWN_OF_SELLER = {
  ...table.NEEDS_LOGIN,
  NotFound: [STRANGER, RENTER, BRIDGE, busy.RIVAL, OPERATOR],
};

function badRents(good: RentInput): [table.Leaf, RentInput][] {
  const value = { name: 'A', value: 'b' };
  const bad: [table.Leaf, Partial<RentInput>][] = [
    ['NotFound', { offering_id: NOBODY }],
    ['choice_index', { choice_index: 2 }],
    ['choice_index', { choice_index: 2 ** 32 - 1 }],
    ['term_ns', { term_ns: 0n }],
    ['term_ns', { term_ns: MINUTE_NS }],
    ['term_ns', { term_ns: NOBODY }],
    ['ssh_keys', { ssh_keys: [] }],
    ['ssh_keys', { ssh_keys: ['ssh-rsa AAAA'] }],
    ['ssh_keys', { ssh_keys: [LONG] }],
    ['ssh_keys', { ssh_keys: ['SHA256:none'] }],
    ['ssh_keys', { ssh_keys: Array.from({ length: 3_000 }, () => sshLine(1)) }],
    ['inputs', { inputs: { values: [value], secret_names: [] } }],
    ['inputs', { inputs: { values: [], secret_names: ['A'] } }],
    ['inputs', { inputs: { values: [{ name: 'A', value: LONG }], secret_names: [] } }],
    [
      'inputs',
      { inputs: { values: Array.from({ length: 3_000 }, () => value), secret_names: [] } },
    ],
    ['sealed_secrets', { sealed_secrets: [ageSealed('x')] }],
    ['sealed_secrets', { sealed_secrets: [new Uint8Array(300_000)] }],
  ];
  return bad.map(([leaf, change]) => [leaf, { ...good, ...change }]);
}

/** States that a running machine is not in. */
function notRunning(b: BusyMarket): [table.Leaf, bigint][] {
  const { quotedId, provisioningId, endingId } = b.honest;
  return [
    [{ WrongState: { state: 'quoted' } }, quotedId],
    [{ WrongState: { state: 'provisioning' } }, provisioningId],
    [{ WrongState: { state: 'ending' } }, endingId],
    ['NotFound', NOBODY],
  ];
}

/** Of renting, and of what is done with a machine. */
export function rentingRefusals(b: BusyMarket, calls: MethodCalls) {
  const { activeId, quotedId, provisioningId, endingId } = b.honest;
  const [good] = calls.quote_rental.args;
  const [acceptance] = calls.accept_quote.args;
  const [upgrade] = calls.upgrade_recipe.args;
  const rotated = { rental_id: activeId, ssh_keys: [sshLine(1)] };
  const off = { Off: null };
  return {
    quote_rental: {
      callers: NEEDS_LOGIN,
      wrong: [
        [{ OfferingUnavailable: {} }, [{ ...good, offering_id: b.retiredId }]],
        ...badRents(good).map(([leaf, input]) => [leaf, [input]] as [table.Leaf, [RentInput]]),
      ],
    },
    accept_quote: {
      callers: OWN_OF_RENTER,
      wrong: [
        ['NotFound', [{ ...acceptance, rental_id: NOBODY }]],
        [{ WrongState: { state: 'active' } }, [{ ...acceptance, rental_id: activeId }]],
        [{ WrongState: { state: 'provisioning' } }, [{ ...acceptance, rental_id: provisioningId }]],
        [{ WrongState: { state: 'ending' } }, [{ ...acceptance, rental_id: endingId }]],
        [{ AmountAboveMax: {} }, [{ ...acceptance, max_amount: 1n }]],
        ['from_subaccount', [{ ...acceptance, from_subaccount: [new Uint8Array(31)] }]],
        ['from_subaccount', [{ ...acceptance, from_subaccount: [new Uint8Array(300_000)] }]],
      ],
    },
    quote_extension: {
      callers: OWN_OF_RENTER,
      wrong: [
        ...notRunning(b).map(
          ([leaf, rental_id]) =>
            [leaf, [{ rental_id, term_ns: 24n * HOUR_NS }]] as [
              table.Leaf,
              [{ rental_id: bigint; term_ns: bigint }],
            ],
        ),
        ['term_ns', [{ rental_id: activeId, term_ns: 0n }]],
        ['term_ns', [{ rental_id: activeId, term_ns: NOBODY }]],
      ],
    },
    cancel_rental: {
      callers: OWN_OF_RENTER,
      wrong: [
        [{ WrongState: { state: 'quoted' } }, [quotedId]],
        ['NotFound', [NOBODY]],
      ],
    },
    provider_cancel_rental: {
      callers: OWN_OF_SELLER,
      wrong: [
        [{ WrongState: { state: 'quoted' } }, [quotedId]],
        ['NotFound', [NOBODY]],
      ],
    },
    operator_cancel_rental: {
      callers: NEEDS_OPERATOR,
      wrong: [
        [{ WrongState: { state: 'quoted' } }, [quotedId]],
        ['NotFound', [NOBODY]],
      ],
    },
    set_power: {
      callers: OWN_OF_RENTER,
      wrong: [
        ...notRunning(b).map(
          ([leaf, rental_id]) =>
            [leaf, [{ rental_id, action: off }]] as [
              table.Leaf,
              [{ rental_id: bigint; action: typeof off }],
            ],
        ),
        [{ WrongState: { state: 'on' } }, [{ rental_id: activeId, action: { On: null } }]],
      ],
    },
    rotate_ssh_keys: {
      callers: OWN_OF_RENTER,
      wrong: [
        ...notRunning(b).map(
          ([leaf, rental_id]) =>
            [leaf, [{ ...rotated, rental_id }]] as [table.Leaf, [typeof rotated]],
        ),
        ['ssh_keys', [{ ...rotated, ssh_keys: [] }]],
        ['ssh_keys', [{ ...rotated, ssh_keys: [`${sshLine(1)}\n${sshLine(2)}`] }]],
        ['ssh_keys', [{ ...rotated, ssh_keys: Array.from({ length: 11 }, () => sshLine(1)) }]],
      ],
    },
    upgrade_recipe: {
      callers: OWN_OF_RENTER,
      wrong: [
        ...notRunning(b).map(
          ([leaf, rental_id]) =>
            [leaf, [{ ...upgrade, rental_id }]] as [table.Leaf, [typeof upgrade]],
        ),
        [{ RecipeUnavailable: {} }, [{ ...upgrade, rental_id: b.bareId }]],
        ['to', [{ ...upgrade, to: 0 }]],
        ['NotFound', [{ ...upgrade, to: 99 }]],
        ['inputs', [{ ...upgrade, inputs: { values: [], secret_names: ['NONE'] } }]],
        ['inputs', [{ ...upgrade, inputs: { ...NO_INPUTS, secret_names: [LONG] } }]],
        ['sealed_secrets', [{ ...upgrade, sealed_secrets: [new Uint8Array(300_000)] }]],
      ],
    },
    skip_version: {
      callers: OWN_OF_RENTER,
      wrong: [
        [{ WrongState: { state: 'ending' } }, [{ rental_id: endingId, number: 1 }]],
        [{ WrongState: {} }, [{ rental_id: b.bareId, number: 1 }]],
        ['number', [{ rental_id: activeId, number: 2 ** 32 - 1 }]],
        ['NotFound', [{ rental_id: NOBODY, number: 1 }]],
      ],
    },
    get_rental: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER, BRIDGE, busy.RIVAL] },
      wrong: [['NotFound', [NOBODY]]],
    },
    my_rentals: {
      callers: NEEDS_ACCOUNT,
      wrong: [
        ['from', [{ ...PAGE, from: [NOBODY] }]],
        ...badLimits((limit) => [{ ...PAGE, limit }]),
      ],
    },
    provider_rentals: {
      callers: { ...NEEDS_ACCOUNT, NotAllowed: [RENTER, STRANGER] },
      wrong: [
        ['from', [{ ...PAGE, from: [NOBODY] }]],
        ...badLimits((limit) => [{ ...PAGE, limit }]),
      ],
    },
    account_rentals: {
      callers: {
        ...NEEDS_LOGIN,
        NotAllowed: [STRANGER, RENTER, busy.RIVAL],
        NotFound: [busy.RIVAL_BRIDGE],
      },
      wrong: [
        ['NotFound', [{ ...PAGE, cloud_account_id: NOBODY }]],
        ...badLimits((limit) => [{ ...PAGE, cloud_account_id: b.honest.cloudAccountId, limit }]),
      ],
    },
    export_rental: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER, BRIDGE, busy.RIVAL] },
      wrong: [['NotFound', [NOBODY]]],
    },
  } satisfies Partial<RefusalTable>;
}

function badReports(good: JobReport): Refused<'report_step'>[] {
  const step = { index: 0, of: 0, note: '' };
  const done: JobEvent = { Succeeded: { result: { Ready: null } } };
  const intent = { choice_index: 0, name: 'dc-1' };
  const card = {
    ...{ ipv4: '203.0.113.7', ipv6: '', ssh_user: 'root', ssh_port: 22 },
    ...{ host_key_fingerprint: '', host_key: '', service_url: '' },
  };
  const problem = { class: { Transient: null }, message: 'x', retry_after_ms: 0 };
  const events: [table.Leaf, JobEvent[]][] = [
    [
      'events',
      Array.from({ length: 17 }, (): JobEvent => ({ Step: { ...step, step: { Booting: null } } })),
    ],
    ['events', [done, { Intent: intent }]],
    ['step', [{ Step: { ...step, step: { Closed: null } } }]],
    ['note', [{ Step: { ...step, step: { Booting: null }, note: LONG } }]],
    ['index', [{ Step: { ...step, step: { RecipeStep: null }, index: 3, of: 2 } }]],
    ['name', [{ Intent: { ...intent, name: '' } }]],
    ['name', [{ Intent: { ...intent, name: LONG } }]],
    ['choice_index', [{ Intent: { ...intent, choice_index: 1 } }]],
    ['external_id', [{ Server: { external_id: LONG } }]],
    ['sealed', [{ Credentials: { sealed: new Uint8Array(300_000) } }]],
    [{ OutOfOrder: { expected: 0n } }, [{ Log: { offset: 5n, bytes: new Uint8Array(1) } }]],
    ['bytes', [{ Log: { offset: 0n, bytes: new Uint8Array(16_385) } }]],
    ['ipv4', [{ Connection: { card: { ...card, ipv4: '' } } }]],
    ['ssh_port', [{ Connection: { card: { ...card, ssh_port: 0 } } }]],
    ['service_url', [{ Connection: { card: { ...card, service_url: 'javascript:x' } } }]],
    ['message', [{ Problem: { ...problem, message: LONG } }]],
    ['retry_after_ms', [{ Problem: { ...problem, retry_after_ms: 2 ** 32 - 1 } }]],
    ['result', [{ Succeeded: { result: { Gone: null } } }]],
    [{ WrongState: {} }, [done]],
  ];
  return [
    ['StaleLease', [{ ...good, epoch: good.epoch + 1 }]],
    ['StaleLease', [{ ...good, epoch: 0 }]],
    ['StaleLease', [{ ...good, epoch: 2 ** 32 - 1 }]],
    [{ OutOfOrder: { expected: 1n } }, [{ ...good, seq: 2 }]],
    ['NotFound', [{ ...good, job_id: NOBODY }]],
    ...events.map(([leaf, list]) => [leaf, [{ ...good, events: list }]] as Refused<'report_step'>),
  ];
}

/** Of jobs, timelines and logs. */
export function jobRefusals(b: BusyMarket, calls: MethodCalls) {
  const { activeId, doneJobId, lease } = b.honest;
  const [report] = calls.report_step.args;
  const held = table.OWN_OF_AGENT;
  const stale = { ...lease, epoch: lease.epoch + 1 };
  return {
    claim_jobs: {
      callers: table.NEEDS_AGENT,
      wrong: [
        ['worker', [{ worker: '', max: 1 }]],
        ['worker', [{ worker: LONG, max: 1 }]],
        ['worker', [{ worker: 'a\0b', max: 1 }]],
        ['max', [{ worker: 'a', max: 0 }]],
        ['max', [{ worker: 'a', max: 2 ** 32 - 1 }]],
      ],
    },
    get_job: {
      callers: held,
      wrong: [
        ['StaleLease', [stale]],
        ['StaleLease', [{ job_id: doneJobId, epoch: 1 }]],
        ['NotFound', [{ job_id: NOBODY, epoch: 1 }]],
      ],
    },
    renew_leases: {
      callers: table.NEEDS_AGENT,
      wrong: [
        ['leases', [Array.from({ length: 51 }, () => lease)]],
        ['leases', [Array.from({ length: 20_000 }, () => lease)]],
      ],
    },
    report_step: {
      callers: held,
      wrong: [['StaleLease', [{ ...report, job_id: doneJobId, seq: 99 }]], ...badReports(report)],
    },
    release_job: {
      callers: held,
      wrong: [
        ['StaleLease', [stale]],
        ['StaleLease', [{ job_id: doneJobId, epoch: 1 }]],
        ['NotFound', [{ job_id: NOBODY, epoch: 1 }]],
      ],
    },
    get_timeline: {
      callers: HIDDEN,
      wrong: [
        ['NotFound', [NOBODY, SEQ_PAGE]],
        ...badLimits((limit) => [activeId, { ...SEQ_PAGE, limit }], 100),
      ],
    },
    get_log: {
      callers: HIDDEN,
      wrong: [
        ['NotFound', [{ job_id: NOBODY, offset: 0n, limit: 10 }]],
        ['limit', [{ job_id: doneJobId, offset: 0n, limit: 0 }]],
        ['limit', [{ job_id: doneJobId, offset: 0n, limit: 2 ** 32 - 1 }]],
      ],
    },
    get_connection: { callers: HIDDEN, wrong: [['NotFound', [NOBODY]]] },
    list_rental_jobs: {
      callers: HIDDEN,
      wrong: [
        ['NotFound', [{ rental_id: NOBODY, page: PAGE }]],
        ['from', [{ rental_id: activeId, page: { ...PAGE, from: [NOBODY] } }]],
        ...badLimits((limit) => [{ rental_id: activeId, page: { ...PAGE, limit } }]),
      ],
    },
  } satisfies Partial<RefusalTable>;
}

/** Of servers that no rental has. */
export function strayRefusals(b: BusyMarket, calls: MethodCalls) {
  const [report] = calls.report_strays.args;
  const [gone] = calls.report_stray_deleted.args;
  const [listing] = calls.list_strays.args;
  const [stray] = report.strays;
  if (stray === undefined) throw new Error('the call is empty');
  const many = Array.from({ length: 101 }, () => stray);
  return {
    report_strays: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotAllowed', [{ ...report, cloud_account_id: NOBODY }]],
        ['NotAllowed', [{ ...report, cloud_account_id: b.rival.cloudAccountId }]],
        ['strays', [{ ...report, strays: many }]],
        ['external_id', [{ ...report, strays: [{ ...stray, external_id: '' }] }]],
        ['external_id', [{ ...report, strays: [stray, { ...stray, external_id: LONG }] }]],
        ['external_id', [{ ...report, strays: [{ ...stray, external_id: 'a\0b' }] }]],
        ['name', [{ ...report, strays: [{ ...stray, name: '' }] }]],
        ['name', [{ ...report, strays: [{ ...stray, name: LONG }] }]],
      ],
    },
    report_stray_deleted: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotFound', [{ ...gone, external_id: 'another' }]],
        ['NotAllowed', [{ ...gone, cloud_account_id: NOBODY }]],
        ['external_id', [{ ...gone, external_id: LONG }]],
      ],
    },
    list_strays: {
      callers: { ...NEEDS_LOGIN, NotFound: [...HIDDEN.NotFound, RENTER, busy.IDLE, busy.EXPIRED] },
      wrong: [
        ['NotFound', [{ ...listing, cloud_account_id: NOBODY }]],
        ['from', [{ ...listing, page: { ...PAGE, from: [NOBODY] } }]],
        ...badLimits((limit) => [{ ...listing, page: { ...PAGE, limit } }]),
      ],
    },
  } satisfies Partial<RefusalTable>;
}

/** Of what is measured, and of what operators and agents of the platform do. */
export function platformRefusals(b: BusyMarket, calls: MethodCalls) {
  const { activeId, endingId } = b.honest;
  const [flip] = calls.report_flip.args;
  const [settings] = calls.set_settings.args;
  const [row] = calls.report_health.args[0];
  const [targets] = calls.health_targets.args;
  const now = b.r.world.timeNs;
  const [check] = flip.checks;
  if (row === undefined || check === undefined) throw new Error('the calls are empty');
  const slots = { rental_id: activeId, day: 20_000, count: 1 };
  return {
    report_health: {
      callers: table.NEEDS_AGENT,
      wrong: [['rows', [Array.from({ length: 2_001 }, () => row)]]],
    },
    report_flip: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotFound', [{ ...flip, rental_id: NOBODY }]],
        ['NotFound', [{ ...flip, rental_id: endingId }]],
        ['at_ns', [{ ...flip, at_ns: 0n }]],
        ['at_ns', [{ ...flip, at_ns: now + HOUR_NS }]],
        ['at_ns', [{ ...flip, at_ns: NOBODY }]],
        ['next_check_ns', [{ ...flip, next_check_ns: 0n }]],
        ['checks', [{ ...flip, checks: [] }]],
        ['checks', [{ ...flip, checks: Array.from({ length: 3_000 }, () => check) }]],
        ['checks', [{ ...flip, checks: [{ ...check, what: LONG }] }]],
      ],
    },
    report_machine_lost: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotFound', [NOBODY]],
        ['NotFound', [b.honest.provisioningId]],
      ],
    },
    health_targets: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotAllowed', [{ ...targets, cloud_account_id: NOBODY }]],
        ['from', [{ ...targets, from: [NOBODY] }]],
        ...badLimits((limit) => [{ ...targets, limit }]),
      ],
    },
    get_uptime: { callers: NEEDS_PARTY, wrong: [['NotFound', [NOBODY]]] },
    get_health_slots: {
      callers: NEEDS_PARTY,
      wrong: [
        ['NotFound', [{ ...slots, rental_id: NOBODY }]],
        ['count', [{ ...slots, count: 0 }]],
        ['count', [{ ...slots, count: 2 ** 32 - 1 }]],
      ],
    },
    get_provider_trust: { wrong: [['NotFound', [NOBODY]]] },
    set_settings: {
      callers: NEEDS_OPERATOR,
      wrong: [
        ['treasury', [{ ...settings, treasury: busy.ANONYMOUS }]],
        ['archive', [{ ...settings, archive: busy.ANONYMOUS }]],
        ['installation', [{ ...settings, installation: '' }]],
        ['installation', [{ ...settings, installation: LONG }]],
        ['installation', [{ ...settings, installation: 'Ä' }]],
        ['platform_agents', [{ ...settings, platform_agents: [busy.ANONYMOUS] }]],
        [
          'platform_agents',
          [{ ...settings, platform_agents: Array.from({ length: 11 }, () => SELLER) }],
        ],
        ['retention_ns', [{ ...settings, retention_ns: 0n }]],
        ['retention_ns', [{ ...settings, retention_ns: NOBODY }]],
      ],
    },
    // Before the first set_settings only: see below.
    settings: {},
    list_stuck_jobs: {
      callers: NEEDS_OPERATOR,
      wrong: badLimits((limit) => [{ ...PAGE, limit }]),
    },
    job_backlog: { callers: NEEDS_OPERATOR },
    list_refused_facts: {
      callers: NEEDS_OPERATOR,
      wrong: badLimits((limit) => [{ ...SEQ_PAGE, limit }]),
    },
    fact_status: { callers: NEEDS_OPERATOR },
    archive_status: {
      callers: NEEDS_OPERATOR,
      wrong: badLimits((limit) => [{ ...PAGE, limit }]),
    },
    claim_notices: {
      callers: table.NEEDS_PLATFORM_AGENT,
      wrong: [
        ['max', [0]],
        ['max', [2 ** 32 - 1]],
      ],
    },
    ack_notices: {
      callers: table.NEEDS_PLATFORM_AGENT,
      wrong: [['ids', [new BigUint64Array(51)]]],
    },
    // These answer everybody.
    http_request: {},
    version: {},
  } satisfies Partial<RefusalTable>;
}

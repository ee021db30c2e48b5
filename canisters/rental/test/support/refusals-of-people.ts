import { Principal } from '@dfinity/principal';
import { ageRecipientOf, ageSealed } from '../../src/testing/accounts.fake.ts';
import { sshLine } from '../../src/testing/rentals.fake.ts';
import * as busy from './busy-market.ts';
import type { BusyMarket } from './busy-market.ts';
import { AUTHOR, BRIDGE, RENTER, SELLER } from './market.ts';
import type { MethodCalls } from './method-calls.ts';
import * as table from './refusal-table.ts';
import { badLimits, LONG, NOBODY, type RefusalTable } from './refusal-table.ts';
import { DAY_NS, STRANGER } from './rental-world.ts';

const { NEEDS_ACCOUNT, NEEDS_LOGIN, NEEDS_SELLER, OWN_OF_SELLER } = table;
const OF_ONE_SELLER = {
  ...NEEDS_SELLER,
  NotAllowed: [...NEEDS_SELLER.NotAllowed, busy.RIVAL],
};
const MANAGEMENT = Principal.managementCanister();
const NUL = 'a\0b';

/** Of accounts, their logins, keys and messages. */
export function accountRefusals(b: BusyMarket, calls: MethodCalls) {
  const login = calls.offer_login.args[0];
  const [agePair] = calls.set_age_key.args;
  const page = { from: [] as [], limit: 10 };
  const exported = calls.export_my_rentals.args[0];
  return {
    get_my_account: { callers: NEEDS_ACCOUNT },
    put_my_profile: {
      callers: NEEDS_LOGIN,
      wrong: ['', '   ', NUL, 'x'.repeat(65), LONG].map((display_name) => [
        'display_name',
        [{ display_name }],
      ]),
    },
    set_age_key: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['age_recipient', [{ ...agePair, age_recipient: ['age1'] }]],
        ['age_recipient', [{ ...agePair, age_recipient: [LONG] }]],
        ['sealed_age_identity', [{ ...agePair, age_recipient: [] }]],
        ['sealed_age_identity', [{ ...agePair, sealed_age_identity: [new Uint8Array(4_097)] }]],
        ['sealed_age_identity', [{ ...agePair, sealed_age_identity: [new Uint8Array(9)] }]],
      ],
    },
    set_preferences: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['email', [{ email: 'a@b', muted: [] }]],
        ['email', [{ email: 'a@b.example\nBcc: c@d.example', muted: [] }]],
        ['email', [{ email: LONG, muted: [] }]],
        ['muted', [{ email: '', muted: [{ News: null }, { News: null }] }]],
        ['muted', [{ email: '', muted: Array.from({ length: 5_000 }, () => ({ News: null })) }]],
      ],
    },
    add_ssh_key: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['line', [{ label: '', line: '' }]],
        ['line', [{ label: '', line: 'ssh-ed25519 AAAA' }]],
        ['line', [{ label: '', line: `${sshLine(3)}\n${sshLine(4)}` }]],
        ['line', [{ label: '', line: LONG }]],
        ['label', [{ label: LONG, line: sshLine(3) }]],
        ['label', [{ label: NUL, line: sshLine(3) }]],
      ],
    },
    remove_ssh_key: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER] },
      wrong: [
        ['NotFound', ['SHA256:nothing']],
        ['NotFound', [LONG]],
      ],
    },
    offer_login: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['who', [{ ...login, who: busy.ANONYMOUS }]],
        ['who', [{ ...login, who: MANAGEMENT }]],
        ['label', [{ ...login, label: LONG }]],
        ['Conflict', [{ ...login, who: RENTER }]],
        ['Conflict', [{ ...login, who: SELLER }]],
      ],
    },
    withdraw_login_offer: { callers: NEEDS_LOGIN },
    get_login_offer: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER, RENTER, busy.NEWCOMER] },
      wrong: [['NotFound', [NOBODY]]],
    },
    accept_login: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER, busy.NEWCOMER] },
      wrong: [['NotFound', [NOBODY]]],
    },
    describe_login: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER] },
      wrong: [
        ['NotFound', [{ ...login, who: SELLER }]],
        ['label', [{ ...login, who: RENTER, label: NUL }]],
      ],
    },
    unlink_login: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER] },
      wrong: [
        [{ WrongState: { state: 'last-login' } }, [RENTER]],
        ['NotFound', [SELLER]],
      ],
    },
    export_my_data: {
      callers: NEEDS_ACCOUNT,
      wrong: [['from', [{ Notifications: { from: [NOBODY] } }]]],
    },
    delete_my_account: {
      callers: NEEDS_LOGIN,
      wrong: [
        [{ WrongState: {} }, [], RENTER],
        [{ WrongState: {} }, [], SELLER],
      ],
    },
    my_notifications: {
      callers: NEEDS_ACCOUNT,
      wrong: [
        ...badLimits((limit) => [{ ...page, limit }]),
        ['from', [{ ...page, from: [NOBODY] }]],
      ],
    },
    mark_read: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['ids', [[new BigUint64Array(51)]]],
        ['ids', [[new BigUint64Array(100_000)]]],
      ],
    },
    export_my_rentals: {
      callers: { ...NEEDS_ACCOUNT },
      wrong: [
        ...badLimits((limit) => [{ ...exported, limit }], 20),
        ['from', [{ ...exported, from: [NOBODY] }]],
      ],
    },
  } satisfies Partial<RefusalTable>;
}

/** Of sellers, their cloud accounts and agents. */
export function sellerRefusals(b: BusyMarket, calls: MethodCalls) {
  const [profile] = calls.update_provider.args;
  const [account] = calls.create_cloud_account.args;
  const [grant] = calls.grant_agent.args;
  const [heartbeat] = calls.agent_heartbeat.args;
  const { cloudAccountId: id } = b.honest;
  const sealed_credentials = ageSealed('token');
  const page = { from: [] as [], limit: 10 };
  const now = b.r.world.timeNs;
  return {
    register_provider: {
      callers: NEEDS_LOGIN,
      wrong: [
        ['Conflict', [profile], SELLER],
        ['name', [{ ...profile, name: '' }]],
        ['name', [{ ...profile, name: LONG }]],
        ['description', [{ ...profile, description: LONG }]],
        ['website', [{ ...profile, website: 'javascript:alert(1)' }]],
        ['support_contact', [{ ...profile, support_contact: '' }]],
      ],
    },
    update_provider: {
      callers: NEEDS_SELLER,
      wrong: [
        ['name', [{ ...profile, name: NUL }]],
        ['website', [{ ...profile, website: LONG }]],
        ['support_contact', [{ ...profile, support_contact: LONG }]],
      ],
    },
    get_provider: { wrong: [['NotFound', [NOBODY]]] },
    get_my_provider: {
      callers: { ...NEEDS_ACCOUNT, NotFound: [busy.NEWCOMER, RENTER, AUTHOR, STRANGER] },
    },
    create_cloud_account: {
      callers: NEEDS_SELLER,
      wrong: [
        ['label', [{ ...account, label: '' }]],
        ['label', [{ ...account, label: LONG }]],
        ['max_concurrent_jobs', [{ ...account, max_concurrent_jobs: 0 }]],
        ['max_concurrent_jobs', [{ ...account, max_concurrent_jobs: 51 }]],
        ['agent', [{ ...account, agent: STRANGER }]],
        ['agent', [{ ...account, agent: busy.IDLE }]],
        ['agent', [{ ...account, agent: busy.REVOKED }]],
        ['agent', [{ ...account, agent: busy.EXPIRED }]],
        ['agent', [account], busy.RIVAL],
        ['sealed_credentials', [{ ...account, sealed_credentials: new Uint8Array(8_193) }]],
        ['sealed_credentials', [{ ...account, sealed_credentials: new Uint8Array(40) }]],
      ],
    },
    update_cloud_account: {
      callers: OWN_OF_SELLER,
      wrong: [
        ['NotFound', [{ id: NOBODY, label: 'a', max_concurrent_jobs: 1 }]],
        ['label', [{ id, label: LONG, max_concurrent_jobs: 1 }]],
        ['max_concurrent_jobs', [{ id, label: 'a', max_concurrent_jobs: 2 ** 32 - 1 }]],
      ],
    },
    replace_cloud_credentials: {
      callers: OWN_OF_SELLER,
      wrong: [
        ['NotFound', [{ id: NOBODY, agent: BRIDGE, sealed_credentials }]],
        ['agent', [{ id, agent: busy.RIVAL_BRIDGE, sealed_credentials }]],
        ['agent', [{ id, agent: busy.EXPIRED, sealed_credentials }]],
        [
          'sealed_credentials',
          [{ id, agent: BRIDGE, sealed_credentials: new Uint8Array(300_000) }],
        ],
      ],
    },
    delete_cloud_account: {
      callers: OWN_OF_SELLER,
      wrong: [
        [{ WrongState: { state: 'has-rentals' } }, [id]],
        ['NotFound', [NOBODY]],
      ],
    },
    get_cloud_account: {
      callers: { ...NEEDS_LOGIN, NotFound: [STRANGER, RENTER, busy.RIVAL, busy.RIVAL_BRIDGE] },
      wrong: [['NotFound', [NOBODY]]],
    },
    list_my_cloud_accounts: {
      callers: { ...NEEDS_ACCOUNT, NotAllowed: [RENTER, STRANGER] },
      wrong: [
        ...badLimits((limit) => [{ ...page, limit }]),
        ['from', [{ ...page, from: [NOBODY] }]],
      ],
    },
    grant_agent: {
      callers: NEEDS_SELLER,
      wrong: [
        ['agent', [{ ...grant, agent: busy.ANONYMOUS }]],
        ['agent', [{ ...grant, agent: MANAGEMENT }]],
        ['label', [{ ...grant, label: '' }]],
        ['scopes', [{ ...grant, scopes: [] }]],
        ['scopes', [{ ...grant, scopes: [...busy.SCOPES, ...busy.SCOPES] }]],
        ['expires_at_ns', [{ ...grant, expires_at_ns: now }]],
        ['expires_at_ns', [{ ...grant, expires_at_ns: now + 366n * DAY_NS }]],
        ['expires_at_ns', [{ ...grant, expires_at_ns: NOBODY }]],
      ],
    },
    revoke_agent: {
      callers: { ...NEEDS_SELLER, NotFound: [busy.RIVAL] },
      wrong: [['NotFound', [busy.REVOKED]]],
    },
    list_my_agents: { callers: { ...NEEDS_ACCOUNT, NotAllowed: [RENTER, STRANGER] } },
    get_agent: { wrong: [['NotFound', [STRANGER]]] },
    agent_heartbeat: {
      callers: table.NEEDS_AGENT,
      wrong: [
        ['age_recipient', [{ ...heartbeat, age_recipient: LONG }]],
        ['age_recipient', [{ ...heartbeat, age_recipient: '' }]],
        ['version', [{ ...heartbeat, version: '' }]],
        ['version', [{ age_recipient: ageRecipientOf('a'), version: NUL }]],
        ['version', [{ ...heartbeat, version: LONG }]],
      ],
    },
    list_agent_accounts: {
      callers: table.NEEDS_AGENT,
      wrong: [
        ...badLimits((limit) => [{ ...page, limit }]),
        ['from', [{ ...page, from: [NOBODY] }]],
      ],
    },
    get_account_credentials: {
      callers: table.OWN_OF_AGENT,
      wrong: [['NotAllowed', [NOBODY]]],
    },
    report_account_validity: {
      callers: table.OWN_OF_AGENT,
      wrong: [
        ['NotAllowed', [{ cloud_account_id: NOBODY, problem: [] }]],
        ['problem', [{ cloud_account_id: id, problem: [LONG] }]],
        ['problem', [{ cloud_account_id: id, problem: [''] }]],
      ],
    },
    validate_cloud_account: { callers: OF_ONE_SELLER, wrong: [['NotFound', [NOBODY]]] },
    refresh_catalogue: { callers: OF_ONE_SELLER, wrong: [['NotFound', [NOBODY]]] },
    list_account_jobs: {
      callers: { ...NEEDS_LOGIN, NotAllowed: [STRANGER, busy.RIVAL, RENTER, BRIDGE] },
      wrong: [
        ['NotFound', [{ cloud_account_id: NOBODY, page }]],
        ...badLimits((limit) => [{ cloud_account_id: id, page: { ...page, limit } }]),
        ['from', [{ cloud_account_id: id, page: { ...page, from: [NOBODY] } }]],
      ],
    },
  } satisfies Partial<RefusalTable>;
}

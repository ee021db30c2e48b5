import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import type { Rental } from '../api/wire.ts';
import {
  agentHealth,
  canWork,
  grantOf,
  scopesText,
  type GrantForm,
} from './agent-grant.service.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;
const AGENT = Principal.fromText('ryjl3-tyaaa-aaaaa-aaaba-cai');
const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const FORM: GrantForm = {
  principal: AGENT.toText(),
  label: 'Bridge',
  scopes: ['Provision', 'Health'],
  days: '30',
};

function granted(change: {
  readonly endsMs?: number;
  readonly beatMs?: number;
  readonly scopes?: Rental.AgentScope[];
}): Rental.GrantedAgent {
  const { endsMs = NOW_MS + 100 * DAY_MS, beatMs, scopes = [{ Provision: null }] } = change;
  return {
    grant: {
      provider: 0n,
      agent: AGENT,
      label: 'Bridge',
      scopes,
      expires_at_ns: ns(endsMs),
      granted_at_ns: 0n,
    },
    status:
      beatMs === undefined
        ? []
        : [
            {
              agent: AGENT,
              age_recipient: 'age1',
              version: '1',
              last_heartbeat_at_ns: ns(beatMs),
            },
          ],
  };
}

describe('grantOf', () => {
  it('gives what the canister takes', () => {
    const grant = grantOf({ ...FORM, label: ' Bridge ' }, NOW_MS);
    expect(grant).toEqual({
      kind: 'ok',
      value: {
        agent: AGENT,
        label: 'Bridge',
        scopes: [{ Provision: null }, { Health: null }],
        expires_at_ns: ns(NOW_MS + 30 * DAY_MS),
      },
    });
  });

  it('stays below a year even if this clock is a little ahead', () => {
    const grant = grantOf({ ...FORM, days: '365' }, NOW_MS);
    if (grant.kind === 'err') throw new Error('refused');
    expect(grant.value.expires_at_ns).toBeLessThan(ns(NOW_MS + 365 * DAY_MS - 60_000));
    expect(grant.value.expires_at_ns).toBeGreaterThan(ns(NOW_MS + 364 * DAY_MS));
  });

  it.each<[keyof GrantForm, Partial<GrantForm>]>([
    ['principal', { principal: 'x' }],
    ['principal', { principal: '2vxsx-fae' }],
    ['label', { label: '' }],
    ['scopes', { scopes: [] }],
    ['days', { days: '0' }],
    ['days', { days: '366' }],
    ['days', { days: '1.5' }],
  ])('has words at %s for %j', (field, change) => {
    const grant = grantOf({ ...FORM, ...change }, NOW_MS);
    expect(grant.kind === 'err' && Object.keys(grant.error)).toEqual([field]);
  });
});

describe('agentHealth', () => {
  it.each([
    ['Working', granted({ beatMs: NOW_MS - 30_000 })],
    ['Silent', granted({ beatMs: NOW_MS - 121_000 })],
    ['Never heard of', granted({})],
    ['Expired', granted({ endsMs: NOW_MS, beatMs: NOW_MS })],
    ['Ends soon', granted({ endsMs: NOW_MS + 13 * DAY_MS, beatMs: NOW_MS })],
  ])('is %s', (label, agent) => {
    const health = agentHealth(agent, NOW_MS);
    expect(health.label).toBe(label);
    expect(health.text === '').toBe(label === 'Working');
  });
});

describe('canWork', () => {
  it('needs a grant that lasts, the right scope, and something to seal to', () => {
    expect(canWork(granted({ beatMs: 0 }), NOW_MS)).toBe(true);
    expect(canWork(granted({}), NOW_MS)).toBe(false);
    expect(canWork(granted({ beatMs: 0, endsMs: NOW_MS }), NOW_MS)).toBe(false);
    expect(canWork(granted({ beatMs: 0, scopes: [{ Health: null }] }), NOW_MS)).toBe(false);
  });
});

describe('scopesText', () => {
  it('is in words', () => {
    expect(scopesText([{ Health: null }, { Provision: null }])).toBe(
      'Make and delete machines · Measure uptime',
    );
  });
});

import { after, durationNs } from '@decent-cloud/domain/time.ts';
import { describe, expect, it } from 'vitest';
import { ageRecipientOf, asPerson, givenProvider } from '../../testing/accounts.fake.ts';
import { givenSettings } from '../../testing/accounts.fake.ts';
import { fakeCanister, personCalled, type FakeCanister } from '../../testing/fake-canister.fake.ts';
import type { GrantInput } from '../../core/accounts/provider-rules.ts';
import { listOwnAgents, viewAgent } from './account-views.ts';
import { actingAgent, agentMay } from './callers.ts';
import { grantAgent, heartbeat, revokeAgent } from './grant-agent.flow.ts';

const refused = (kind: string) => ({ kind: 'err', error: { leaf: { kind } } });
const agent = personCalled('bridge');
const status = { ageRecipient: ageRecipientOf('bridge'), version: '1.2.3' };

/** The seller is the caller. */
function asSeller() {
  const c = fakeCanister();
  const provider = givenProvider(c, 'seller');
  c.runtime.callerNow = personCalled('seller');
  return { c, provider };
}

function grantOf(c: FakeCanister, change: Partial<GrantInput> = {}): GrantInput {
  const expiresAt = after(c.runtime.now, durationNs({ days: 30 }));
  return { agent, label: 'bridge', scopes: ['provision'], expiresAt, ...change };
}

describe('grantAgent', () => {
  it('lets the agent act at once, and replaces what was granted before', () => {
    const { c, provider } = asSeller();
    const asked = { agent, provider: provider.id } as const;
    expect(grantAgent(c, grantOf(c))).toMatchObject({ kind: 'ok', value: { provider: 0 } });
    expect(agentMay(c, { ...asked, scope: 'provision' })).toBe(true);
    grantAgent(c, grantOf(c, { scopes: ['health'], label: 'probe' }));
    expect(agentMay(c, { ...asked, scope: 'provision' })).toBe(false);
    expect(agentMay(c.upgraded(), { ...asked, scope: 'health' })).toBe(true);
    expect(listOwnAgents(c)).toMatchObject({
      value: [{ grant: { agent, label: 'probe', scopes: ['health'] } }],
    });
  });

  it('is for sellers', () => {
    const { c } = asSeller();
    const granted = asPerson(c, 'eve', () => grantAgent(c, grantOf(c)));
    expect(granted).toMatchObject(refused('not-allowed'));
  });

  it('names the argument that is wrong', () => {
    const { c } = asSeller();
    const granted = grantAgent(c, grantOf(c, { expiresAt: c.runtime.now }));
    expect(granted).toMatchObject({ error: { leaf: { argument: 'expires_at_ns' } } });
  });

  it('takes twenty agents, and renews one of them after that', () => {
    const { c } = asSeller();
    for (let index = 0; index < 20; index += 1) {
      grantAgent(c, grantOf(c, { agent: personCalled(`agent ${index}`) }));
    }
    expect(grantAgent(c, grantOf(c))).toMatchObject(refused('quota-exceeded'));
    expect(grantAgent(c, grantOf(c, { agent: personCalled('agent 3') })).kind).toBe('ok');
    revokeAgent(c, personCalled('agent 3'));
    expect(grantAgent(c, grantOf(c)).kind).toBe('ok');
    const agents = listOwnAgents(c);
    expect(agents.kind === 'ok' && agents.value).toHaveLength(20);
  });
});

describe('revokeAgent', () => {
  it('ends everything at once, for that seller only', () => {
    const { c, provider } = asSeller();
    const other = givenProvider(c, 'other');
    grantAgent(c, grantOf(c));
    asPerson(c, 'other', () => grantAgent(c, grantOf(c)));
    expect(revokeAgent(c, agent)).toEqual({ kind: 'ok', value: null });
    expect(agentMay(c, { agent, provider: provider.id, scope: 'provision' })).toBe(false);
    expect(agentMay(c, { agent, provider: other.id, scope: 'provision' })).toBe(true);
    expect(asPerson(c, 'bridge', () => actingAgent(c)).kind).toBe('ok');
    expect(revokeAgent(c, agent)).toMatchObject(refused('not-found'));
    asPerson(c, 'other', () => revokeAgent(c, agent));
    expect(asPerson(c, 'bridge', () => actingAgent(c))).toMatchObject(refused('not-allowed'));
  });

  it('leaves nothing behind of an agent that has no grant', () => {
    const { c } = asSeller();
    grantAgent(c, grantOf(c));
    asPerson(c, 'bridge', () => heartbeat(c, status));
    revokeAgent(c, agent);
    expect(viewAgent(c, agent)).toMatchObject(refused('not-found'));
    const { agents, grants, grantedAgents } = c.storage.accounts;
    expect([agents.size(), grants.size(), grantedAgents.size()]).toEqual([0, 0, 0]);
  });
});

describe('heartbeat', () => {
  it('says which key credentials are sealed to', () => {
    const { c } = asSeller();
    grantAgent(c, grantOf(c));
    expect(viewAgent(c, agent)).toMatchObject(refused('not-found'));
    asPerson(c, 'bridge', () => heartbeat(c, { ...status, version: '1.2.2' }));
    c.runtime.now = after(c.runtime.now, durationNs({ minutes: 1 }));
    const said = asPerson(c, 'bridge', () => heartbeat(c, status));
    const value = { agent, ...status, lastHeartbeatAt: c.runtime.now };
    expect(said).toEqual({ kind: 'ok', value });
    expect(asPerson(c, 'eve', () => viewAgent(c.upgraded(), agent))).toEqual(said);
    expect(listOwnAgents(c)).toMatchObject({ value: [{ status: value }] });
  });

  it('keeps what was granted', () => {
    const { c } = asSeller();
    grantAgent(c, grantOf(c));
    asPerson(c, 'bridge', () => heartbeat(c, status));
    asPerson(c, 'bridge', () => heartbeat(c, status));
    revokeAgent(c, agent);
    expect(asPerson(c, 'bridge', () => heartbeat(c, status))).toMatchObject(refused('not-allowed'));
  });

  it('is for agents, those of the platform too', () => {
    const { c } = asSeller();
    givenSettings(c);
    expect(heartbeat(c, status)).toMatchObject(refused('not-allowed'));
    expect(asPerson(c, 'platform-agent', () => heartbeat(c, status)).kind).toBe('ok');
    givenSettings(c, { platformAgents: [] });
    expect(asPerson(c, 'platform-agent', () => heartbeat(c, status))).toMatchObject(
      refused('not-allowed'),
    );
  });

  it('refuses a recipient that nothing can be sealed to', () => {
    const { c } = asSeller();
    grantAgent(c, grantOf(c));
    const said = asPerson(c, 'bridge', () => heartbeat(c, { ...status, ageRecipient: 'age1' }));
    expect(said).toMatchObject({ error: { leaf: { argument: 'age_recipient' } } });
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ageRecipientOf } from '../../canisters/rental/src/testing/accounts.fake.ts';
import { paid } from '../../canisters/rental/test/support/rent.ts';
import { catalogueOf } from '../../canisters/rental/test/support/market.ts';
import { okOf } from '../../canisters/rental/test/support/ok-of.ts';
import type { RentalClient } from '../src/canister/rental.canister.ts';
import type { RentalId } from '../src/core/ids.ts';
import type { ClaimedJob } from '../src/core/job-work.ts';
import { CanisterRefusal, CanisterUnavailable } from '../src/ports/canister-errors.ts';
import type { CloudCatalogue } from '../src/ports/cloud.port.ts';
import { AGENT, bridgeNetwork, type BridgeNetwork } from './support/bridge-network.ts';
import { skewWallClock } from './support/skewed-date.ts';

const SKEW_MS = 300_000;
const LONGER_THAN_A_LEASE_NS = 31_000_000_000n;

const CATALOGUE: CloudCatalogue = {
  currency: 'EUR',
  locations: ['fsn1', 'nbg1'].map((name) => ({
    name,
    city: 'City',
    country: 'DE',
    zone: 'eu-central',
  })),
  images: [{ name: 'ubuntu-24.04', archs: ['x86'], unavailableAfterMs: undefined }],
  types: [
    {
      name: 'cx23',
      arch: 'x86',
      cores: 2,
      memoryMb: 4_096,
      diskGb: 40,
      at: ['fsn1', 'nbg1'].map((location) => ({
        location,
        isAvailable: true,
        unavailableAfterMs: undefined,
        pricePerMonth: '3.49',
      })),
    },
  ],
};

let network: BridgeNetwork;
let client: RentalClient;

beforeAll(async () => {
  network = await bridgeNetwork();
  client = network.client();
});
afterAll(() => network.close());
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A rental that was just paid, with its job in hand. */
async function claimedRental(): Promise<{ readonly rentalId: RentalId; readonly job: ClaimedJob }> {
  const { rentalId } = network.act((r) => {
    const id = r.market.cloudAccountId;
    okOf(r.as(AGENT.getPrincipal()).publish_catalogue(catalogueOf(id, r.world.timeNs)));
    return paid(r, { offering_id: r.market.bareOfferingId });
  });
  const jobs = await client.claimJobs({ worker: 'one', max: 20 });
  const job = jobs.find((one) => one.rentalId === Number(rentalId));
  if (job === undefined) throw new Error('the job was not handed out');
  return { rentalId: Number(rentalId) as RentalId, job };
}

describe('what agents tell about themselves and their accounts', () => {
  it('sends heartbeats and reads accounts, the installation and credentials', async () => {
    await client.heartbeat({ ageRecipient: ageRecipientOf('bridge'), version: '1.2.3' });
    const [account] = await client.listAgentAccounts();
    expect(account).toMatchObject({ id: network.accountId, backend: 'hetzner', label: 'main' });
    expect(await client.installation()).toBe('test');
    const sealed = await client.sealedCredentials(network.accountId);
    expect(new TextDecoder().decode(sealed)).toContain('age-encryption.org');
  });

  it('publishes a catalogue, and is told if a newer one is there', async () => {
    const readAtMs = Date.now() - 500 + (client.clockOffsetMs() ?? 0);
    await client.publishCatalogue(network.accountId, { readAtMs, catalogue: CATALOGUE });
    const older = { readAtMs: readAtMs - 60_000, catalogue: CATALOGUE };
    await expect(client.publishCatalogue(network.accountId, older)).rejects.toMatchObject({
      reason: 'Conflict',
      isTemporary: false,
    });
  });

  it('tells whether the credentials are taken', async () => {
    await client.reportAccountValidity(network.accountId, 'The token was deleted.');
    await client.reportAccountValidity(network.accountId, undefined);
  });
});

describe('jobs over HTTP', () => {
  it('claims, reads, renews, reports and gives back', async () => {
    const { rentalId, job } = await claimedRental();
    expect(job).toMatchObject({ kind: 'provision', epoch: 1, attempts: 1 });
    const work = await client.getJob(job);
    expect(work).toMatchObject({
      task: { kind: 'provision', rentalId },
      installation: 'test',
      backend: 'hetzner',
      rental: { rentalId, choiceIndex: 0, server: undefined, logBytes: 0 },
    });
    expect(work?.rental?.choices[0]).toMatchObject({ machineType: 'cx23', arch: 'x86' });
    const [renewal] = await client.renewLeases([job]);
    expect(renewal?.leaseUntilMs).toBeGreaterThanOrEqual(job.leaseUntilMs);
    const name = 'dc-test-1';
    const report = {
      ...job,
      seq: 1,
      events: [{ kind: 'intent', choiceIndex: 0, name }] as const,
    };
    expect(await client.reportStep(report)).toMatchObject({ kind: 'taken' });
    expect(await client.reportStep(report)).toMatchObject({ kind: 'taken' });
    const hole = client.reportStep({ ...report, seq: 9 });
    await expect(hole).rejects.toMatchObject({ reason: 'OutOfOrder' });
    await client.releaseJob(job);
    expect(await client.getJob(job)).toBeUndefined();
    expect(await client.reportStep({ ...report, seq: 2 })).toEqual({ kind: 'stale' });
    expect(await client.renewLeases([job])).toEqual([
      { jobId: job.jobId, leaseUntilMs: undefined },
    ]);
    await client.releaseJob(job);
  });

  it('says that a lease is over once its time is', async () => {
    const { job } = await claimedRental();
    network.node.host.skip(LONGER_THAN_A_LEASE_NS);
    expect(await client.getJob(job)).toBeUndefined();
    expect(await client.reportStep({ ...job, seq: 1, events: [] })).toEqual({ kind: 'stale' });
    const again = await client.claimJobs({ worker: 'two', max: 20 });
    expect(again.find(({ jobId }) => jobId === job.jobId)).toMatchObject({ epoch: 2, attempts: 2 });
  });

  it('books what may exist', async () => {
    const { rentalId, job } = await claimedRental();
    const name = `dc-test-${rentalId}`;
    const events = [
      { kind: 'intent', choiceIndex: 0, name },
      { kind: 'server', externalId: '4711' },
    ] as const;
    await client.reportStep({ ...job, seq: 1, events });
    const booked = await client.bookedServers(network.accountId);
    expect(booked.find((row) => row.rentalId === rentalId)).toEqual({
      rentalId,
      state: 'provisioning',
      serverName: name,
      externalId: '4711',
    });
    const verdicts = await client.reportStrays(network.accountId, [
      { externalId: '4711', name, rentalId },
      { externalId: '4712', name: 'dc-test-99', rentalId: undefined },
    ]);
    expect(verdicts).toEqual([
      { externalId: '4711', verdict: 'keep' },
      { externalId: '4712', verdict: 'wait' },
    ]);
  });
});

describe('health over HTTP', () => {
  it('reads what is to be measured and tells what was', async () => {
    const { rentalId, job } = await claimedRental();
    const card = {
      ipv4: '203.0.113.7',
      ipv6: '',
      sshUser: 'root',
      sshPort: 2_222,
      hostKeyFingerprint: `SHA256:${'A'.repeat(43)}`,
      hostKey: `ssh-ed25519 ${'A'.repeat(60)}`,
      serviceUrl: '',
    };
    const events = [
      { kind: 'intent', choiceIndex: 0, name: `dc-test-${rentalId}` },
      { kind: 'server', externalId: '4713' },
      { kind: 'connection', card },
      { kind: 'succeeded', result: { kind: 'ready' } },
    ] as const;
    const ended = await client.reportStep({ ...job, seq: 1, events });
    expect(ended).toEqual({ kind: 'taken', leaseUntilMs: undefined });
    const targets = await client.healthTargets(network.accountId);
    expect(targets.find((row) => row.rentalId === rentalId)).toEqual({
      rentalId,
      externalId: '4713',
      card,
      health: undefined,
      isExcluded: false,
    });
    const hour = Math.floor((Date.now() + (client.clockOffsetMs() ?? 0)) / 3_600_000);
    const rows = [{ rentalId, hour: hour + 24, slots: 0, upto: 1 }];
    expect(await client.reportHealth(rows)).toEqual(['not-over']);
    const atMs = Date.now() + (client.clockOffsetMs() ?? 0) - 1_000;
    const checks = [{ what: 'TCP 22', result: 'refused', latencyMs: 12.5 }];
    await client.reportFlip({ rentalId, atMs, isUp: false, checks, nextCheckMs: atMs + 60_000 });
    expect(await client.reportMachineLost(rentalId)).toBe(false);
  });
});

describe('a wrong clock of this machine', () => {
  it.each([SKEW_MS, -SKEW_MS])('does no harm: off by %i ms', async (byMs) => {
    skewWallClock(byMs);
    const skewed = network.client();
    expect(await skewed.listAgentAccounts()).toHaveLength(1);
    expect(await skewed.renewLeases([])).toEqual([]);
    const networkMs = Number(network.node.replica.timeNs() / 1_000_000n);
    const toldMs = Date.now() + (skewed.clockOffsetMs() ?? Number.NaN);
    expect(Math.abs(toldMs - networkMs)).toBeLessThan(10_000);
  });

  it('does no harm either when it is set while the bridge runs', async () => {
    const running = network.client();
    expect(await running.renewLeases([])).toEqual([]);
    skewWallClock(SKEW_MS);
    expect(await running.renewLeases([])).toEqual([]);
    expect(await running.listAgentAccounts()).toHaveLength(1);
    vi.unstubAllGlobals();
    expect(await running.renewLeases([])).toEqual([]);
  });
});

describe('a canister that does not answer', () => {
  it('is told apart from one that refuses', async () => {
    const stranger = client.getJob({ jobId: 999_999 as never, epoch: 1 });
    await expect(stranger).rejects.toBeInstanceOf(CanisterRefusal);
  });

  it('is unavailable while it is stopped, and is there again after it was started', async () => {
    network.act((r) => r.world.complete(r.world.stop(r.rentalId)));
    await expect(client.claimJobs({ worker: 'one', max: 1 })).rejects.toBeInstanceOf(
      CanisterUnavailable,
    );
    await expect(client.listAgentAccounts()).rejects.toBeInstanceOf(CanisterUnavailable);
    network.act((r) => r.world.start(r.rentalId));
    expect(await client.renewLeases([])).toEqual([]);
  });

  it('is unavailable where nobody listens', async () => {
    const nowhere = network.client({ host: 'http://127.0.0.1:9' });
    await expect(nowhere.renewLeases([])).rejects.toBeInstanceOf(CanisterUnavailable);
    expect(nowhere.clockOffsetMs()).toBeUndefined();
    expect(nowhere.answeredAgoMs()).toBeUndefined();
  });

  it('is not believed if somebody changes its answers on the way', async () => {
    const forged: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const isQuery = String(input instanceof Request ? input.url : input).endsWith('/query');
      if (!isQuery) return response;
      const body = new Uint8Array(await response.arrayBuffer());
      const at = Buffer.from(body).indexOf('main');
      if (at !== -1) body[at] = 'M'.charCodeAt(0);
      return new Response(body, { status: response.status, headers: response.headers });
    };
    const deceived = network.client({ fetch: forged });
    await expect(deceived.listAgentAccounts()).rejects.toBeInstanceOf(CanisterUnavailable);
  });

  it('counts calls by how they ended', () => {
    const { counts } = network.metrics;
    expect(counts.get('canister_calls{method=claim_jobs,outcome=ok}')).toBeGreaterThan(0);
    expect(counts.get('canister_calls{method=claim_jobs,outcome=unavailable}')).toBe(1);
    expect(counts.get('canister_calls{method=get_job,outcome=refused}')).toBeGreaterThan(0);
  });
});

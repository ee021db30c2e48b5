import { ManualClock } from '@decent-cloud/localnet/clouds/cloud-clock.ts';
import type { FaultInput } from '@decent-cloud/localnet/clouds/hetzner/faults/fault.ts';
import type { ApiShape } from '@decent-cloud/localnet/clouds/hetzner/settings.ts';
import {
  startHetznerCloud,
  type HetznerCloud,
} from '@decent-cloud/localnet/clouds/hetzner/start-hetzner-cloud.ts';
import { createHetznerProvider } from '../src/providers/hetzner/hetzner.provider.ts';
import { seededRandom } from '../src/testing/seeded-random.fake.ts';
import type { CloudWorld, WorldFault } from './cloud-world.ts';
import { EagerClock } from './eager-clock.fake.ts';

const PROJECT = 'good';
/** As long as real ones. */
const TOKENS = {
  good: 'Good0'.padEnd(64, 'g7'),
  'read-only': 'Read0'.padEnd(64, 'r8'),
  other: 'Other'.padEnd(64, 'o9'),
  wrong: 'Wrong'.padEnd(64, 'w0'),
} as const;
const MACHINE = {
  machineType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  arch: 'x86',
  cores: 2,
  memoryMb: 4_096,
  diskGb: 40,
  country: 'DE',
} as const;

const FAULTS: Readonly<Record<WorldFault, readonly FaultInput[]>> = {
  'sold-out': [{ effect: { kind: 'no-capacity' } }],
  quota: [{ effect: { kind: 'quota' } }],
  revoked: [{ effect: { kind: 'token-revoked' } }],
  busy: (['POST', 'PUT', 'DELETE'] as const).map((method) => ({
    effect: { kind: 'error', status: 423, code: 'locked' },
    scope: { method },
  })),
  'server-error': [{ effect: { kind: 'error', status: 500, code: 'server_error' } }],
  maintenance: [{ effect: { kind: 'error', status: 503, code: 'maintenance' } }],
  'proxy-page': [{ effect: { kind: 'html', status: 502 } }],
  'lost-request': [{ effect: { kind: 'lost-request' } }],
  'lost-response': [{ effect: { kind: 'lost-response' } }],
  'rate-limited': [{ effect: { kind: 'rate-limited' } }],
  'no-ipv4': [{ effect: { kind: 'no-ipv4' } }],
  'unknown-words': [
    { effect: { kind: 'unknown-values', fields: ['status', 'architecture', 'cpu_type'] } },
  ],
  'echoed-token': [
    {
      effect: {
        kind: 'error',
        status: 422,
        code: 'invalid_input',
        message: `no: Authorization: Bearer ${TOKENS.good}, ${TOKENS.good}`,
        details: { fields: [{ name: 'token', messages: [TOKENS.good] }] },
      },
    },
  ],
};

/** The simulated Hetzner cloud, with its time and that of the providers in one. */
export async function openHetznerWorld(apiShape: ApiShape): Promise<CloudWorld> {
  const start = new EagerClock().nowMs();
  const cloudClock = new ManualClock(start);
  const clock = new EagerClock((durationMs) => cloudClock.advance(durationMs));
  const problems: string[] = [];
  const cloud = await startHetznerCloud({
    apiShape,
    clock: cloudClock,
    projects: [
      { name: PROJECT, tokens: [TOKENS.good], readOnlyTokens: [TOKENS['read-only']] },
      { name: 'other', tokens: [TOKENS.other] },
    ],
    onProblem: (problem) => problems.push(problem),
  });
  return {
    machine: MACHINE,
    secrets: Object.values(TOKENS),
    connect: (credentials) =>
      createHetznerProvider({
        token: TOKENS[credentials],
        baseUrl: cloud.endpoint,
        clock,
        random: seededRandom(7),
      }),
    inject(fault, { times, on } = {}) {
      for (const input of FAULTS[fault]) {
        const scope = on === 'orders' ? { method: 'POST' as const, path: '/servers' } : undefined;
        cloud.faults.add({
          ...input,
          ...(times !== undefined && { times }),
          ...(scope !== undefined && { scope }),
        });
      }
    },
    heal: () => cloud.faults.clear(),
    sellOut: () => {
      const { machineType: serverType, location } = MACHINE;
      cloud.control.setStock([{ serverType, location, available: false }]);
    },
    servers: () =>
      cloud.servers().map(({ id, name, labels }) => ({ externalId: id.toString(), name, labels })),
    async place({ name, labels, isProtected = false }) {
      const id = cloud.control.addForeignServer({ project: PROJECT, name, labels });
      if (isProtected) await protect(cloud, id);
      return id.toString();
    },
    requests: () => total(cloud, () => true),
    refusals: () => total(cloud, (status) => status === 429),
    setRemaining: (count) => cloud.control.setRateLimitRemaining(PROJECT, count),
    nowMs: () => clock.nowMs(),
    passTime: (durationMs) => clock.advance(durationMs),
    async close() {
      await cloud.close();
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
}

/** As somebody would in the console. */
async function protect(cloud: HetznerCloud, id: number): Promise<void> {
  const answer = await fetch(`${cloud.endpoint}/servers/${id}/actions/change_protection`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENS.good}`, 'content-type': 'application/json' },
    body: JSON.stringify({ delete: true, rebuild: true }),
  });
  if (!answer.ok) throw new Error(`not protected: HTTP ${answer.status}`);
}

function total(cloud: HetznerCloud, counts: (status: number) => boolean): number {
  return cloud
    .requests()
    .filter(({ status }) => counts(status))
    .reduce((sum, { count }) => sum + count, 0);
}

import { afterEach, describe, expect, it } from 'vitest';
import { EagerClock } from '../../../test/eager-clock.fake.ts';
import {
  scriptedHttp,
  type Answer,
  type ScriptedHttp,
  type SeenRequest,
} from '../../../test/scripted-http.fake.ts';
import type { CloudProvider, ServerSpec } from '../../ports/cloud.port.ts';
import { createHetznerProvider } from './hetzner.provider.ts';

const SPEC: ServerSpec = {
  name: 'dc-market-7',
  labels: { 'managed-by': 'decent-cloud', 'dc-installation': 'market' },
  machine: {
    machineType: 'cx23',
    location: 'fsn1',
    image: 'ubuntu-24.04',
    arch: 'x86',
    cores: 2,
    memoryMb: 4_096,
    diskGb: 40,
    country: 'DE',
  },
  userData: '#cloud-config\n',
};
const ROW = { id: 42, name: SPEC.name, status: 'initializing', labels: SPEC.labels };
const NOT_FOUND = refusal(404, 'not_found', "server with ID '42' not found");

let http: ScriptedHttp | undefined;
let clock = new EagerClock();
afterEach(async () => {
  await http?.close();
  http = undefined;
});

function refusal(status: number, code: string, message = code): Answer {
  return { status, body: { error: { code, message, details: null } } };
}

/** Answers in order; the last one for all that follow. */
async function cloudThat(...answers: readonly Answer[]): Promise<CloudProvider> {
  let next = 0;
  return cloudOf(() => {
    const answer = answers[Math.min(next, answers.length - 1)] ?? 'reset';
    next += 1;
    return answer;
  });
}

async function cloudOf(
  answer: (request: SeenRequest) => Answer,
  more: { readonly timeoutMs?: number } = {},
): Promise<CloudProvider> {
  http = await scriptedHttp(answer);
  clock = new EagerClock();
  const baseUrl = http.url;
  return createHetznerProvider({ token: 't0k', baseUrl, clock, random: () => 0.5, ...more });
}

function sent(): readonly string[] {
  return (http?.seen ?? []).map(({ method, path }) => `${method} ${path}`);
}

function patience(): AbortSignal {
  return new AbortController().signal;
}

const nothing = (): Promise<void> => Promise.resolve();

describe('create', () => {
  it('orders exactly what was asked for, and no SSH key of the project', async () => {
    const cloud = await cloudThat({ status: 201, body: { server: ROW, root_password: 'pw' } });
    const server = await cloud.create(SPEC, nothing, patience());
    expect(server).toMatchObject({ externalId: '42', status: 'starting', ipv4: undefined });
    expect(sent()).toEqual(['POST /servers']);
    expect(http?.seen[0]?.body).toEqual({
      name: 'dc-market-7',
      server_type: 'cx23',
      image: 'ubuntu-24.04',
      location: 'fsn1',
      labels: SPEC.labels,
      user_data: '#cloud-config\n',
      public_net: { enable_ipv4: true, enable_ipv6: true },
      start_after_create: true,
    });
  });

  it('tells the id before it reads anything else, and minds nothing else', async () => {
    const cloud = await cloudThat({ status: 201, body: { server: { id: 42, name: null } } });
    const told: string[] = [];
    const server = await cloud.create(
      SPEC,
      (id) => Promise.resolve(void told.push(id)),
      patience(),
    );
    expect(told).toEqual(['42']);
    expect(server).toMatchObject({ externalId: '42', name: SPEC.name, labels: SPEC.labels });
  });

  it('lets through what the one who was told says', async () => {
    const cloud = await cloudThat({ status: 201, body: { server: ROW } });
    const lost = new Error('lease lost');
    const told = cloud.create(SPEC, () => Promise.reject(lost), patience());
    await expect(told).rejects.toBe(lost);
  });

  it.each<[string, Answer]>([
    ['an answer without an id', { status: 201, body: { server: {} } }],
    ['a page', { status: 200, body: '<html>' }],
    ['HTTP 502', { status: 502, body: '<html>' }],
    ['a broken connection', 'reset'],
    ['a timeout of Hetzner', refusal(504, 'timeout')],
  ])(
    'does not order twice after %s, and does not say that there is none',
    async (_name, answer) => {
      const cloud = await cloudThat(answer);
      const ordered = cloud.create(SPEC, nothing, patience());
      await expect(ordered).rejects.toMatchObject({ class: 'unknown' });
      expect(sent()).toEqual(['POST /servers']);
    },
  );

  it('orders again after a refusal because of the limit', async () => {
    const limited = refusal(429, 'rate_limit_exceeded');
    const cloud = await cloudThat(limited, limited, { status: 201, body: { server: ROW } });
    await cloud.create(SPEC, nothing, patience());
    expect(sent()).toEqual(['POST /servers', 'POST /servers', 'POST /servers']);
  });

  it('orders nothing that is too long for Hetzner', async () => {
    const cloud = await cloudThat({});
    const spec = { ...SPEC, userData: 'ü'.repeat(16 * 1_024 + 1) };
    await expect(cloud.create(spec, nothing, patience())).rejects.toMatchObject({
      class: 'config',
    });
    expect(sent()).toEqual([]);
  });

  it('sends nothing for a caller who has given up', async () => {
    const cloud = await cloudThat({});
    const ordered = cloud.create(SPEC, nothing, AbortSignal.abort());
    await expect(ordered).rejects.toMatchObject({ class: 'transient' });
    expect(sent()).toEqual([]);
  });
});

describe('a cloud that says nothing', () => {
  it('is not waited for longer than a call may take', async () => {
    const cloud = await cloudOf(() => 'silence', { timeoutMs: 50 });
    const created = cloud.create(SPEC, nothing, patience());
    await expect(created).rejects.toMatchObject({ class: 'unknown' });
    for (const call of [
      cloud.get('42', patience()),
      cloud.peek('42', 0, patience()),
      cloud.delete('42', patience()),
      cloud.validate(patience()),
      cloud.catalogue(patience()),
    ]) {
      await expect(call).rejects.toMatchObject({ class: 'transient' });
    }
  });

  it('is given up with the caller, who does not know what came of an order', async () => {
    const controller = new AbortController();
    const cloud = await cloudOf(() => {
      controller.abort(new Error('the lease is lost'));
      return 'silence';
    });
    const created = cloud.create(SPEC, nothing, controller.signal);
    await expect(created).rejects.toMatchObject({ class: 'unknown' });
    const asked = cloud.get('42', controller.signal);
    await expect(asked).rejects.toMatchObject({ class: 'transient', name: 'WorkError' });
    expect(sent()).toEqual(['POST /servers']);
  });
});

describe('get', () => {
  it('asks again after faults of Hetzner, a few times', async () => {
    const cloud = await cloudThat({ status: 502, body: '' }, 'reset', { body: { server: ROW } });
    expect(await cloud.get('42', patience())).toMatchObject({ externalId: '42' });
    expect(sent()).toHaveLength(3);
    const broken = await cloudThat({ status: 502, body: '' });
    await expect(broken.get('42', patience())).rejects.toMatchObject({ class: 'transient' });
    expect(http?.seen).toHaveLength(5);
  });

  it('takes only the word of Hetzner itself for a server that is gone', async () => {
    const cloud = await cloudThat(NOT_FOUND, { status: 404, body: '<h1>404</h1>' });
    expect(await cloud.get('42', patience())).toBeUndefined();
    await expect(cloud.get('42', patience())).rejects.toMatchObject({ class: 'transient' });
    const lost = await cloudThat(refusal(404, 'not_found', 'api route not found'));
    await expect(lost.get('42', patience())).rejects.toMatchObject({ class: 'transient' });
  });

  it.each(['', '../actions', '4.2', '99999999999999999'])('does not ask for %j', async (id) => {
    const cloud = await cloudThat({});
    await expect(cloud.get(id, patience())).rejects.toMatchObject({ class: 'config' });
    expect(sent()).toEqual([]);
  });
});

describe('findByName', () => {
  it('takes no server of another name', async () => {
    const cloud = await cloudThat({ body: { servers: [{ ...ROW, name: 'dc-market-77' }] } });
    expect(await cloud.findByName('dc-market-7', patience())).toBeUndefined();
    expect(http?.seen[0]?.query.get('name')).toBe('dc-market-7');
  });

  it('does not say that there is none when it cannot read the answer', async () => {
    const cloud = await cloudThat({ body: { servers: [{ ...ROW, id: 'x' }] } });
    const found = cloud.findByName('dc-market-7', patience());
    await expect(found).rejects.toMatchObject({ class: 'transient' });
  });
});

describe('listManaged', () => {
  it('reads page after page, and keeps what is ours once', async () => {
    const theirs = { ...ROW, id: 9, labels: { 'managed-by': 'decent-cloud' } };
    const pages = [
      { servers: [ROW, theirs], meta: { pagination: { next_page: 2 } } },
      { servers: [ROW, { ...ROW, id: 43 }], meta: { pagination: { next_page: null } } },
    ];
    const cloud = await cloudThat(...pages.map((body) => ({ body })));
    const servers = await cloud.listManaged('market', patience());
    expect(servers.map(({ externalId }) => externalId)).toEqual(['42', '43']);
    const [first, second] = http?.seen ?? [];
    const selector = 'managed-by=decent-cloud,dc-installation=market';
    expect(first?.query.get('label_selector')).toBe(selector);
    expect(second?.query.get('page')).toBe('2');
  });

  it('goes on after a full page that does not say whether there is another', async () => {
    const full = Array.from({ length: 50 }, (_, index) => ({ ...ROW, id: index + 1 }));
    const cloud = await cloudThat({ body: { servers: full } }, { body: { servers: [ROW] } });
    expect(await cloud.listManaged('market', patience())).toHaveLength(50);
    expect(sent()).toHaveLength(2);
  });

  it('asks for no labels that would mean something else', async () => {
    const cloud = await cloudThat({});
    const listed = cloud.listManaged('a,b', patience());
    await expect(listed).rejects.toMatchObject({ class: 'config' });
    expect(sent()).toEqual([]);
  });
});

describe('peek', () => {
  const list = (...rows: readonly object[]): Answer => ({ body: { servers: rows } });

  it('asks for the server itself when the list does not have it', async () => {
    const unlabelled = { ...ROW, labels: {} };
    const cloud = await cloudThat(list(), { body: { server: unlabelled } });
    expect(await cloud.peek('42', 5_000, patience())).toMatchObject({ externalId: '42' });
    expect(sent()).toEqual(['GET /servers', 'GET /servers/42']);
  });

  it('does not look for a new server in a list from before', async () => {
    const rows: object[] = [{ ...ROW, id: 1 }];
    const cloud = await cloudOf(({ method }) => {
      if (method === 'GET') return list(...rows);
      rows.push(ROW);
      return { status: 201, body: { server: ROW } };
    });
    await cloud.peek('1', 0, patience());
    clock.advance(2_000);
    await cloud.create(SPEC, nothing, patience());
    expect(await cloud.peek('42', 60_000, patience())).toMatchObject({ externalId: '42' });
    expect(sent()).toEqual(['GET /servers', 'POST /servers', 'GET /servers']);
  });

  it('takes a list from after the deletion for enough', async () => {
    const cloud = await cloudOf(({ method }) =>
      method === 'DELETE' ? { body: { action: { id: 1 } } } : list(),
    );
    await cloud.delete('42', patience());
    expect(await cloud.peek('42', 0, patience())).toBeUndefined();
    expect(sent()).toEqual(['DELETE /servers/42', 'GET /servers']);
  });
});

describe('delete', () => {
  const PROTECTED = refusal(423, 'protected', 'server is protected');
  const ACTION: Answer = { status: 201, body: { action: { id: 1 } } };

  it('is done when the server is gone', async () => {
    const cloud = await cloudThat(NOT_FOUND);
    await cloud.delete('42', patience());
    expect(sent()).toEqual(['DELETE /servers/42']);
  });

  it('asks again when the answer is lost', async () => {
    const cloud = await cloudThat('reset', NOT_FOUND);
    await cloud.delete('42', patience());
    expect(sent()).toHaveLength(2);
  });

  it('is done when the deletion is under way, and only then', async () => {
    const locked = refusal(423, 'locked');
    const deleting = { body: { server: { ...ROW, status: 'deleting' } } };
    const cloud = await cloudThat(locked, deleting, locked, { body: { server: ROW } });
    await cloud.delete('42', patience());
    const busy = cloud.delete('42', patience());
    await expect(busy).rejects.toMatchObject({ class: 'transient', retryAfterMs: 5_000 });
    expect(sent()).toHaveLength(4);
  });

  it('takes the protection off a server of ours', async () => {
    const locked = refusal(423, 'locked');
    const cloud = await cloudThat(PROTECTED, { body: { server: ROW } }, ACTION, locked, ACTION);
    await cloud.delete('42', patience());
    expect(sent()).toEqual([
      'DELETE /servers/42',
      'GET /servers/42',
      'POST /servers/42/actions/change_protection',
      'DELETE /servers/42',
      'DELETE /servers/42',
    ]);
  });

  it("does not touch somebody else's", async () => {
    const foreign = { body: { server: { ...ROW, labels: { 'managed-by': 'terraform' } } } };
    const cloud = await cloudThat(PROTECTED, foreign);
    await expect(cloud.delete('42', patience())).rejects.toMatchObject({ class: 'config' });
    expect(sent()).toEqual(['DELETE /servers/42', 'GET /servers/42']);
  });

  it('does not try for ever', async () => {
    const cloud = await cloudOf(({ method }) => {
      if (method === 'GET') return { body: { server: ROW } };
      return method === 'POST' ? ACTION : PROTECTED;
    });
    await expect(cloud.delete('42', patience())).rejects.toMatchObject({ class: 'config' });
    expect(sent()).toHaveLength(8);
  });
});

describe('validate', () => {
  const LIST: Answer = { body: { servers: [] } };

  it.each<[string, readonly Answer[], object]>([
    ['one that may write', [LIST, NOT_FOUND], { kind: 'valid' }],
    [
      'one that Hetzner tells to change something',
      [LIST, refusal(422, 'invalid_input')],
      { kind: 'valid' },
    ],
    ['a wrong one', [refusal(401, 'unauthorized')], { kind: 'invalid' }],
    ['one for reading', [LIST, refusal(403, 'token_readonly')], { kind: 'invalid' }],
  ])('%s', async (_name, answers, expected) => {
    const cloud = await cloudThat(...answers);
    expect(await cloud.validate(patience())).toMatchObject(expected);
  });

  it('changes nothing about a server that cannot exist', async () => {
    const cloud = await cloudThat(LIST, NOT_FOUND);
    await cloud.validate(patience());
    expect(sent()).toEqual(['GET /servers', `PUT /servers/${Number.MAX_SAFE_INTEGER}`]);
    expect(http?.seen[1]?.body).toEqual({});
  });

  it.each<[string, readonly Answer[]]>([
    ['Hetzner does not answer', [{ status: 502, body: '' }]],
    ['something else answers', [{ body: '<html>' }]],
    ['there is no API there', [refusal(404, 'not_found', 'api route not found')]],
  ])('says nothing about the token when %s', async (_name, answers) => {
    const cloud = await cloudThat(...answers);
    await expect(cloud.validate(patience())).rejects.toMatchObject({ class: 'transient' });
  });
});

describe('power', () => {
  it.each([
    ['on', 'poweron'],
    ['off', 'poweroff'],
    ['shutdown', 'shutdown'],
    ['reboot', 'reboot'],
  ] as const)('%s', async (order, path) => {
    const cloud = await cloudThat({ status: 201, body: { action: { id: 1 } } });
    await cloud.power('42', order, patience());
    expect(sent()).toEqual([`POST /servers/42/actions/${path}`]);
  });

  it('does not reboot twice', async () => {
    const cloud = await cloudThat('reset');
    const reboot = cloud.power('42', 'reboot', patience());
    await expect(reboot).rejects.toMatchObject({ class: 'unknown' });
    expect(sent()).toHaveLength(1);
  });

  it('knows that there is nothing to switch', async () => {
    const cloud = await cloudThat(NOT_FOUND);
    await expect(cloud.power('42', 'on', patience())).rejects.toMatchObject({ class: 'config' });
  });
});

describe('usage', () => {
  it('counts requests and tells what is left', async () => {
    const headers = { 'ratelimit-limit': '3600', 'ratelimit-remaining': '3500' };
    const cloud = await cloudThat({ body: { servers: [] }, headers });
    expect(cloud.usage()).toEqual({ requests: 0, remaining: undefined, waiting: 0 });
    await cloud.findByName('a', patience());
    expect(cloud.usage()).toEqual({ requests: 1, remaining: 3_500, waiting: 0 });
  });
});

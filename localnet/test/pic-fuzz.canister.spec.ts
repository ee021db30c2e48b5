import { fc, test } from '@fast-check/vitest';
import { beforeAll, describe, expect } from 'vitest';
import { createRunningInstance } from '../src/pic/create-running-instance.ts';
import { createPicApp } from '../src/pic/pic-app.ts';

const app = createPicApp(createRunningInstance);
const ORIGIN = 'http://127.0.0.1';

const POST_PATHS = [
  '/read/query',
  '/read/pub_key',
  '/read/get_subnet',
  '/read/get_controllers',
  '/read/get_cycles',
  '/read/get_stable_memory',
  '/read/ingress_status',
  '/update/set_certified_time',
  '/update/add_cycles',
  '/update/set_stable_memory',
  '/update/submit_ingress_message',
  '/update/await_ingress_message',
  '/update/mock_canister_http',
];
const FIELDS = [
  'canister_id',
  'subnet_id',
  'sender',
  'method',
  'payload',
  'effective_principal',
  'message_id',
  'raw_message_id',
  'nanos_since_epoch',
  'amount',
  'blob_id',
  'request_id',
  'response',
  'CanisterHttpReply',
  'SubnetId',
];

/** Often nearly right: the names that are expected, with values of every kind. */
const { body } = fc.letrec((tie) => ({
  scalar: fc.oneof(
    fc.constantFrom('None', '', 'BA==', 'AAAAAAAAAAAAAA==', 'AAAAAABQAAABAQ=='),
    fc.string({ maxLength: 12 }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.maxSafeInteger(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  ),
  body: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('scalar'),
    fc.array(tie('body'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('body'), { maxKeys: 6 }),
  ),
}));

async function post(path: string, text: string): Promise<Response> {
  return app.fetch(new Request(`${ORIGIN}${path}`, { method: 'POST', body: text }));
}

describe('PocketIC protocol under any input', () => {
  let base: string;

  beforeAll(async () => {
    const created = await post('/instances', '{"subnet_config_set":{"application":[{}]}}');
    const { Created } = (await created.json()) as { Created: { instance_id: number } };
    base = `/instances/${Created.instance_id}`;
  });

  test.prop(
    [
      fc.constantFrom(...POST_PATHS),
      fc.oneof(
        body.map((v) => JSON.stringify(v)),
        fc.string(),
      ),
    ],
    {
      numRuns: 3_000,
    },
  )('answers with a result or a message, never a failure of its own', async (path, text) => {
    const response = await post(`${base}${path}`, text);
    expect([200, 400]).toContain(response.status);
    const answer = (await response.json()) as unknown;
    if (response.status === 400) expect(answer).toHaveProperty('message');
    expect((await post(`${base}/update/tick`, '{}')).status).toBe(200);
  });

  test.prop([body], { numRuns: 1_000 })(
    'creates no instance from what it cannot read',
    async (value) => {
      const response = await post('/instances', JSON.stringify({ subnet_config_set: value }));
      expect(response.status).toBe(400);
      const states = await app.fetch(new Request(`${ORIGIN}/instances`));
      expect(await states.text()).toBe('["Available"]');
    },
  );
});

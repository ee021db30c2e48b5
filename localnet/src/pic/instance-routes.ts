import type { Principal } from '@dfinity/principal';
import { Hono } from 'hono';
import { z } from 'zod';
import type { MessageId } from '../core/types.ts';
import type { BlobStore } from './blob-store.ts';
import { findSubnetOf, subnetById } from './call-routing.ts';
import {
  encodeReject,
  encodeResponse,
  encodeSubnetPrincipal,
  messageIdSchema,
  parseCanisterCall,
} from './canister-call.ts';
import { encodePendingOutcalls, mockOutcall } from './https-outcalls.ts';
import { answerJson, answerJsonBigints, readJson, readJsonBigints } from './json-answers.ts';
import { PicError } from './pic-error.ts';
import type { PicInstance } from './pic-instance.ts';
import { encodeTopology } from './topology.ts';
import {
  bytesSchema,
  encodeBytes,
  encodePrincipal,
  principalSchema,
  unsignedSchema,
} from './wire.ts';

/** Endpoints of one instance, relative to `/instances/{id}`. */

const canisterIdSchema = z.object({ canister_id: principalSchema });
const subnetIdSchema = z.object({ subnet_id: principalSchema });
const timeSchema = z.object({ nanos_since_epoch: unsignedSchema(64) });
const addCyclesSchema = z.object({ canister_id: principalSchema, amount: unsignedSchema(128) });
const stableMemorySchema = z.object({ canister_id: principalSchema, blob_id: bytesSchema });
const progressSchema = z.object({ artificial_delay_ms: z.int().nonnegative().nullish() });
const statusSchema = z.object({
  raw_message_id: messageIdSchema,
  raw_caller: z
    .union([
      principalSchema,
      z.object({ principal_id: principalSchema }).transform((caller) => caller.principal_id),
    ])
    .nullish(),
});

export function createInstanceRoutes(pic: PicInstance, blobs: BlobStore): Hono {
  const routes = new Hono();
  routes.get('/_/topology', () => answerJson(encodeTopology(pic.plan)));
  addTimeRoutes(routes, pic);
  addCallRoutes(routes, pic);
  addCanisterRoutes(routes, pic, blobs);
  routes.get('/read/get_canister_http', () => answerJson(encodePendingOutcalls(pic)));
  routes.post('/update/mock_canister_http', async (context) => {
    mockOutcall(pic, await readJson(context));
    return answerJson(null);
  });
  return routes;
}

function addTimeRoutes(routes: Hono, pic: PicInstance): void {
  routes.get('/read/get_time', () => answerJsonBigints({ nanos_since_epoch: pic.timeNs() }));
  for (const isCertified of [false, true]) {
    const path = isCertified ? '/update/set_certified_time' : '/update/set_time';
    routes.post(path, async (context) => {
      const { nanos_since_epoch } = timeSchema.parse(await readJsonBigints(context));
      pic.setTime({ toNs: nanos_since_epoch, isCertified });
      return answerJson(null);
    });
  }
  routes.post('/update/tick', () => {
    pic.tick();
    return answerJson(null);
  });
  routes.get('/auto_progress', () => answerJson(pic.isLive));
  routes.post('/auto_progress', async (context) => {
    const { artificial_delay_ms } = progressSchema.parse(await readJson(context));
    pic.startProgress(artificial_delay_ms ?? 0);
    return answerJson(null);
  });
  routes.post('/stop_progress', () => {
    pic.stopProgress();
    return answerJson(null);
  });
}

function addCallRoutes(routes: Hono, pic: PicInstance): void {
  routes.post('/read/query', async (context) => {
    const call = parseCanisterCall(await readJson(context));
    return answerJson(encodeResponse(pic.query(call), false));
  });
  routes.post('/update/submit_ingress_message', async (context) => {
    const outcome = pic.submit(parseCanisterCall(await readJson(context)));
    if (outcome.kind === 'refused') return answerJson({ Err: encodeReject(outcome.reject, false) });
    const { id, subnet } = outcome;
    const message_id = encodeBytes(new Uint8Array(Buffer.from(id, 'hex')));
    return answerJson({
      Ok: { effective_principal: encodeSubnetPrincipal(subnet.id), message_id },
    });
  });
  routes.post('/update/await_ingress_message', async (context) => {
    const { message_id } = messageIdSchema.parse(await readJson(context));
    const response = await pic.awaitMessage(messageIdOf(message_id));
    return answerJson(encodeResponse(response, true));
  });
  routes.post('/read/ingress_status', async (context) => {
    const { raw_message_id, raw_caller } = statusSchema.parse(await readJson(context));
    const id = messageIdOf(raw_message_id.message_id);
    refuseForeign(pic, id, raw_caller ?? undefined);
    const response = pic.messageResponse(id);
    return answerJson(response === undefined ? null : encodeResponse(response, true));
  });
}

function addCanisterRoutes(routes: Hono, pic: PicInstance, blobs: BlobStore): void {
  routes.post('/read/pub_key', async (context) => {
    subnetById(pic.plan, subnetIdSchema.parse(await readJson(context)).subnet_id);
    return answerJson([...pic.replica.rootKey]);
  });
  routes.post('/read/get_subnet', async (context) => {
    const { canister_id } = canisterIdSchema.parse(await readJson(context));
    const exists = pic.replica.canister(canister_id) !== undefined;
    const subnet = exists ? findSubnetOf(pic.plan, canister_id) : undefined;
    return answerJson(subnet === undefined ? null : { subnet_id: encodePrincipal(subnet.id) });
  });
  routes.post('/read/get_controllers', async (context) => {
    const { canister_id } = canisterIdSchema.parse(await readJson(context));
    const { controllers } = pic.existingCanister(canister_id);
    return answerJson(controllers.map((id) => ({ principal_id: encodePrincipal(id) })));
  });
  routes.post('/read/get_cycles', async (context) => {
    const { canister_id } = canisterIdSchema.parse(await readJson(context));
    return answerJsonBigints({ cycles: pic.existingCanister(canister_id).cycles });
  });
  routes.post('/update/add_cycles', async (context) => {
    const { canister_id, amount } = addCyclesSchema.parse(await readJsonBigints(context));
    const { id } = pic.existingCanister(canister_id);
    return answerJsonBigints({ cycles: pic.replica.addCycles(id, amount) });
  });
  routes.post('/read/get_stable_memory', async (context) => {
    const { canister_id } = canisterIdSchema.parse(await readJson(context));
    const bytes = pic.installedCanister(canister_id).stableMemory();
    return answerJson({ blob: encodeBytes(bytes) });
  });
  routes.post('/update/set_stable_memory', async (context) => {
    const { canister_id, blob_id } = stableMemorySchema.parse(await readJson(context));
    const { id } = pic.installedCanister(canister_id);
    pic.replica.setStableMemory(id, blobs.content(blob_id));
    return answerJson(null);
  });
}

function messageIdOf(bytes: Uint8Array): MessageId {
  return Buffer.from(bytes).toString('hex') as MessageId;
}

function refuseForeign(pic: PicInstance, id: MessageId, caller: Principal | undefined): void {
  const sender = pic.replica.ingressOrigin(id)?.sender;
  if (caller === undefined || sender === undefined) return;
  if (sender.compareTo(caller) !== 'eq') {
    throw new PicError(
      'Forbidden("The user tries to access Request ID not signed by the caller.")',
    );
  }
}

import { ApiError, invalidInput, notFound, notUnique } from '../api-error.ts';
import type { CloudParts } from '../parts.ts';
import type { z } from 'zod';
import { readFields } from '../rules/read-fields.ts';
import { createServerSchema } from '../rules/server-fields.ts';
import {
  noCapacity,
  refuseUnavailable,
  resolveMachine,
  type Machine,
} from '../rules/server-order.ts';
import { makeServer, type NewServer } from '../servers/make-server.ts';
import { actionJson, serverJson } from '../wire/server-json.ts';
import { created, type ApiAnswer, type ApiRequest } from './endpoint.ts';
import { fateFor } from './fate.ts';
import { primaryIps } from './networking.route.ts';

type Fields = z.output<typeof createServerSchema>;

/** `POST /servers`. Nothing is made unless the answer is 201. Errors: `ApiError`. */
export function answerCreate(parts: CloudParts, request: ApiRequest): ApiAnswer {
  const { project, nowMs, takeFault, body } = request;
  const fields = readFields(createServerSchema, body);
  const machine = resolveMachine(fields, parts.stock);
  const keyIds = resolveKeys(parts, request, fields.ssh_keys ?? []);
  if (parts.state.serverNamed(project.name, fields.name) !== undefined) {
    throw notUnique('name', 'server name is already used');
  }
  const order = orderOf(fields, machine, { request, hasSshKeys: keyIds.length > 0 });
  refuseOverLimit(parts, request, order);
  refuseWithoutCapacity(parts, request, machine);
  const { server, action, nextActions } = makeServer(parts, withFaults(order, request), (command) =>
    fateFor(takeFault, command),
  );
  const { stock, settings } = parts;
  return created({
    server: serverJson(server, { stock, nowMs, apiShape: settings.apiShape }),
    action: actionJson(action, server, nowMs),
    next_actions: nextActions.map((next) => actionJson(next, server, nowMs)),
    root_password: order.hasSshKeys ? null : parts.newPassword(),
  });
}

function orderOf(
  fields: Fields,
  machine: Machine,
  { request, hasSshKeys }: { request: ApiRequest; hasSshKeys: boolean },
): NewServer {
  const firewallIds = (fields.firewalls ?? []).map(({ firewall }) => firewall);
  for (const id of firewallIds) {
    if (!request.project.firewalls.some((one) => one.id === id)) {
      throw notFound('firewall', id.toString());
    }
  }
  return {
    project: request.project.name,
    name: fields.name,
    labels: fields.labels ?? {},
    serverType: machine.type.name,
    imageId: machine.image.id,
    location: machine.location,
    userData: fields.user_data ?? null,
    hasMachine: true,
    hasSshKeys,
    firewallIds,
    ipv4AfterMs: (fields.public_net?.enable_ipv4 ?? true) ? 0 : undefined,
    hasIpv6: fields.public_net?.enable_ipv6 ?? true,
    isStarted: fields.start_after_create ?? true,
    vanishAfterMs: undefined,
  };
}

function withFaults(order: NewServer, { takeFault }: ApiRequest): NewServer {
  const hasNoAddress = takeFault('no-addresses') !== undefined;
  const hasNoIpv4 = hasNoAddress || takeFault('no-ipv4') !== undefined;
  const lateMs = order.ipv4AfterMs === undefined ? undefined : takeFault('late-ipv4')?.afterMs;
  return {
    ...order,
    ipv4AfterMs: hasNoIpv4 ? undefined : (lateMs ?? order.ipv4AfterMs),
    hasIpv6: !hasNoAddress && order.hasIpv6,
    vanishAfterMs: takeFault('vanish')?.afterMs,
  };
}

function resolveKeys(
  { state }: CloudParts,
  { project }: ApiRequest,
  wanted: readonly string[],
): readonly number[] {
  const keys = state.sshKeys.all().filter((key) => key.project === project.name);
  return wanted.map((idOrName) => {
    const key = keys.find((one) => one.id.toString() === idOrName || one.name === idOrName);
    if (key === undefined) throw invalidInput({ ssh_keys: [`SSH key ${idOrName} not found`] });
    return key.id;
  });
}

const LIMIT_MESSAGES = {
  server_limit: 'server limit exceeded',
  primary_ip_limit: 'Primary IP limit exceeded',
};

type Limit = keyof typeof LIMIT_MESSAGES;

function refuseOverLimit(parts: CloudParts, request: ApiRequest, order: NewServer): void {
  const limit = request.takeFault('quota')?.limit ?? reachedLimit(parts, request, order);
  if (limit === undefined) return;
  const details = { limits: [{ name: limit }] };
  throw new ApiError(403, 'resource_limit_exceeded', LIMIT_MESSAGES[limit], details);
}

function reachedLimit(parts: CloudParts, request: ApiRequest, order: NewServer): Limit | undefined {
  const { name, limits } = request.project;
  if (parts.state.servers(name).length >= (limits.servers ?? Infinity)) return 'server_limit';
  const more = (order.ipv4AfterMs === undefined ? 0 : 1) + (order.hasIpv6 ? 1 : 0);
  const count = primaryIps(parts, request).length + more;
  return count > (limits.primaryIps ?? Infinity) ? 'primary_ip_limit' : undefined;
}

function refuseWithoutCapacity(
  { stock }: CloudParts,
  { takeFault }: ApiRequest,
  machine: Machine,
): void {
  const fault = takeFault(
    'no-capacity',
    ({ serverType, location }) =>
      (serverType ?? machine.type.name) === machine.type.name &&
      (location ?? machine.location) === machine.location,
  );
  if (fault !== undefined) throw noCapacity('error during placement', fault.code);
  refuseUnavailable(machine, stock);
}

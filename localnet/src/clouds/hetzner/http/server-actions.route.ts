import { ApiError, locked } from '../api-error.ts';
import { serverTypeOf } from '../catalogue/server-types.ts';
import type { CloudParts } from '../parts.ts';
import { readFields } from '../rules/read-fields.ts';
import { findImage } from '../rules/server-order.ts';
import { protectionSchema, rebuildSchema } from '../rules/server-fields.ts';
import type { Begun } from '../servers/lifecycle.ts';
import { isBusy } from '../servers/server.transitions.ts';
import type { Command, ServerRecord, Step } from '../state/server-record.ts';
import { actionJson } from '../wire/server-json.ts';
import { created, type ApiAnswer, type ApiRequest, type Endpoint } from './endpoint.ts';
import { fateFor } from './fate.ts';
import { serverOf } from './servers.route.ts';

interface Order {
  readonly command: Command;
  readonly durationMs: number;
  readonly change?: Partial<ServerRecord>;
  readonly steps?: readonly Step[];
}

/** What can be done to a server. Each begins an action; its end is not waited for. */
export function serverActionEndpoints(parts: CloudParts): readonly Endpoint[] {
  const { durations } = parts;
  const simple = (name: string, command: Command, durationMs: number): Endpoint =>
    endpoint(name, (request) => toAnswer(request, begin(parts, request, { command, durationMs })));
  return [
    simple('poweron', 'start_server', durations.start),
    simple('poweroff', 'stop_server', durations.stop),
    simple('reboot', 'reboot_server', durations.reboot),
    simple('reset', 'reset_server', durations.reboot),
    endpoint('shutdown', (request) => shutDown(parts, request)),
    endpoint('change_protection', (request) => {
      const flags = readFields(protectionSchema, request.body);
      const change = { isProtected: flags.delete };
      const order = {
        command: 'change_protection',
        durationMs: durations.settings,
        change,
      } as const;
      return toAnswer(request, begin(parts, request, order));
    }),
    endpoint('rebuild', (request) => rebuild(parts, request)),
    endpoint('enable_rescue', (request) => setRescue(parts, request, true)),
    endpoint('disable_rescue', (request) => setRescue(parts, request, false)),
  ];
}

function endpoint(name: string, answer: (request: ApiRequest) => ApiAnswer): Endpoint {
  return { method: 'POST', path: `/servers/:id/actions/${name}`, answer };
}

function begin(parts: CloudParts, request: ApiRequest, order: Order): Begun {
  const server = serverOf(parts, request);
  if (request.takeFault('locked') || isBusy(server)) throw locked();
  const fate = fateFor(request.takeFault, order.command);
  return parts.lifecycle.begin(server, { ...order, fate });
}

function toAnswer(request: ApiRequest, { action, server }: Begun, more: object = {}): ApiAnswer {
  return created({ action: actionJson(action, server, request.nowMs), ...more });
}

/** The action ends when the system was asked; the server is off when the system has obeyed. */
function shutDown(parts: CloudParts, request: ApiRequest): ApiAnswer {
  const { durations } = parts;
  const isIgnored = request.takeFault('ignored-shutdown') !== undefined;
  const atMs = request.nowMs + durations.guestShutdown;
  const steps: Step[] = isIgnored ? [] : [{ kind: 'guest-off', atMs }];
  const order = { command: 'shutdown_server', durationMs: durations.shutdown, steps } as const;
  return toAnswer(request, begin(parts, request, order));
}

function rebuild(parts: CloudParts, request: ApiRequest): ApiAnswer {
  const server = serverOf(parts, request);
  const fields = readFields(rebuildSchema, request.body);
  const image = findImage(fields.image, serverTypeOf(server.serverType).architecture);
  if (server.isProtected) throw new ApiError(423, 'protected', 'server rebuild is protected');
  const change = { imageId: image.id, userData: fields.user_data ?? server.userData };
  const begun = begin(parts, request, {
    command: 'rebuild_server',
    durationMs: parts.durations.rebuild,
    change,
  });
  return toAnswer(request, begun, {
    root_password: server.hasSshKeys ? null : parts.newPassword(),
  });
}

function setRescue(parts: CloudParts, request: ApiRequest, isRescueEnabled: boolean): ApiAnswer {
  const begun = begin(parts, request, {
    command: isRescueEnabled ? 'enable_rescue' : 'disable_rescue',
    durationMs: parts.durations.settings,
    change: { isRescueEnabled },
  });
  return toAnswer(request, begun, isRescueEnabled ? { root_password: parts.newPassword() } : {});
}

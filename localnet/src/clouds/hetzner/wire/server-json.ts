import { imageOf } from '../catalogue/images.ts';
import { locationOf } from '../catalogue/locations.ts';
import { serverTypeOf } from '../catalogue/server-types.ts';
import type { Stock } from '../catalogue/stock.ts';
import type { ApiShape } from '../settings.ts';
import {
  isRunning,
  type ActionRecord,
  type Command,
  type ServerRecord,
} from '../state/server-record.ts';
import {
  datacenterJson,
  imageJson,
  includedTraffic,
  serverTypeJson,
  type Json,
} from './catalogue-json.ts';
import { timeText } from './time-text.ts';

const LOCKING: readonly Command[] = ['create_server', 'rebuild_server', 'delete_server'];
/** Of an action that never ends. */
const STUCK_PROGRESS = 50;
const ALMOST_DONE = 99;
const DONE = 100;

/** The server's IPv4 address as far as it is known to the world. */
export function visibleIpv4(server: ServerRecord, nowMs: number): ServerRecord['ipv4'] {
  return server.ipv4 !== null && server.ipv4.visibleAtMs <= nowMs ? server.ipv4 : null;
}

export function serverJson(
  server: ServerRecord,
  from: { readonly stock: Stock; readonly nowMs: number; readonly apiShape: ApiShape },
): Json {
  const { stock, nowMs } = from;
  const type = serverTypeOf(server.serverType);
  const location = locationOf(server.location);
  return {
    id: server.id,
    name: server.name,
    status: server.status,
    created: timeText(server.createdAtMs),
    public_net: publicNet(server, nowMs),
    private_net: [],
    server_type: serverTypeJson(type, stock),
    ...(from.apiShape === 'before-2026-07' && { datacenter: datacenterJson(location, stock) }),
    location,
    image: imageJson(imageOf(server.imageId)),
    iso: null,
    rescue_enabled: server.isRescueEnabled,
    locked: server.actions.some((one) => isRunning(one) && LOCKING.includes(one.command)),
    backup_window: null,
    outgoing_traffic: 0,
    ingoing_traffic: 0,
    included_traffic: includedTraffic(server.location),
    protection: { delete: server.isProtected, rebuild: server.isProtected },
    labels: server.labels,
    volumes: [],
    load_balancers: [],
    primary_disk_size: type.diskGb,
    placement_group: null,
  };
}

function publicNet(server: ServerRecord, nowMs: number): Json {
  const ipv4 = visibleIpv4(server, nowMs);
  const { ipv6 } = server;
  return {
    ipv4: ipv4 && { id: ipv4.id, ip: ipv4.ip, blocked: false, dns_ptr: dnsPtrOf(ipv4.ip) },
    ipv6: ipv6 && { id: ipv6.id, ip: ipv6.ip, blocked: false, dns_ptr: [] },
    floating_ips: [],
    firewalls: server.firewallIds.map((id) => ({ id, status: 'applied' })),
  };
}

export function actionJson(action: ActionRecord, server: ServerRecord, nowMs: number): Json {
  return {
    id: action.id,
    command: action.command,
    status: action.status,
    progress: progressOf(action, nowMs),
    started: timeText(action.startedAtMs),
    finished: action.finishedAtMs === null ? null : timeText(action.finishedAtMs),
    resources: [{ id: server.id, type: 'server' }],
    error: action.status === 'error' ? action.failure : null,
  };
}

function progressOf(action: ActionRecord, nowMs: number): number {
  if (!isRunning(action)) return DONE;
  if (action.dueAtMs === null) return STUCK_PROGRESS;
  const share = (nowMs - action.startedAtMs) / (action.dueAtMs - action.startedAtMs);
  return Math.floor(Math.min(Math.max(share || 0, 0) * DONE, ALMOST_DONE));
}

/** The addresses of a server, also for a while after it is gone. */
export function primaryIpsJson(
  server: ServerRecord,
  from: { readonly stock: Stock; readonly nowMs: number; readonly apiShape: ApiShape },
): readonly Json[] {
  const location = locationOf(server.location);
  const isAssigned = server.goneAtMs === null;
  const common = {
    assignee_id: isAssigned ? server.id : null,
    assignee_type: isAssigned || from.apiShape === 'before-2026-07' ? 'server' : 'unassigned',
    auto_delete: true,
    blocked: false,
    created: timeText(server.createdAtMs),
    labels: {},
    ...(from.apiShape === 'before-2026-07' && { datacenter: datacenterJson(location, from.stock) }),
    location,
    protection: { delete: false },
  };
  const named = (type: string, { id, ip }: { id: number; ip: string }, ptr: Json[]): Json => ({
    ...common,
    id,
    name: `primary_ip-${id}`,
    type,
    ip,
    dns_ptr: ptr,
  });
  const ipv4 = visibleIpv4(server, from.nowMs);
  return [
    ...(ipv4 ? [named('ipv4', ipv4, [{ ip: ipv4.ip, dns_ptr: dnsPtrOf(ipv4.ip) }])] : []),
    ...(server.ipv6 ? [named('ipv6', server.ipv6, [])] : []),
  ];
}

function dnsPtrOf(ip: string): string {
  return `static.${ip.split('.').reverse().join('.')}.clients.your-server.de`;
}

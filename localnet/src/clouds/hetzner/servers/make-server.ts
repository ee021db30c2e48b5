import type { CloudParts } from '../parts.ts';
import type { Labels } from '../rules/labels.ts';
import type { ActionRecord, Command, ServerRecord, Step } from '../state/server-record.ts';
import { stepsOf, type Fate } from './lifecycle.ts';

/** A server that passed all checks. */
export interface NewServer {
  readonly project: string;
  readonly name: string;
  readonly labels: Labels;
  readonly serverType: string;
  readonly imageId: number;
  readonly location: string;
  readonly userData: string | null;
  readonly hasMachine: boolean;
  readonly hasSshKeys: boolean;
  readonly firewallIds: readonly number[];
  /** How long its address is hidden; undefined: it gets none. */
  readonly ipv4AfterMs: number | undefined;
  readonly hasIpv6: boolean;
  readonly isStarted: boolean;
  readonly vanishAfterMs: number | undefined;
}

export interface MadeServer {
  readonly server: ServerRecord;
  readonly action: ActionRecord;
  readonly nextActions: readonly ActionRecord[];
}

/** Makes a server, with the actions that bring it up. */
export function makeServer(
  { state, lifecycle, clock, durations }: CloudParts,
  order: NewServer,
  fateOf: (command: Command) => Fate,
): MadeServer {
  const nowMs = clock.nowMs();
  const id = state.ids.next();
  const createdAtMs = nowMs + durations.create;
  const action = lifecycle.newAction('create_server', createdAtMs, fateOf('create_server'));
  const startDueMs = action.dueAtMs === null ? null : createdAtMs + durations.start;
  const nextActions = order.isStarted
    ? [lifecycle.newAction('start_server', startDueMs, fateOf('start_server'))]
    : [];
  const actions = [action, ...nextActions];
  const { vanishAfterMs, ipv4AfterMs } = order;
  const vanish: Step[] =
    vanishAfterMs === undefined ? [] : [{ kind: 'vanish', atMs: nowMs + vanishAfterMs }];
  const server: ServerRecord = {
    id,
    project: order.project,
    name: order.name,
    labels: order.labels,
    serverType: order.serverType,
    imageId: order.imageId,
    location: order.location,
    createdAtMs: nowMs,
    userData: order.userData,
    hasMachine: order.hasMachine,
    hasSshKeys: order.hasSshKeys,
    status: 'initializing',
    ipv4:
      ipv4AfterMs === undefined
        ? null
        : {
            id: state.ids.next(),
            ip: state.takeIpv4(),
            visibleAtMs: ipv4AfterMs && nowMs + ipv4AfterMs,
          },
    ipv6: order.hasIpv6 ? newIpv6(state.ids.next()) : null,
    firewallIds: order.firewallIds,
    isProtected: false,
    isRescueEnabled: false,
    actions,
    steps: [...vanish, ...actions.flatMap(stepsOf)],
    goneAtMs: null,
  };
  lifecycle.add(server);
  return { server, action, nextActions };
}

/** From the range for documentation (RFC 3849): nobody answers there. */
function newIpv6(id: number): { readonly id: number; readonly ip: string } {
  const digits = id.toString(16).padStart(8, '0');
  const ip = `2001:db8:${shortened(digits.slice(-8, -4))}:${shortened(digits.slice(-4))}::/64`;
  return { id, ip };
}

function shortened(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
}

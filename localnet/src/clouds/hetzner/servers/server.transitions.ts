import {
  isRunning,
  withAction,
  type ActionRecord,
  type Command,
  type ServerRecord,
} from '../state/server-record.ts';

/** What has to happen to the machine behind a server. */
export type MachineWork = 'none' | 'boot' | 'cut' | 'reboot' | 'reimage' | 'scrap';

export interface Transition {
  readonly server: ServerRecord;
  readonly work: MachineWork;
}

const ABORTED = { code: 'action_failed', message: 'Action failed' };

/** Other actions are refused while one of these runs. */
const EXCLUSIVE: readonly Command[] = [
  'create_server',
  'start_server',
  'stop_server',
  'rebuild_server',
  'delete_server',
];

/** Whether another action would be refused as `locked`. */
export function isBusy(server: ServerRecord): boolean {
  return server.actions.some((one) => isRunning(one) && EXCLUSIVE.includes(one.command));
}

/** What a command changes at once; its action is added by the caller. */
export function begin(server: ServerRecord, command: Command, nowMs: number): Transition {
  switch (command) {
    case 'start_server':
      return server.status === 'off'
        ? { server: { ...server, status: 'starting' }, work: 'boot' }
        : { server, work: 'none' };
    case 'stop_server':
      return server.status === 'off'
        ? { server, work: 'none' }
        : { server: { ...withoutGuestOff(server), status: 'stopping' }, work: 'cut' };
    case 'rebuild_server':
      return { server: { ...withoutGuestOff(server), status: 'rebuilding' }, work: 'cut' };
    case 'delete_server':
      return { server: { ...aborted(server, nowMs), status: 'deleting', steps: [] }, work: 'cut' };
    default:
      return { server, work: 'none' };
  }
}

/** What the end of an action changes. */
export function finish(server: ServerRecord, action: ActionRecord, nowMs: number): Transition {
  const status = action.failure === null ? 'success' : 'error';
  const ended = withAction(server, action.id, { status, finishedAtMs: nowMs });
  return action.failure === null
    ? succeed(ended, action.command, nowMs)
    : fail(ended, action.command, nowMs);
}

function succeed(server: ServerRecord, command: Command, nowMs: number): Transition {
  switch (command) {
    case 'create_server':
      return server.actions.some((one) => one.command === 'start_server' && isRunning(one))
        ? { server: { ...server, status: 'starting' }, work: 'boot' }
        : { server: { ...server, status: 'off' }, work: 'none' };
    case 'start_server':
      return { server: { ...server, status: 'running' }, work: 'none' };
    case 'stop_server':
      return { server: { ...server, status: 'off' }, work: 'none' };
    case 'rebuild_server':
      return { server: { ...server, status: 'running' }, work: 'reimage' };
    case 'reboot_server':
    case 'reset_server':
      return { server, work: server.status === 'running' ? 'reboot' : 'none' };
    case 'delete_server':
      return gone(server, nowMs);
    case 'shutdown_server':
    case 'change_protection':
    case 'enable_rescue':
    case 'disable_rescue':
      return { server, work: 'none' };
  }
}

function fail(server: ServerRecord, command: Command, nowMs: number): Transition {
  switch (command) {
    case 'create_server':
      return { server: { ...aborted(server, nowMs), status: 'off', steps: [] }, work: 'none' };
    case 'start_server':
    case 'stop_server':
    case 'rebuild_server':
    case 'delete_server':
      return { server: { ...server, status: 'off' }, work: 'cut' };
    default:
      return { server, work: 'none' };
  }
}

/** The system in it has shut down. */
export function guestOff(server: ServerRecord): Transition {
  return server.status === 'running'
    ? { server: { ...server, status: 'off' }, work: 'cut' }
    : { server, work: 'none' };
}

/** From now on nobody finds it. */
export function gone(server: ServerRecord, nowMs: number): Transition {
  return { server: { ...aborted(server, nowMs), steps: [], goneAtMs: nowMs }, work: 'scrap' };
}

function withoutGuestOff(server: ServerRecord): ServerRecord {
  return { ...server, steps: server.steps.filter((step) => step.kind !== 'guest-off') };
}

/** What still runs fails. */
function aborted(server: ServerRecord, nowMs: number): ServerRecord {
  const end = { status: 'error', failure: ABORTED, finishedAtMs: nowMs } as const;
  return server.actions
    .filter(isRunning)
    .reduce((rest, { id }) => withAction(rest, id, end), server);
}

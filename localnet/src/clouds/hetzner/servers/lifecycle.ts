import type { CloudClock } from '../../cloud-clock.ts';
import type { CloudState } from '../state/cloud-state.ts';
import {
  isRunning,
  type ActionFailure,
  type ActionRecord,
  type Command,
  type ServerRecord,
  type Step,
} from '../state/server-record.ts';
import type { Durations } from './durations.ts';
import type { Fleet } from './fleet.ts';
import { begin, finish, gone, guestOff, type Transition } from './server.transitions.ts';

/** How an action is to end. */
export type Fate =
  | { readonly kind: 'success' }
  | { readonly kind: 'stuck' }
  | { readonly kind: 'failure'; readonly failure: ActionFailure };

/** A server with the action that was begun on it. */
export interface Begun {
  readonly server: ServerRecord;
  readonly action: ActionRecord;
}

export interface LifecycleParts {
  readonly state: CloudState;
  readonly fleet: Fleet;
  readonly clock: CloudClock;
  readonly durations: Durations;
}

/** Lets servers change by themselves, when their time has come; every change is stored first. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #cancels = new Set<() => void>();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  /** Goes on after a restart: what is on boots again, what was under way ends when it would have. */
  resume(): void {
    const { state, fleet, clock } = this.#parts;
    state.forgetLongGone(clock.nowMs());
    for (const server of state.servers()) {
      const isOn = server.status === 'running' || server.status === 'starting';
      if (isOn) fleet.perform('boot', server);
      for (const step of server.steps) this.#schedule(server.id, step);
    }
  }

  /** A server that was just made, with its first actions. */
  add(server: ServerRecord): void {
    this.#parts.state.put(server);
    for (const step of server.steps) this.#schedule(server.id, step);
  }

  /** Begins a command; what else it changes on the server is in `change`. */
  begin(
    server: ServerRecord,
    order: {
      readonly command: Command;
      readonly durationMs: number;
      readonly fate: Fate;
      readonly change?: Partial<ServerRecord>;
      readonly steps?: readonly Step[];
    },
  ): Begun {
    const { state, clock, fleet } = this.#parts;
    const action = this.newAction(order.command, clock.nowMs() + order.durationMs, order.fate);
    const next = begin({ ...server, ...order.change }, order.command, clock.nowMs());
    const steps = [...(order.steps ?? []), ...stepsOf(action)];
    const changed = state.put({
      ...next.server,
      actions: [...next.server.actions, action],
      steps: [...next.server.steps, ...steps],
    });
    fleet.perform(next.work, changed);
    for (const step of steps) this.#schedule(server.id, step);
    return { server: changed, action };
  }

  newAction(command: Command, dueAtMs: number | null, fate: Fate): ActionRecord {
    const { state, clock } = this.#parts;
    return {
      id: state.ids.next(),
      command,
      status: 'running',
      startedAtMs: clock.nowMs(),
      dueAtMs: fate.kind === 'stuck' ? null : dueAtMs,
      finishedAtMs: null,
      failure: fate.kind === 'failure' ? fate.failure : null,
    };
  }

  /** It is gone at once, without an action. */
  vanish(server: ServerRecord): void {
    this.#apply(gone(server, this.#parts.clock.nowMs()));
  }

  /** It goes off or on without anybody's order, as in an outage. */
  setPower(server: ServerRecord, isOn: boolean): void {
    const status = isOn ? 'running' : 'off';
    if (server.status === status) return;
    this.#apply({ server: { ...server, status }, work: isOn ? 'boot' : 'cut' });
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #schedule(serverId: number, step: Step): void {
    const cancel = this.#parts.clock.at(step.atMs, () => {
      this.#cancels.delete(cancel);
      this.#take(serverId, step);
    });
    this.#cancels.add(cancel);
  }

  /** Does nothing if the step was called off. */
  #take(serverId: number, step: Step): void {
    const { state, clock } = this.#parts;
    const found = state.server(serverId);
    if (found?.steps.includes(step) !== true) return;
    const server = { ...found, steps: found.steps.filter((one) => one !== step) };
    switch (step.kind) {
      case 'vanish':
        return this.#apply(gone(server, clock.nowMs()));
      case 'guest-off':
        return this.#apply(guestOff(server));
      case 'finish-action': {
        const action = server.actions.find((one) => one.id === step.actionId);
        if (action === undefined || !isRunning(action))
          throw new Error('BUG: a step without action');
        return this.#apply(finish(server, action, clock.nowMs()));
      }
    }
  }

  #apply({ server, work }: Transition): void {
    const { state, fleet, clock } = this.#parts;
    state.put(server);
    fleet.perform(work, server);
    if (server.goneAtMs !== null) state.forgetLongGone(clock.nowMs());
  }
}

/** When a new action ends, if it does. */
export function stepsOf(action: ActionRecord): readonly Step[] {
  if (action.dueAtMs === null) return [];
  return [{ kind: 'finish-action', actionId: action.id, atMs: action.dueAtMs }];
}

import type { MachineFault } from '../../machine-host.port.ts';
import { findImage } from '../rules/server-order.ts';
import { findServerType } from '../catalogue/server-types.ts';
import type { Stock, StockChange, StockEntry } from '../catalogue/stock.ts';
import type { CloudParts } from '../parts.ts';
import type { Access } from '../project.ts';
import type { Fleet } from '../servers/fleet.ts';
import { makeServer } from '../servers/make-server.ts';
import type { ApiShape, Settings } from '../settings.ts';
import type { ServerRecord } from '../state/server-record.ts';

/** A server as the one who runs the simulator sees it; `goneAtMs` is null while it is there. */
export type SimulatedServer = Omit<ServerRecord, 'steps' | 'firewallIds'>;

/** A server that somebody else put into the project. It has no machine: nothing answers at its address. */
export interface ForeignServer {
  readonly project: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly serverType?: string | undefined;
  readonly location?: string | undefined;
}

/** What happens to a cloud without its customers asking. */
export interface HetznerControl {
  stock(): readonly StockEntry[];
  /** Errors: `RangeError` for what is not sold there. */
  setStock(changes: readonly StockChange[]): void;
  apiShape(): ApiShape;
  setApiShape(shape: ApiShape): void;
  /** Leaves that project so many requests. Errors: `RangeError`. */
  setRateLimitRemaining(project: string, remaining: number): void;
  /** Makes a server that is running already; gives its id. Errors: `RangeError`. */
  addForeignServer(order: ForeignServer): number;
  /** From now on it is not there, and no action says why. Errors: `RangeError`. */
  vanish(serverId: number): void;
  /** Turns it off or on without an action. Errors: `RangeError`. */
  setPower(serverId: number, isOn: boolean): void;
  /** Exactly these are in force on the server's machine. Errors: `RangeError`. */
  setMachineFaults(serverId: number, faults: readonly MachineFault[]): void;
}

export interface ControlParts extends CloudParts {
  readonly stock: Stock;
  readonly settings: Settings;
  readonly fleet: Fleet;
  readonly access: ReadonlyMap<string, Access>;
}

export function createControl(parts: ControlParts): HetznerControl {
  const { stock, settings, state, lifecycle, fleet, clock } = parts;
  const serverOf = (id: number): ServerRecord => {
    const server = state.server(id);
    if (server === undefined) throw new RangeError(`there is no server ${id}`);
    return server;
  };
  return {
    stock: () => stock.entries(),
    setStock: (changes) => changes.forEach((change) => stock.change(change)),
    apiShape: () => settings.apiShape,
    setApiShape: (shape) => {
      settings.apiShape = shape;
    },
    setRateLimitRemaining: (name, remaining) =>
      projectOf(parts, name).bucket.setRemaining(remaining, clock.nowMs()),
    addForeignServer: (order) => addForeignServer(parts, order),
    vanish: (id) => lifecycle.vanish(serverOf(id)),
    setPower: (id, isOn) => lifecycle.setPower(serverOf(id), isOn),
    setMachineFaults: (id, faults) => fleet.setFaults(serverOf(id).id, faults),
  };
}

function projectOf({ access }: ControlParts, name: string): Access['project'] {
  const found = [...access.values()].find(({ project }) => project.name === name);
  if (found === undefined) throw new RangeError(`there is no project ${name}`);
  return found.project;
}

function addForeignServer(parts: ControlParts, order: ForeignServer): number {
  const project = projectOf(parts, order.project).name;
  if (parts.state.serverNamed(project, order.name) !== undefined) {
    throw new RangeError(`there is a server called ${order.name} already`);
  }
  const type = findServerType(order.serverType ?? 'cx23');
  if (type === undefined) throw new RangeError(`nothing is sold as ${String(order.serverType)}`);
  const made = makeServer(
    parts,
    {
      project,
      name: order.name,
      labels: order.labels ?? {},
      serverType: type.name,
      imageId: findImage('debian-13', type.architecture).id,
      location: order.location ?? type.locations[0]?.name ?? '',
      userData: null,
      hasMachine: false,
      hasSshKeys: true,
      firewallIds: [],
      ipv4AfterMs: 0,
      hasIpv6: true,
      isStarted: false,
      vanishAfterMs: undefined,
    },
    () => ({ kind: 'success' }),
  );
  parts.state.put({ ...made.server, status: 'running', actions: [], steps: [] });
  return made.server.id;
}

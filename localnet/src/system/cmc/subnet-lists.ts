import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { Opt } from '../../core/candid-opt.ts';
import type { WireSubnetSelection } from '../canister-settings.ts';

export const SubnetsSnapshot = IDL.Record({
  defaults: IDL.Vec(IDL.Principal),
  authorized: IDL.Vec(IDL.Tuple(IDL.Principal, IDL.Vec(IDL.Principal))),
  types: IDL.Vec(IDL.Tuple(IDL.Text, IDL.Vec(IDL.Principal))),
});

export interface SubnetsValue {
  readonly defaults: readonly Principal[];
  readonly authorized: readonly (readonly [Principal, readonly Principal[]])[];
  readonly types: readonly (readonly [string, readonly Principal[]])[];
}

export interface WireSubnetList {
  readonly subnets: readonly Principal[];
  readonly subnet_type: string;
}

/** Who may create canisters on which subnets. Methods that refuse return the reason. */
export class SubnetLists {
  #defaults: readonly Principal[];
  /** By principal in text form. */
  readonly #authorized = new Map<string, readonly Principal[]>();
  readonly #types = new Map<string, readonly Principal[]>();

  constructor(defaults: readonly Principal[]) {
    this.#defaults = defaults;
  }

  get defaults(): readonly Principal[] {
    return this.#defaults;
  }

  get authorized(): readonly (readonly [Principal, readonly Principal[]])[] {
    return sorted(this.#authorized).map(([who, subnets]) => [Principal.fromText(who), subnets]);
  }

  get types(): readonly (readonly [string, readonly Principal[]])[] {
    return sorted(this.#types);
  }

  /** Subnets a canister of `creator` may be created on, or why there are none. */
  eligible(creator: Principal, selection: Opt<WireSubnetSelection>): readonly Principal[] | string {
    const [selected] = selection;
    if (selected === undefined) return this.#of(creator);
    if ('Filter' in selected) {
      const [type] = selected.Filter.subnet_type;
      if (type === undefined) return this.#of(creator);
      return this.#types.get(type) ?? `Provided subnet type ${type} does not exist`;
    }
    const { subnet } = selected.Subnet;
    const own = this.#authorized.get(creator.toText()) ?? [];
    const known = [...this.#defaults, ...own, ...[...this.#types.values()].flat()];
    return includes(known, subnet)
      ? [subnet]
      : `Subnet ${subnet.toText()} does not exist or ${creator.toText()} is not authorized to ` +
          'deploy to that subnet.';
  }

  authorize(who: Opt<Principal>, subnets: readonly Principal[]): string | undefined {
    const typed = [...this.#types.values()].flat();
    if (subnets.some((subnet) => includes(typed, subnet))) {
      return 'Subnets that are assigned to a type cannot be authorized.';
    }
    const [principal] = who;
    if (principal === undefined) this.#defaults = subnets;
    else if (subnets.length === 0) this.#authorized.delete(principal.toText());
    else this.#authorized.set(principal.toText(), subnets);
    return undefined;
  }

  addType(type: string): string | undefined {
    if (this.#types.has(type)) return `Cannot add duplicate subnet type ${type}.`;
    this.#types.set(type, []);
    return undefined;
  }

  removeType(type: string): string | undefined {
    const subnets = this.#types.get(type);
    if (subnets === undefined) return `The subnet type ${type} does not exist.`;
    if (subnets.length > 0) return `The subnet type ${type} has subnets assigned to it.`;
    this.#types.delete(type);
    return undefined;
  }

  assign(list: WireSubnetList): string | undefined {
    const current = this.#types.get(list.subnet_type);
    if (current === undefined) return `The subnet type ${list.subnet_type} does not exist.`;
    const taken = [
      ...this.#defaults,
      ...[...this.#authorized.values()].flat(),
      ...[...this.#types.values()].flat(),
    ];
    if (list.subnets.some((subnet) => includes(taken, subnet))) {
      return 'Some of the subnets are already assigned or authorized.';
    }
    this.#types.set(list.subnet_type, [...current, ...list.subnets]);
    return undefined;
  }

  unassign(list: WireSubnetList): string | undefined {
    const current = this.#types.get(list.subnet_type);
    if (current === undefined) return `The subnet type ${list.subnet_type} does not exist.`;
    if (list.subnets.some((subnet) => !includes(current, subnet))) {
      return 'Some of the subnets are not assigned to the type.';
    }
    const rest = current.filter((subnet) => !includes(list.subnets, subnet));
    this.#types.set(list.subnet_type, rest);
    return undefined;
  }

  save(): SubnetsValue {
    return { defaults: this.#defaults, authorized: this.authorized, types: this.types };
  }

  load(value: SubnetsValue): void {
    this.#defaults = value.defaults;
    this.#authorized.clear();
    for (const [who, subnets] of value.authorized) this.#authorized.set(who.toText(), subnets);
    this.#types.clear();
    for (const [type, subnets] of value.types) this.#types.set(type, subnets);
  }

  #of(creator: Principal): readonly Principal[] {
    return this.#authorized.get(creator.toText()) ?? this.#defaults;
  }
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function includes(subnets: readonly Principal[], subnet: Principal): boolean {
  return subnets.some((each) => each.compareTo(subnet) === 'eq');
}

import { assertShallow, CODE, type Shape } from './shape.ts';

/**
 * True if every value of `one` is a value of `other`: what decides whether a reference to a function
 * can be taken for one of another type. Source: Candid specification, "Subtyping".
 */
export function isSubtype(one: Shape, other: Shape): boolean {
  return new Subtyping().holds(one, other);
}

class Subtyping {
  /** Pairs that are met again hold, unless something else fails. */
  readonly #met = new Map<Shape, Set<Shape>>();
  #depth = 0;

  holds(one: Shape | undefined, other: Shape | undefined): boolean {
    if (one === undefined || other === undefined) return false;
    const others = this.#met.get(one) ?? new Set();
    if (one === other || others.has(other)) return true;
    this.#met.set(one, others.add(other));
    this.#depth += 1;
    assertShallow(this.#depth);
    const holds = this.#compare(one, other);
    this.#depth -= 1;
    return holds;
  }

  #compare(one: Shape, other: Shape): boolean {
    if (canBeAbsent(other) && other.code !== CODE.null) return true;
    if (one.code === CODE.empty) return true;
    if (one.code !== other.code) return one.code === CODE.nat && other.code === CODE.int;
    if (one.code === CODE.func) return this.#isFunction(one, other);
    if (one.code === CODE.record) {
      return other.ids.every((id, at) =>
        this.#isField(one.parts[one.ids.indexOf(id)], other.parts[at]),
      );
    }
    if (one.code === CODE.variant) {
      return one.ids.every((id, at) =>
        this.holds(one.parts[at], other.parts[other.ids.indexOf(id)]),
      );
    }
    return one.parts.every((part, at) => this.holds(part, other.parts[at]));
  }

  /** A field that is missing is as good as `null`. */
  #isField(one: Shape | undefined, other: Shape | undefined): boolean {
    if (one === undefined && other !== undefined) return canBeAbsent(other);
    return this.holds(one, other);
  }

  /** It needs no other arguments and gives at least the results. */
  #isFunction(one: Shape, other: Shape): boolean {
    const [oneArgs = 0, ...oneModes] = one.ids;
    const [otherArgs = 0, ...otherModes] = other.ids;
    if (oneModes.toSorted().join() !== otherModes.toSorted().join()) return false;
    const taken = one.parts.slice(0, oneArgs);
    const given = other.parts.slice(otherArgs);
    return (
      taken.every((part, at) => this.#isField(other.parts.slice(0, otherArgs)[at], part)) &&
      given.every((part, at) => this.#isField(one.parts[oneArgs + at], part))
    );
  }
}

/** A value of this type may be missing where one is expected. */
export function canBeAbsent({ code }: Shape): boolean {
  return code === CODE.null || code === CODE.opt || code === CODE.reserved;
}

declare const brand: unique symbol;

/**
 * A primitive that cannot be mixed up with another of the same primitive type. Costs nothing at
 * run time; each brand has one constructor that checks.
 */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

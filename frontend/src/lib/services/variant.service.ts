/** The names of a Candid variant's arms. */
export type ArmOf<V> = V extends V ? keyof V : never;

/** Which arm a value of a Candid variant is. */
export function armOf<V extends object>(value: V): ArmOf<V> {
  return Object.keys(value)[0] as ArmOf<V>;
}

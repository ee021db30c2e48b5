/** Where Azle's entry points look for what to run, by the numbers that methods had in the build. */
interface ClassMeta {
  canisterMethodsIndex: number;
  readonly callbacks: Record<number, () => unknown>;
}

/**
 * Makes a method of a canister's class one of its entry points. Azle hands out numbers in the order
 * of the methods, in the build and here. Does nothing for a class that is not a canister's.
 */
export function addEntryPoint(instance: unknown, callback: () => unknown): void {
  const { constructor } = instance as { constructor: { _azleCanisterClassMeta?: ClassMeta } };
  const meta = constructor._azleCanisterClassMeta;
  if (meta === undefined) return;
  meta.callbacks[meta.canisterMethodsIndex] = callback;
  meta.canisterMethodsIndex += 1;
}

import type { IDL } from '@dfinity/candid';

/**
 * A Candid type that is built when it is first used, because building all of them at start is dear.
 * It passes for the built one everywhere, `instanceof` included.
 */
export function lazy<T extends IDL.Type>(build: () => T): T {
  let built: T | undefined;
  const type = (): T => (built ??= build());
  return new Proxy(Object.create(null) as T, {
    get: (_target, property) => Reflect.get(type(), property) as unknown,
    has: (_target, property) => Reflect.has(type(), property),
    getPrototypeOf: () => Reflect.getPrototypeOf(type()),
  });
}

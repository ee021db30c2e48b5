import { join } from 'node:path';

const COLLECT_EVERY_SECONDS = 86_400;

export interface Entry {
  /** The canister's own entry file, absolute. */
  readonly mainFile: string;
  /** The kit's sources, absolute. */
  readonly kit: string;
  /** How many entry points each class has. */
  readonly classes: readonly number[];
}

/**
 * What a built canister runs first. Azle's entry points look for what to run in a table, by number.
 * At the start it holds, for every method, what makes the method's class and runs the method then.
 * A message of its own right after the start makes the rest, because a query forgets what it made.
 * Garbage is collected then, and once a day.
 */
export function entryText({ mainFile, kit, classes }: Entry): string {
  return `
    import * as text from '@sinonjs/text-encoding';
    import { setTimer, setTimerInterval } from 'azle';
    import { prepareMethods } from ${JSON.stringify(join(kit, 'azle', 'azle.methods.ts'))};
    import { collectGarbage } from ${JSON.stringify(join(kit, 'lean', 'collect-garbage.ts'))};
    import canister from ${JSON.stringify(mainFile)};

    for (const name of ['TextDecoder', 'TextEncoder']) {
      Object.defineProperty(globalThis, name, { get: () => text[name], configurable: true });
    }
    const table = { callbacks: {}, canisterMethodsIndex: 0 };
    globalThis._azleCanisterClassMeta = table;

    const classes = [];
    function add(first, count, number) {
      let isMade = false;
      const make = () => {
        if (isMade) return;
        isMade = true;
        const Class = Array.isArray(canister) ? canister[number]() : canister;
        Class._azleCanisterClassMeta = table;
        table.canisterMethodsIndex = first;
        new Class();
      };
      classes.push(make);
      for (let method = first; method < first + count; method += 1) {
        table.callbacks[method] = () => {
          make();
          return table.callbacks[method]();
        };
      }
      return first + count;
    }
    ${JSON.stringify(classes)}.reduce(add, 0);

    setTimer(0, () => {
      globalThis.loadAllModules();
      for (const make of classes) make();
      prepareMethods();
      collectGarbage();
    });
    setTimerInterval(${COLLECT_EVERY_SECONDS}, () => void collectGarbage());`;
}

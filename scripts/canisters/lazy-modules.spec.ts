import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { entryPointsByClass } from './canister-classes.ts';
import { lazyModule } from './lazy-module.ts';
import { startLazily } from './lazy-start.ts';

/** Files by name; the first one is run. */
type Files = Readonly<Record<string, string>>;

/** Runs the files as a canister would and gives what they left in the global scope. */
async function run(files: Files, main?: string): Promise<Record<string, unknown>> {
  const names = Object.keys(files);
  const modules = Object.entries(files).map(([name, text]) =>
    lazyModule({ name, text, isMain: name === main, numberOf: (from) => names.indexOf(from) }),
  );
  const scope: Record<string, unknown> = { log: [] };
  runInNewContext(await startLazily(await Promise.all(modules)), scope);
  return scope;
}

describe('a bundle of modules that are read when they are used', () => {
  const files: Files = {
    'main.ts': `
      import { used, later } from 'used.ts';
      import { never } from 'never.ts';
      import version from 'version.json';
      log.push('main ' + used + version.number);
      globalThis.askNever = () => never();
      globalThis.askLater = () => later;`,
    'used.ts': `
      log.push('used');
      export const used: number = 1;
      export let later = 'before';
      export function change(): void { later = 'after'; }
      change();`,
    'never.ts': `log.push('never'); export * from 'deep.ts'; export const own = 1;`,
    'deep.ts': `log.push('deep'); export function never() { return own() } const own = () => 'it';`,
    'version.json': `{ "number": 2 }`,
  };

  it('reads what is used, once, and the rest on demand', async () => {
    const scope = await run(files);
    expect(scope['log']).toEqual(['used', 'main 12']);
    const { askNever, askLater } = scope as Record<string, () => unknown>;
    expect(askLater?.()).toBe('after');
    expect(askNever?.()).toBe('it');
    expect(askNever?.()).toBe('it');
    expect(scope['log']).toEqual(['used', 'main 12', 'never', 'deep']);
  });

  it('reads all when asked to', async () => {
    const scope = await run(files);
    (scope['loadAllModules'] as () => void)();
    expect(scope['log']).toEqual(['used', 'main 12', 'never', 'deep']);
  });

  it('lets two modules need each other', async () => {
    const scope = await run({
      'main.ts': `import { even } from 'even.ts'; log.push(even(4), even(3));`,
      'even.ts': `import { odd } from 'odd.ts';
        export const even = (n: number): boolean => n === 0 || odd(n - 1);`,
      'odd.ts': `import { even } from 'even.ts';
        export const odd = (n: number): boolean => n !== 0 && even(n - 1);`,
    });
    expect(scope['log']).toEqual([true, false]);
  });

  const methods = `
    export const query = (types) => (method, { name, addInitializer }) => {
      addInitializer(function () { log.push(name, types.length, method.call(this)); });
    };`;
  const wire = `log.push('types are read'); export const Result = 'result';`;

  it('decorates methods in order, without reading their types', async () => {
    const scope = await run({
      'main.ts': `
        import { query } from './azle.methods.ts';
        import { Result } from 'wire.ts';
        class Endpoints {
          @query([], Result) first() { return 7; }
          @query([Result]) second() { return 'two'; }
        }
        new Endpoints();`,
      './azle.methods.ts': methods,
      'wire.ts': wire,
    });
    expect(scope['log']).toEqual(['first', 0, 7, 'second', 0, 'two']);
  });

  it('refuses decorators that it does not know how to run', async () => {
    const main = `const mark = () => () => 1; class A { @mark() x() { return 2; } } new A();`;
    await expect(run({ 'main.ts': main })).rejects.toThrow('a decorator replaces x');
    const fixed = `const mark = () => () => {}; class A { @mark() static x() {} }`;
    await expect(run({ 'main.ts': fixed })).rejects.toThrow('only methods can have decorators');
  });
});

describe('entryPointsByClass', () => {
  const resolve = (_file: string, specifier: string) => specifier;
  const classes = (files: Files) =>
    entryPointsByClass('main.ts', { resolve, read: (file) => files[file] ?? '' });

  it('gives the decorated methods of the exported classes, in the order of the array', () => {
    const files: Files = {
      'main.ts': `import { A } from 'a.ts'; import { B, C } from 'b.ts'; export default [C, A];`,
      'a.ts': `export class A { @query([]) one() {} helper() {} @init([]) init() {} }`,
      'b.ts': `export class B { @query([]) no() {} } export class C { @update([]) two() {} }`,
    };
    expect(classes(files)).toEqual([['two'], ['one', 'init']]);
  });

  it('takes the one class of a main file without an array', () => {
    const main = `class Only { @init([]) init() {} @query([]) get() {} } export { Only as default };`;
    expect(classes({ 'main.ts': main })).toEqual([['init', 'get']]);
  });
});

import { transform } from 'esbuild';

/**
 * `__esDecorate` and `__runInitializers` are what TypeScript calls for decorators; here for methods
 * alone.
 *
 * Reads module 0, and every other when something of it is first used: a module starts as an object
 * without properties, and a property that it lacks is asked of a prototype that reads it. Afterwards
 * they are plain values. `loadAllModules` reads the rest, for a message that has the time.
 */
const LOADER = `
const modules = [];
const isRead = [];
const NUMBER = Symbol('number');
const unread = new Proxy({}, {
  get(_target, name, module) {
    const number = module[NUMBER];
    if (name === NUMBER || isRead[number]) return undefined;
    read(number);
    return module[name];
  },
});
function require(number) {
  let module = modules[number];
  if (module === undefined) {
    module = Object.create(unread);
    module[NUMBER] = number;
    modules[number] = module;
  }
  return module;
}
function read(number) {
  if (isRead[number]) return;
  isRead[number] = true;
  const body = (0, eval)(SOURCES[number]);
  body(require(number), require, __esDecorate, __runInitializers, passOn, itself, itself);
}
function __esDecorate(ctor, _descriptor, decorators, { kind, name, static: isStatic }, _fields, initializers) {
  if (kind !== 'method' || isStatic) throw new Error('only methods can have decorators: ' + name);
  const context = { kind, name, addInitializer: (initializer) => initializers.push(initializer) };
  for (let at = decorators.length - 1; at >= 0; at -= 1) {
    const replaced = decorators[at](ctor.prototype[name], context);
    if (replaced !== undefined) throw new Error('a decorator replaces ' + name);
  }
}
function __runInitializers(instance, initializers) {
  for (const initializer of initializers) initializer.call(instance);
}
function passOn(from, to) {
  read(from[NUMBER]);
  for (const name of Object.keys(from)) if (name !== 'default') to[name] = from[name];
}
function itself(module) {
  return module;
}
globalThis.loadAllModules = () => SOURCES.forEach((_source, number) => read(number));
read(0);
`;

/** One long text costs a third of what many short ones do. In no source file. */
const SEPARATOR = '\u0001';

/** JavaScript that holds the modules as text, and the code that reads them. */
export async function startLazily(modules: readonly string[]): Promise<string> {
  const loader = await transform(LOADER, { loader: 'js', target: 'es2024', minify: true });
  const text = JSON.stringify(modules.join(SEPARATOR));
  return `const SOURCES=${text}.split(${JSON.stringify(SEPARATOR)});\n${loader.code}`;
}

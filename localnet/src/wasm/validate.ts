import { InvalidWasmError } from './cursor.ts';
import { IC0_SIGNATURES } from './ic0-signatures.ts';
import { ExternKind, type FunctionType, type ModuleInfo } from './module-reader.ts';

/** Source: IC interface spec, "Canister module format", and dfinity/ic embedder limits. */
export const ModuleLimits = {
  functions: 50_000,
  globals: 1_000,
  exportedMethods: 1_000,
  exportedNameBytes: 20_000,
  customSections: 16,
  customSectionBytes: 1024 * 1024,
} as const;

const SINGLE_ENTRY_POINTS: ReadonlySet<string> = new Set([
  'canister_init',
  'canister_inspect_message',
  'canister_heartbeat',
  'canister_global_timer',
  'canister_pre_upgrade',
  'canister_post_upgrade',
  'canister_on_low_wasm_memory',
]);
const METHOD_PREFIXES = ['canister_update ', 'canister_query ', 'canister_composite_query '];

/** Checks what V8 does not: the IC's own rules. Throws `InvalidWasmError` naming the rule broken. */
export function validateModule(info: ModuleInfo): void {
  checkImports(info);
  checkExports(info);
  checkSizes(info);
  checkCustomSections(info);
}

function checkImports(info: ModuleInfo): void {
  for (const entry of info.imports) {
    const label = `'${entry.name}' from '${entry.module}'`;
    if (entry.kind !== ExternKind.Function || entry.type === undefined) {
      throw new InvalidWasmError(`Wasm module has an invalid import section: ${label}`);
    }
    const expected = entry.module === 'ic0' ? IC0_SIGNATURES.get(entry.name) : undefined;
    if (expected === undefined) {
      throw new InvalidWasmError(
        `Wasm module has an invalid import section. Module imports function ${label} that is not ` +
          'exported by the runtime.',
      );
    }
    if (!sameType(expected, entry.type)) {
      throw new InvalidWasmError(
        `Wasm module has an invalid function signature. Module imports ${label} with another type.`,
      );
    }
  }
}

function checkExports(info: ModuleInfo): void {
  const methods = new Set<string>();
  let nameBytes = 0;
  for (const { name, kind, index } of info.exports) {
    if (!name.startsWith('canister_')) continue;
    const prefix = METHOD_PREFIXES.find((candidate) => name.startsWith(candidate));
    if (prefix === undefined && !SINGLE_ENTRY_POINTS.has(name)) {
      throw new InvalidWasmError(`Wasm module has an invalid export section: '${name}'.`);
    }
    const type = kind === ExternKind.Function ? info.functionTypes[index] : undefined;
    if (type?.params.length !== 0 || type.results.length !== 0) {
      throw new InvalidWasmError(`Wasm module has an invalid function signature: '${name}'.`);
    }
    if (prefix === undefined) continue;
    const method = name.slice(prefix.length);
    if (methods.has(method)) {
      throw new InvalidWasmError(`Wasm module exports method '${method}' more than once.`);
    }
    methods.add(method);
    nameBytes += method.length;
  }
  limit('exported methods', methods.size, ModuleLimits.exportedMethods);
  limit('bytes of exported method names', nameBytes, ModuleLimits.exportedNameBytes);
}

function checkSizes(info: ModuleInfo): void {
  limit('memories', info.memoryCount, 1);
  limit('functions', info.functionTypes.length, ModuleLimits.functions);
  limit('globals', info.globalCount, ModuleLimits.globals);
  if (info.usesMemory64) {
    throw new InvalidWasmError('Wasm module uses memory64, which localnet does not support.');
  }
}

function checkCustomSections(info: ModuleInfo): void {
  const seen = new Set<string>();
  let bytes = 0;
  for (const { name, content } of info.customSections) {
    const match = /^icp:(public|private) (.*)$/s.exec(name);
    if (match === null) {
      if (name.startsWith('icp:')) throw new InvalidWasmError(`Invalid custom section '${name}'.`);
      continue;
    }
    const key = match[2] ?? '';
    if (seen.has(key)) throw new InvalidWasmError(`Duplicate custom section '${key}'.`);
    seen.add(key);
    bytes += content.length;
  }
  limit('custom sections', seen.size, ModuleLimits.customSections);
  limit('bytes of custom sections', bytes, ModuleLimits.customSectionBytes);
}

function limit(what: string, actual: number, allowed: number): void {
  if (actual > allowed) {
    throw new InvalidWasmError(
      `Wasm module has ${actual.toString()} ${what}, more than the ${allowed.toString()} allowed.`,
    );
  }
}

function sameType(one: FunctionType, other: FunctionType): boolean {
  return (
    one.params.length === other.params.length &&
    one.results.length === other.results.length &&
    one.params.every((type, at) => type === other.params[at]) &&
    one.results.every((type, at) => type === other.results[at])
  );
}

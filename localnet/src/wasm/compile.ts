import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { InvalidWasmError } from './cursor.ts';
import { type ModuleInfo, readModule } from './module-reader.ts';
import { rewriteModule } from './rewrite.ts';
import { validateModule } from './validate.ts';

/** The IC's limit on a decompressed module. */
export const MODULE_BYTES_MAX = 100 * 1024 * 1024;

/** A module ready to be instantiated, with what the IC derives from its bytes. */
export interface CompiledModule {
  /** As installed, possibly gzipped: what the module hash is of. */
  readonly source: Uint8Array;
  readonly hash: Uint8Array;
  readonly module: WebAssembly.Module;
  readonly exportNames: ReadonlySet<string>;
  readonly importNames: readonly string[];
  readonly mutableGlobalCount: number;
  /** Value types of the mutable globals, in order of index. */
  readonly mutableGlobalTypes: readonly number[];
  readonly hasMemory: boolean;
  readonly hasStart: boolean;
  readonly metadata: readonly { name: string; isPublic: boolean; content: Uint8Array }[];
  readonly binaryBytes: number;
  readonly customSectionBytes: number;
}

const cache = new Map<string, WeakRef<CompiledModule>>();

/**
 * Validates, meters and compiles a module (raw or gzipped). Compiling the same bytes again is free
 * while a canister still holds the result. Throws `InvalidWasmError`.
 */
export function compileModule(source: Uint8Array): CompiledModule {
  const hash = createHash('sha256').update(source).digest();
  const key = hash.toString('hex');
  const known = cache.get(key)?.deref();
  if (known !== undefined) return known;
  const compiled = compileFresh(source, new Uint8Array(hash));
  cache.set(key, new WeakRef(compiled));
  return compiled;
}

function compileFresh(source: Uint8Array, hash: Uint8Array): CompiledModule {
  const bytes = decompress(source);
  const info = readModule(bytes);
  validateModule(info);
  const module = toModule(bytes, info);
  const mutableGlobals = info.globals.filter(({ isMutable }) => isMutable);
  const metadata = info.customSections.flatMap(({ name, content }) => {
    const match = /^icp:(public|private) (.*)$/s.exec(name);
    return match ? [{ name: match[2] ?? '', isPublic: match[1] === 'public', content }] : [];
  });
  return {
    source: source.slice(),
    hash,
    module,
    exportNames: new Set(info.exports.map(({ name }) => name)),
    importNames: [...new Set(info.imports.map(({ name }) => name))],
    mutableGlobalCount: mutableGlobals.length,
    mutableGlobalTypes: mutableGlobals.map(({ valueType }) => valueType),
    hasMemory: info.memoryCount > 0,
    hasStart: info.startFunction !== undefined,
    metadata,
    binaryBytes: bytes.length,
    customSectionBytes: metadata.reduce((sum, section) => sum + section.content.length, 0),
  };
}

function decompress(source: Uint8Array): Uint8Array {
  if (source[0] !== 0x1f || source[1] !== 0x8b) return source;
  try {
    return gunzipSync(source, { maxOutputLength: MODULE_BYTES_MAX });
  } catch (error) {
    throw new InvalidWasmError(`failed to decompress: ${messageOf(error)}`);
  }
}

function toModule(bytes: Uint8Array, info: ModuleInfo): WebAssembly.Module {
  try {
    return new WebAssembly.Module(rewriteModule(info) as BufferSource);
  } catch (error) {
    if (error instanceof InvalidWasmError) throw error;
    // V8 names positions in the rewritten bytes; say what it thinks of the original instead.
    if (WebAssembly.validate(bytes as BufferSource)) throw error;
    throw new InvalidWasmError(`module fails validation: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { transform } from 'esbuild';
import ts from 'typescript';
import { lazyClasses } from './canister-classes.ts';
import { lazyTypes } from './lazy-types.ts';

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
  noEmitHelpers: true,
  allowJs: true,
};
/** What TypeScript expects to find beside the code it writes. */
const PARAMETERS =
  'exports, require, __esDecorate, __runInitializers, __exportStar, __importDefault, __importStar';

/** How a decorator could reach a method; ours do not, and it is two functions for each. */
const ACCESS = /access: \{ has: obj => "\w+" in obj, get: obj => obj\.\w+ \}, /g;

/** Without a use of the function nothing would be left of it. */
const USED = 'module.exports=';

/**
 * Turns one file into the text of a function that can be read when it is first needed. Its imports
 * stay references to the other module, so that nothing of that is needed before it is used.
 */
export async function lazyModule(file: {
  readonly name: string;
  readonly text: string;
  /** It exports the canister's classes. */
  readonly isMain: boolean;
  /** The number of the module that an import in this file means. */
  readonly numberOf: (specifier: string) => number;
}): Promise<string> {
  const { outputText } = file.name.endsWith('.json')
    ? { outputText: `exports.default = ${file.text};` }
    : ts.transpileModule(file.text, {
        // A file called .mjs would be left an ES module, whatever is asked for.
        fileName: file.name.replace(/\.m([jt]s)$/, '.$1'),
        compilerOptions: OPTIONS,
        transformers: { before: file.isMain ? [lazyTypes, lazyClasses] : [lazyTypes] },
      });
  const body = outputText
    .replace('Object.defineProperty(exports, "__esModule", { value: true });', '')
    .replace(ACCESS, '')
    .replace(/\brequire\("([^"]+)"\)/g, (_match, specifier: string) => {
      return `require(${file.numberOf(specifier)})`;
    });
  const used = `${USED}(function (${PARAMETERS}) {${body}\n});`;
  const { code } = await transform(used, { loader: 'js', target: 'es2024', minify: true });
  if (!code.startsWith(USED)) throw new Error(`${file.name}: esbuild wrote something else`);
  return `(${code.slice(USED.length).trimEnd().replace(/;$/, '')})`;
}

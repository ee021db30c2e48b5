const METHODS = 40;
const FIELDS = 6;

/**
 * Source of a canister with 40 methods and 120 composite types, about as many as the treasury has:
 * what its init costs is what methods and types cost at every start.
 */
export function wideCanisterSource(): string {
  const numbers = Array.from({ length: METHODS }, (_, index) => index);
  return [
    `import { IDL } from '@dfinity/candid';`,
    `import { init } from 'azle';`,
    `import { query, update } from '@decent-cloud/kit/azle/azle.methods.ts';`,
    `import { lazy } from '@decent-cloud/kit/candid/lazy-type.ts';`,
    `import { CommonError } from '@decent-cloud/kit/errors/common-errors.ts';`,
    `import { resultType } from '@decent-cloud/kit/errors/error-idl.ts';`,
    ...numbers.map(typesOf),
    `class Wide {`,
    `  @init([]) init() {}`,
    ...numbers.map(methodOf),
    `}`,
    `export { Wide as default };`,
  ].join('\n');
}

const KINDS = ['IDL.Nat64', 'IDL.Text', 'IDL.Principal', 'IDL.Opt(IDL.Nat)', 'IDL.Vec(IDL.Nat8)'];

function typesOf(number: number): string {
  const fields = (prefix: string) =>
    Array.from({ length: FIELDS }, (_, field) => {
      return `${prefix}_${number}_${field}: ${KINDS[(number + field) % KINDS.length] ?? ''}`;
    }).join(', ');
  return [
    `const Asked${number} = lazy(() => IDL.Record({ ${fields('asked')} }));`,
    `const Given${number} = lazy(() => IDL.Record({ ${fields('given')}, of: Asked${number} }));`,
    `const Result${number} = resultType(Given${number}, CommonError);`,
  ].join('\n');
}

function methodOf(number: number): string {
  const decorator = number % 2 === 0 ? 'query' : 'update';
  return `  @${decorator}([Asked${number}], Result${number}) method_${number}(asked) { return { Ok: asked }; }`;
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { generate } from '@icp-sdk/bindgen/core';
import { IDL, type GenericIdlFuncArgs } from '@dfinity/candid';
import { REPOSITORY } from './layout.ts';

/** A Candid service with the arguments of its init. */
export interface Contract {
  readonly service: IDL.ServiceClass;
  /** Init as a function of its arguments. */
  readonly init: IDL.FuncClass;
}

interface Declarations {
  readonly idlFactory: (host: { IDL: typeof IDL }) => IDL.ServiceClass;
  readonly init: (host: { IDL: typeof IDL }) => GenericIdlFuncArgs;
}

/** TypeScript types and IDL of a `.did` file, for clients on `@dfinity/*`. */
export async function declarationsOf(didFile: string): Promise<string> {
  const scratch = await newScratch();
  try {
    await generate({
      didFile,
      outDir: scratch,
      output: {
        force: true,
        actor: { disabled: true },
        declarations: { rootExports: false, typescript: true, flat: true },
      },
    });
    const generated = join(scratch, `${basename(didFile, '.did')}.did.ts`);
    return readFileSync(generated, 'utf8').replaceAll('@icp-sdk/core/', '@dfinity/');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Reads a `.did` file as types that can be compared. */
export async function readContract(didFile: string): Promise<Contract> {
  const scratch = await newScratch();
  try {
    const module = join(scratch, 'contract.ts');
    await writeFile(module, await declarationsOf(didFile));
    const declarations = (await import(pathToFileURL(module).href)) as Declarations;
    return {
      service: declarations.idlFactory({ IDL }),
      init: IDL.Func(declarations.init({ IDL }), []),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Inside the repository, so that a generated module finds its packages. */
async function newScratch(): Promise<string> {
  const parent = join(REPOSITORY, '.cache', 'contracts');
  await mkdir(parent, { recursive: true });
  return mkdtempSync(join(parent, 'read-'));
}

/** Methods and init of one contract as text, one line each, whatever the order in the file. */
function linesOf({ service, init }: Contract): string[] {
  const methods = service._fields.map(([name, type]) => `${name} : ${type.display()}`);
  return [`init : ${init.display()}`, ...methods.sort()];
}

/** Lines that are only in one of two contracts; none if they say the same. */
export function differences(reviewed: Contract, generated: Contract): string[] {
  const [ours, built] = [linesOf(reviewed), linesOf(generated)];
  return [
    ...built.filter((line) => !ours.includes(line)).map((line) => `built:    ${line}`),
    ...ours.filter((line) => !built.includes(line)).map((line) => `reviewed: ${line}`),
  ];
}

/** What breaks clients of the released contract; none if all of them go on working. */
export function breakingChanges(released: Contract, next: Contract): string[] {
  const methods = new Map(next.service._fields);
  const broken = released.service._fields.flatMap(([name, before]) => {
    const after = methods.get(name);
    if (after === undefined) return [`${name} is gone`];
    if (IDL.subtype(after, before)) return [];
    return [`${name} was ${before.display()} and is ${after.display()}`];
  });
  const isInitKept = IDL.subtype(next.init, released.init);
  return isInitKept ? broken : [...broken, 'init takes other arguments'];
}

/** Writes a file and the folders it is in. */
export async function writeInto(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

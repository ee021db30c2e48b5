import type { IDL } from '@dfinity/candid';

/** A method of a Candid service. Throws if there is none of that name. */
export function methodOf(service: IDL.ServiceClass, name: string): IDL.FuncClass {
  const method = service._fields.find(([known]) => known === name)?.[1];
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

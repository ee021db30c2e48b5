import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { idlFactory } from '../../dist/canisters/token-value/declarations/token-value.did.ts';
import { priceConfig } from './price-config.ts';

/** A call of token-value as a command line takes it. */
export interface PriceCall {
  readonly method: 'add_source' | 'set_pricing';
  /** In Candid's text form. */
  readonly argument: string;
}

/** The configuration as calls, in the order in which they have to be made. */
export function priceCalls(dctIcpPool: Principal): readonly PriceCall[] {
  const { sources, tokens } = priceConfig(dctIcpPool);
  return [
    ...sources.map((source) => callOf('add_source', source)),
    ...tokens.map((pricing) => callOf('set_pricing', pricing)),
  ];
}

function callOf(method: PriceCall['method'], value: unknown): PriceCall {
  const service = idlFactory({ IDL });
  const types = service._fields.find(([name]) => name === method)?.[1].argTypes ?? [];
  return { method, argument: `(${types.map((type) => type.valueToString(value)).join(', ')})` };
}

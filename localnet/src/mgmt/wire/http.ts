import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { HttpHeader } from '../../core/types.ts';
import type { Opt } from '../../core/candid-opt.ts';
import { Blob } from './lifecycle.ts';

const Header = IDL.Record({ name: IDL.Text, value: IDL.Text });

export const HttpResult = IDL.Record({
  status: IDL.Nat,
  headers: IDL.Vec(Header),
  body: Blob,
});

export interface WireHttpResult {
  readonly status: bigint;
  readonly headers: readonly HttpHeader[];
  readonly body: Uint8Array;
}

export const TransformArgs = IDL.Record({ response: HttpResult, context: Blob });

export const HttpRequestArgs = IDL.Record({
  url: IDL.Text,
  max_response_bytes: IDL.Opt(IDL.Nat64),
  method: IDL.Variant({ get: IDL.Null, head: IDL.Null, post: IDL.Null }),
  headers: IDL.Vec(Header),
  body: IDL.Opt(Blob),
  transform: IDL.Opt(
    IDL.Record({
      function: IDL.Func([TransformArgs], [HttpResult], ['query']),
      context: Blob,
    }),
  ),
  is_replicated: IDL.Opt(IDL.Bool),
  pricing_version: IDL.Opt(IDL.Nat32),
});

export interface WireTransform {
  readonly function: readonly [Principal, string];
  readonly context: Uint8Array;
}

export interface WireHttpRequest {
  readonly url: string;
  readonly max_response_bytes: Opt<bigint>;
  readonly method: { readonly get: null } | { readonly head: null } | { readonly post: null };
  readonly headers: readonly HttpHeader[];
  readonly body: Opt<Uint8Array>;
  readonly transform: Opt<WireTransform>;
}

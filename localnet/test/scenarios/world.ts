import { IDL } from '@icp-sdk/core/candid';
import type { Principal } from '@icp-sdk/core/principal';
import type { CreateInstanceOptions, PocketIc } from '@dfinity/pic';
import { openPic } from '../../src/testing/pic.ts';
import {
  subjectIdl,
  subjectWasm,
  type Subject,
  type SubjectService,
} from '../fixtures/pic-subject.ts';

/** Scenarios use PocketIC's client and nothing else, so they also run on the real server. */

export interface SubjectWorld {
  readonly pic: PocketIc;
  readonly subject: Subject;
  readonly canisterId: Principal;
}

/** An instance with the Motoko subject installed by the anonymous controller, counting from 5. */
export async function openSubject(options?: CreateInstanceOptions): Promise<SubjectWorld> {
  const pic = await openPic(options);
  return { pic, ...(await addSubject(pic)) };
}

export async function addSubject(
  pic: PocketIc,
): Promise<{ readonly subject: Subject; readonly canisterId: Principal }> {
  const { actor, canisterId } = await pic.setupCanister<SubjectService>({
    idlFactory: subjectIdl,
    wasm: subjectWasm(),
    arg: startArg(5n),
  });
  return { subject: actor, canisterId };
}

/** Init argument of the subject. */
export function startArg(start: bigint): Uint8Array {
  return new Uint8Array(IDL.encode([IDL.Nat], [start]));
}

/** Matches the error of a call that was rejected with these codes. */
export function rejection(codes: { readonly reject: number; readonly error: number }): RegExp {
  return new RegExp(`Reject code: ${codes.reject}. Error code: ${codes.error}\\.`);
}

export const EMPTY_ARG = new Uint8Array(IDL.encode([], []));

export function textArg(text: string): Uint8Array {
  return new Uint8Array(IDL.encode([IDL.Text], [text]));
}

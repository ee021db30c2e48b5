import { mapOk, type Result } from '@decent-cloud/domain/result.ts';
import type { TimestampNs } from '@decent-cloud/domain/time.ts';
import type { RawQuote, SampleRejection } from '../samples/sample.ts';
import { checkAge, ratioOf } from './answer-checks.ts';

/** The reply of `get_icp_xdr_conversion_rate`; its certificate is for callers outside. */
export interface WireIcpXdrRate {
  readonly data: {
    readonly timestamp_seconds: bigint;
    readonly xdr_permyriad_per_icp: bigint;
  };
}

const PERMYRIAD = 10_000n;

/** ICP in XDR, if the cycles minting canister itself learned it lately. */
export function decodeCmcRate(answer: {
  readonly reply: WireIcpXdrRate;
  readonly atNs: TimestampNs;
}): Result<RawQuote, SampleRejection> {
  const { timestamp_seconds: timestampSeconds, xdr_permyriad_per_icp: xdrPermyriadPerIcp } =
    answer.reply.data;
  const age = checkAge({ timestampSeconds, atNs: answer.atNs });
  if (age.kind === 'err') return age;
  const ratio = ratioOf({ numerator: xdrPermyriadPerIcp, denominator: PERMYRIAD });
  return mapOk(ratio, (ratioE18) => ({
    ratioE18,
    depthUnits: undefined,
    raw: { kind: 'cmc-xdr', xdrPermyriadPerIcp, timestampSeconds },
  }));
}

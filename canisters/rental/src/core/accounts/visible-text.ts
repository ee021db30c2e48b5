import { err, ok, type Result } from '@decent-cloud/domain/result.ts';
import { textTrouble, type Refusal } from '../text-rules.ts';

export interface VisibleRule {
  readonly argument: string;
  /** 0 lets it be left empty. */
  readonly min: number;
  readonly max: number;
}

/** What others read as a name must be what they see. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** One line of characters that can be seen, without spaces around it. */
export function checkVisible(raw: string, rule: VisibleRule): Result<string, Refusal> {
  const { argument, min, max } = rule;
  const value = raw.length > max ? raw : raw.trim();
  if (value.length < min || value.length > max || UNSEEN.test(value)) {
    return err({ argument, rule: `must be ${min} to ${max} visible characters` });
  }
  return ok(value);
}

/** Several lines for people to read. */
export function checkLines(
  raw: string,
  rule: { readonly argument: string; readonly max: number },
): Result<string, Refusal> {
  const trouble = textTrouble(raw, { ...rule, hasLines: true });
  return trouble === undefined ? ok(raw) : err(trouble);
}

/** A web address that a browser may be sent to: `https://` and a host; empty for none. */
export function checkWebsite(raw: string, argument: string): Result<string, Refusal> {
  const value = checkVisible(raw, { argument, min: 0, max: 200 });
  if (value.kind === 'err' || value.value === '') return value;
  const isAddress = /^https:\/\/[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(:\d{1,5})?([/?#][!-~]*)?$/i;
  if (isAddress.test(value.value)) return value;
  return err({ argument, rule: 'must be an address that begins with https://, or empty' });
}

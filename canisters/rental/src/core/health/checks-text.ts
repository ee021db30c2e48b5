import { localTime } from '@decent-cloud/domain/utc-time.ts';
import { cutText } from '../notifications/cut-text.ts';
import type { Check, Flip } from './machine-status.ts';

const MAX_LENGTH = 400;
const MAX_PART = 80;
const SECONDS_TEXT = 'YYYY-MM-DD HH:MM:SS'.length;

/** `Tried TCP 22 from fsn1: no answer after 5000 ms. Next check at 2026-11-23 14:24:05 UTC.` */
export function checksText({ checks, nextCheck }: Pick<Flip, 'checks' | 'nextCheck'>): string {
  const tried = cutText(checks.map(checkText).join('; '), MAX_LENGTH);
  return `Tried ${tried}. Next check at ${localTime(nextCheck, 0).slice(0, SECONDS_TEXT)} UTC.`;
}

function checkText({ what, result, latencyMs }: Check): string {
  return `${plain(what)}: ${plain(result)} after ${latencyMs} ms`;
}

/** One line of visible text, whatever an agent sent. */
function plain(words: string): string {
  let visible = '';
  for (const char of cutText(words, MAX_PART)) visible += isVisible(char) ? char : ' ';
  return visible.trim();
}

/** Neither a control nor one that turns the direction of what follows. */
function isVisible(char: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(char);
}

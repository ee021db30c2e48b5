/** At most `maxLength` characters, with `…` as the last where something is missing. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = maxLength - 1;
  return `${text.slice(0, splitsPair(text, end) ? end - 1 : end)}…`;
}

/** Half of a pair of surrogates is no text. */
function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff;
}

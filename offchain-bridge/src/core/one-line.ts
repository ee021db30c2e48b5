const CONTROLS = /\p{Cc}+/gu;
const ELLIPSIS = '…';

/** The text in one line of at most `max` characters, without control characters. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(CONTROLS, ' ').trim();
  return line.length <= max ? line : `${line.slice(0, max - ELLIPSIS.length)}${ELLIPSIS}`;
}

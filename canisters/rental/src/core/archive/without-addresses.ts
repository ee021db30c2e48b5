const LEFT_OUT = '[address]';
const IPV6_GROUPS = 8;
const IPV4_PARTS = 4;
const MAX_BYTE = 255;

/** Every address has one of these; looking for it costs a tenth of looking at each character. */
const TRACE = /[0-9]\.[0-9]|[0-9a-f:]:/i;

/** The text with every IPv4 and IPv6 address in it replaced: addresses of machines are not kept. */
export function withoutAddresses(text: string): string {
  if (!TRACE.test(text)) return text;
  return text.split('\n').map(lineWithoutAddresses).join('\n');
}

function lineWithoutAddresses(text: string): string {
  if (!TRACE.test(text)) return text;
  let clean = '';
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const end = wordEnd(text, at);
    if (end > at && !isWordChar(text, at - 1) && !isWordChar(text, end)) {
      const length = addressLength(text.slice(at, end));
      if (length > 0) {
        clean += text.slice(copied, at) + LEFT_OUT;
        copied = at + length;
      }
    }
    at = Math.max(end, at + 1);
  }
  return clean + text.slice(copied);
}

/** How much of a run of hexadecimal digits, dots and colons is an address; 0 if none of it. */
function addressLength(run: string): number {
  const word = run.replace(/[.:]$/, '');
  if (isIpv4(word) || isIpv6(word)) return word.length;
  if (isIpv6(run)) return run.length;
  const colon = word.indexOf(':');
  const host = colon === -1 ? word : word.slice(0, colon);
  return isIpv4(host) ? host.length : 0;
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return (
    parts.length === IPV4_PARTS &&
    parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= MAX_BYTE)
  );
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const count = groups.length + (last !== undefined && isIpv4(last) ? 1 : 0);
  const isSound = groups.every(
    (group, index) =>
      /^[0-9a-fA-F]{1,4}$/.test(group) || (index === groups.length - 1 && isIpv4(group)),
  );
  if (!isSound) return false;
  return halves.length === 2 ? count > 0 && count < IPV6_GROUPS : count === IPV6_GROUPS;
}

/** Where the run of characters that addresses are made of ends. */
function wordEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isAddressChar(text.charCodeAt(end))) end += 1;
  return end;
}

function isAddressChar(code: number): boolean {
  if (code >= 0x30 && code <= 0x3a) return true;
  const lower = code | 0x20;
  return code === 0x2e || (lower >= 0x61 && lower <= 0x66);
}

/** Letters that no address has: `std::string` is none. */
function isWordChar(text: string, at: number): boolean {
  const lower = text.charCodeAt(at) | 0x20;
  return lower >= 0x67 && lower <= 0x7a;
}

const LISTENING = '0A';
const V4_DIGITS = 8;
const V6_DIGITS = 32;
const ANY_V4 = '0.0.0.0';
const ANY_V6 = '::';

/** Where to connect, inside the machine, to reach each port that something listens on. */
export type ListeningPorts = ReadonlyMap<number, string>;

/**
 * Reads the kernel's tables of TCP sockets. Addresses of IPv4 count before those of IPv6 for the same
 * port. Source: Linux, Documentation/networking/proc_net_tcp.rst; words are in the host's byte order,
 * little-endian wherever this runs.
 */
export function listeningPorts(tcp: string, tcp6: string): ListeningPorts {
  const ports = new Map<number, string>();
  for (const line of [...tcp.split('\n'), ...tcp6.split('\n')]) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    const target = state === LISTENING ? targetOf(address) : undefined;
    const number = Number.parseInt(port, 16);
    if (target !== undefined && !ports.has(number)) ports.set(number, target);
  }
  return ports;
}

/** Whoever listens on every address is found on loopback. */
function targetOf(hex: string): string | undefined {
  if (hex.length === V4_DIGITS) {
    const address = wordBytes(hex).join('.');
    return address === ANY_V4 ? '127.0.0.1' : address;
  }
  if (hex.length !== V6_DIGITS) return undefined;
  const bytes = [0, 8, 16, 24].flatMap((at) => wordBytes(hex.slice(at, at + 8)));
  const groups = Array.from({ length: 8 }, (_unused, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  if (isMapped)
    return bytes.slice(12).join('.') === ANY_V4 ? '127.0.0.1' : bytes.slice(12).join('.');
  const address = groups.every((group) => group === '0') ? ANY_V6 : groups.join(':');
  return address === ANY_V6 ? '::1' : address;
}

function wordBytes(hex: string): number[] {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** RFC 3339 to the second, in UTC. */
export function timeText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

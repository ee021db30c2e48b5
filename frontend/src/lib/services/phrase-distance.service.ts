/** How many letters are wrong, missing, too many, or exchanged with their neighbour. */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      const replaced = at(above, column - 1) + (isSame ? 0 : 1);
      const added = at(line, column - 1) + 1;
      const removed = at(above, column) + 1;
      const isExchange =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      const exchanged = isExchange ? at(before, column - 2) + 1 : Infinity;
      line.push(Math.min(replaced, added, removed, exchanged));
    }
    before = above;
    above = line;
  }
  return at(above, right.length);
}

function at(line: readonly number[], column: number): number {
  return line[column] ?? Infinity;
}

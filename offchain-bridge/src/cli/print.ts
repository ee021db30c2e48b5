/** Where a command writes. */
export interface Output {
  print(text: string): void;
  complain(text: string): void;
}

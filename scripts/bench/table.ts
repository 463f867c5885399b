// Rows of numbers as the benchmarks print them: a name, then columns.

/** One line: the first cell flush left, the others flush right. */
export function tableRow(cells: readonly (string | number)[]): string {
  return cells.map((cell, at) => at === 0 ? String(cell).padEnd(16) : String(cell).padStart(12)).join("");
}

/** A number with one decimal; a dash for what was not to be had. */
export function decimal(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "-" : value.toFixed(1);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

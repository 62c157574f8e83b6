// Long lists in parts that one statement takes. Pure.

/** PostgreSQL counts its parameters in 16 bits. */
const rowsMax = 500

export function inParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = []
  for (let from = 0; from < items.length; from += rowsMax) {
    parts.push(items.slice(from, from + rowsMax))
  }
  return parts
}

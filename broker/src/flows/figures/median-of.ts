// The middle of some values, under a name, or nothing where there are none. Pure.

export function medianOf<Name extends string>(
  name: Name,
  values: readonly number[],
): Partial<Record<Name, number>> {
  const sorted = [...values].sort((a, b) => a - b)
  const low = sorted[Math.floor((sorted.length - 1) / 2)]
  const high = sorted[Math.floor(sorted.length / 2)]
  if (low === undefined || high === undefined) return {}
  const named: Partial<Record<Name, number>> = {}
  named[name] = Math.round((low + high) / 2)
  return named
}

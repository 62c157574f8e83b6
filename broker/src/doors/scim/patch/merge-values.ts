// Values of a list, added to others and taken away from them: what is there already is no second
// one. Pure.

import { isObject } from '../filter/match-filter.ts'
import type { Attribute } from '../resource/scim-schema.ts'

/** Of two values with one identity the newer says the rest. */
export function mergeValues(before: unknown, added: unknown): readonly unknown[] {
  const all = new Map<string, unknown>()
  const had = listOf(before)
  had.forEach((one, at) => all.set(identityOf(one) ?? `at ${String(at)}`, one))
  for (const one of listOf(added)) {
    const identity = identityOf(one) ?? `new ${String(all.size)}`
    const known = all.get(identity)
    all.set(identity, isObject(known) && isObject(one) ? { ...known, ...one } : one)
  }
  const merged = [...all.values()]
  const primary = listOf(added).find((one) => isObject(one) && one['primary'] === true)
  if (primary === undefined) return merged
  const wanted = identityOf(primary)
  return merged.map((one) =>
    isObject(one) && one['primary'] === true && identityOf(one) !== wanted
      ? { ...one, primary: false }
      : one,
  )
}

/** Nothing where nothing is left. */
export function withoutValues(before: unknown, taken: unknown): readonly unknown[] | undefined {
  const gone = listOf(taken)
  const values = new Set(gone.map(valueOf))
  const left = listOf(before).filter((one) => !values.has(valueOf(one)))
  return left.length === 0 ? undefined : left
}

/** `replace` puts the new in place of the old, but for what only we write; `add` puts it beside. */
export function mergeElement(
  { subAttributes = [] }: Attribute,
  was: unknown,
  next: unknown,
  op: 'add' | 'replace',
): unknown {
  if (!isObject(was) || !isObject(next)) return next
  if (op === 'add') return { ...was, ...next }
  const ours = subAttributes
    .filter(({ mutability }) => mutability === 'readOnly' || mutability === 'immutable')
    .filter(({ name }) => name in was)
    .map(({ name }) => [name, was[name]] as const)
  return { ...next, ...Object.fromEntries(ours) }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

function valueOf(one: unknown): string {
  return JSON.stringify(isObject(one) ? (one['value'] ?? one) : one)
}

/** Its value and its kind; a badge of ours has neither here, and is no other. */
function identityOf(one: unknown): string | undefined {
  if (!isObject(one)) return JSON.stringify(one)
  if (one['value'] === undefined) return undefined
  return JSON.stringify([one['value'], one['type'] ?? null])
}

// PATCH as RFC 7644 section 3.5.2 has it, on a copy: all of it or nothing. Where Entra and Okta
// differ from the letter it is theirs that counts, since the letter would empty a group or lose a
// deactivation. Pure.

import { findAttribute } from '../resource/find-attribute.ts'
import type { FoundAttribute } from '../resource/find-attribute.ts'
import { elementTest, isObject } from '../filter/match-filter.ts'
import type { Filter } from '../filter/parse-filter.ts'
import { flaw } from '../scim-flaw.ts'
import type { Attribute, ResourceType } from '../resource/scim-schema.ts'
import { holderOf, takeAttribute } from '../resource/take-value.ts'
import type { Dropped, Resource } from '../resource/take-value.ts'
import { mergeElement, mergeValues, withoutValues } from './merge-values.ts'
import { readPatch } from './patch-body.ts'
import type { Operation } from './patch-body.ts'

/** The resource as it would be. Throws ScimFlaw; then nothing was changed. */
export function applyPatch(
  resource: Resource,
  body: unknown,
  type: ResourceType,
  dropped: Dropped,
): Resource {
  const next = copyOf(resource) as Resource
  for (const operation of readPatch(body, type, dropped)) apply(next, operation, type, dropped)
  return next
}

/** Of what JSON can hold, and nothing else is in a resource: a tenth of a structured clone. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isObject(value)) return value
  const copy: Resource = {}
  for (const name of Object.keys(value)) copy[name] = copyOf(value[name])
  return copy
}

function apply(
  resource: Resource,
  operation: Operation,
  type: ResourceType,
  dropped: Dropped,
): void {
  const { path, filter } = operation.target
  if (path.name === undefined) {
    const known = type.extensions.find(({ id }) => id.toLowerCase() === path.urn)
    if (known) resource[known.id] = {}
    else dropped.count += 1
    return
  }
  const found = findAttribute(type, path)
  if (!found) {
    dropped.count += 1
    return
  }
  const { attribute, sub } = found
  const isFixed = [attribute, sub].some((one) => one?.mutability === 'readOnly')
  if (isFixed && !operation.isExplicit) return
  if (isFixed || (filter !== undefined && sub?.mutability === 'immutable')) {
    throw flaw('mutability', `${sub?.name ?? attribute.name} cannot be changed.`)
  }
  const holder = holderOf(resource, found.extension)
  const change = { holder, operation, attribute, sub, dropped }
  if (filter) applyWithin(change, filter)
  else if (sub) applySub(change, sub)
  else applyWhole(change)
}

interface Change extends Pick<FoundAttribute, 'attribute'> {
  readonly holder: Resource
  readonly operation: Operation
  readonly sub: Attribute | undefined
  readonly dropped: Dropped
}

function applyWhole({ holder, operation, attribute, dropped }: Change): void {
  const { op, value } = operation
  const { name } = attribute
  const isNothing = op !== 'remove' && (value === null || value === undefined)
  if (op === 'remove' || (op === 'replace' && isNothing)) {
    // Entra’s removal of members names them in the value; by the letter it would clear the group.
    const isSome = op === 'remove' && attribute.multiValued === true && !isEmpty(value)
    if (isSome)
      set(holder, name, withoutValues(holder[name], takeAttribute(attribute, value, dropped)))
    else removeWhole(holder, attribute)
    return
  }
  const taken = takeAttribute(attribute, value, dropped)
  if (attribute.multiValued === true) {
    if (op === 'replace') set(holder, name, taken)
    else if (taken !== undefined) set(holder, name, mergeValues(holder[name], taken))
    return
  }
  if (attribute.type === 'complex' && isObject(taken)) {
    const before = holder[name]
    holder[name] = { ...(isObject(before) ? before : {}), ...taken }
    return
  }
  if (taken === undefined) removeWhole(holder, attribute)
  else holder[name] = taken
}

function removeWhole(holder: Resource, { name, required = false }: Attribute): void {
  // Silence is no word: nobody becomes active, or ceases to be, because a switch is taken away.
  if (required || name === 'active') throw flaw('mutability', `${name} cannot be taken away.`)
  set(holder, name, undefined)
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}

function applySub({ holder, operation, attribute, dropped }: Change, sub: Attribute): void {
  const { op, value } = operation
  const taken = op === 'remove' ? undefined : takeAttribute(sub, value, dropped)
  if (attribute.multiValued !== true) {
    const before = holder[attribute.name]
    const next: Resource = { ...(isObject(before) ? before : {}) }
    set(next, sub.name, taken)
    set(holder, attribute.name, Object.keys(next).length === 0 ? undefined : next)
    return
  }
  const all = elementsOf(holder, attribute)
  if (all.length === 0 && op !== 'remove') {
    throw flaw('noTarget', `${attribute.name} has no value that could be changed.`)
  }
  holder[attribute.name] = all.map((one) => withSub(one, sub, taken))
}

function applyWithin(change: Change, filter: Filter): void {
  const { holder, operation, attribute, sub, dropped } = change
  const { op, value } = operation
  const { name } = attribute
  if (attribute.multiValued !== true) throw flaw('invalidPath', `${name} is not a list.`)
  const all = elementsOf(holder, attribute)
  const fits = elementTest(filter, attribute)
  const isHit = all.map(fits)
  if (op === 'remove') {
    const left = sub
      ? all.map((one, at) => (isHit[at] === true ? withSub(one, sub, undefined) : one))
      : all.filter((_one, at) => isHit[at] !== true)
    set(holder, name, left.length === 0 ? undefined : left)
    return
  }
  if (!isHit.includes(true)) {
    const made = sub && madeOf(filter, attribute)
    const taken = sub && takeAttribute(sub, value, dropped)
    if (!made || taken === undefined) {
      // Nothing to set, and nobody to set it on: what was asked for is so already.
      if (sub && taken === undefined) return
      throw flaw('noTarget', `No value of ${name} fits the filter.`)
    }
    // Entra sets the work mail of whoever has none.
    holder[name] = onePrimary([...all, { ...made, [sub.name]: taken }], all.length)
    return
  }
  const taken = takeAttribute(sub ?? { ...attribute, multiValued: false }, value, dropped)
  const next = all.map((one, at) => {
    if (isHit[at] !== true) return one
    return sub ? withSub(one, sub, taken) : mergeElement(attribute, one, taken, op)
  })
  holder[name] = onePrimary(next, isHit.indexOf(true))
}

/** What a filter of nothing but equalities says of the value that it looks for. */
function madeOf(filter: Filter, attribute: Attribute): Resource | undefined {
  const terms = filter.kind === 'and' ? filter.of : [filter]
  const made: Resource = {}
  for (const term of terms) {
    if (term.kind !== 'compare' || term.operator !== 'eq' || term.literal === null) return undefined
    const { name = '' } = term.path
    const sub = attribute.subAttributes?.find(
      (one) => one.name.toLowerCase() === name.toLowerCase(),
    )
    if (!sub || sub.mutability === 'readOnly' || sub.mutability === 'immutable') return undefined
    made[sub.name] = takeAttribute(sub, term.literal, { count: 0 })
  }
  return made
}

function elementsOf(holder: Resource, { name }: Attribute): readonly unknown[] {
  const value = holder[name]
  return Array.isArray(value) ? value : []
}

function withSub(element: unknown, sub: Attribute, value: unknown): unknown {
  const next: Resource = isObject(element) ? { ...element } : {}
  set(next, sub.name, value)
  return next
}

/** At most one is the preferred one: the newest that says so. */
function onePrimary(all: readonly unknown[], at: number): readonly unknown[] {
  const changed = all[at]
  if (!isObject(changed) || changed['primary'] !== true) return all
  return all.map((one, index) =>
    index !== at && isObject(one) && one['primary'] === true ? { ...one, primary: false } : one,
  )
}

function set(holder: Resource, name: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(holder, name)
  else holder[name] = value
}

// From JSON of a client to values of the allow-list: names in their own spelling, types checked,
// what some clients write otherwise brought into one form (reference: scim, tolerance rules). What
// is not kept is counted and never looked at.

import { findAttribute, named, urnsOf } from './find-attribute.ts'
import { isObject } from '../filter/match-filter.ts'
import { flaw } from '../scim-flaw.ts'
import type { Attribute, ResourceType } from './scim-schema.ts'

/** A resource in the schema's spelling; what is unassigned is not there. */
export type Resource = Record<string, unknown>

export interface Dropped {
  count: number
}

const valuesMax = 5000
const charsMax = 4096

/** A whole resource of POST or PUT. Throws `invalidSyntax` and `invalidValue`. */
export function takeResource(body: unknown, type: ResourceType, dropped: Dropped): Resource {
  if (!isObject(body)) throw flaw('invalidSyntax', 'The body has to be one object.')
  requireSchema(body, type.core.id)
  const taken: Resource = {}
  for (const [key, raw] of Object.entries(body)) {
    const small = key.toLowerCase()
    if (small === 'schemas') continue
    const extension = type.extensions.find(({ id }) => id.toLowerCase() === small)
    if (!extension) {
      take(taken, { name: key }, raw, type, dropped)
      continue
    }
    // Named, even as nothing: what it had goes. Left out, it stays (decision 0026).
    taken[extension.id] ??= {}
    if (raw === null) continue
    if (!isObject(raw)) throw flaw('invalidValue', 'An extension has to be an object.')
    for (const [name, inner] of Object.entries(raw)) {
      take(taken, { urn: small, name }, inner, type, dropped)
    }
  }
  return taken
}

export function requireSchema(body: unknown, wanted: string): void {
  const schemas = isObject(body) ? body['schemas'] : undefined
  const isNamed =
    Array.isArray(schemas) &&
    schemas.some((one) => typeof one === 'string' && one.toLowerCase() === wanted.toLowerCase())
  if (!isNamed) throw flaw('invalidSyntax', `schemas has to name ${wanted}.`)
}

function take(
  into: Resource,
  path: { readonly urn?: string; readonly name: string },
  raw: unknown,
  type: ResourceType,
  dropped: Dropped,
): void {
  const found = findAttribute(type, splitName(path, type))
  if (!found) {
    dropped.count += 1
    return
  }
  const { attribute, extension } = found
  if (attribute.mutability === 'readOnly') return
  const value = takeAttribute(attribute, raw, dropped)
  if (value !== undefined) holderOf(into, extension)[attribute.name] = value
}

/** "urn:…:User:department" at the top is the same as `department` inside. */
function splitName(path: { readonly urn?: string; readonly name: string }, type: ResourceType) {
  const small = path.name.toLowerCase()
  const urn = urnsOf(type).find((one) => small.startsWith(`${one}:`))
  return urn === undefined ? path : { urn, name: path.name.slice(urn.length + 1) }
}

/** Where an attribute's value is kept: the resource, or its extension's object, made if missing. */
export function holderOf(resource: Resource, extension: string | undefined): Resource {
  if (extension === undefined) return resource
  const known = resource[extension]
  if (isObject(known)) return known
  const made: Resource = {}
  resource[extension] = made
  return made
}

/** Nothing for what is unassigned: null, an empty list, an empty text (RFC 7643 section 2.5). */
export function takeAttribute(attribute: Attribute, raw: unknown, dropped: Dropped): unknown {
  if (raw === null || raw === undefined) return undefined
  if (attribute.multiValued !== true) return takeOne(attribute, raw, dropped)
  // Entra sends one value where a list is meant.
  const all: readonly unknown[] = Array.isArray(raw) ? raw : [raw]
  if (all.length > valuesMax) throw flaw('invalidValue', `${attribute.name} has too many values.`)
  const taken = onceEach(
    attribute,
    all.map((one) => takeOne(attribute, one, dropped)).filter((one) => one !== undefined),
  )
  if (taken.filter((one) => isObject(one) && one['primary'] === true).length > 1) {
    throw flaw('invalidValue', `${attribute.name} has more than one primary value.`)
  }
  return taken.length === 0 ? undefined : taken
}

/**
 * One value of one type stands once in a list (RFC 7643 section 2.4), with all that is said of it;
 * where values have no type, one that says nothing new.
 */
function onceEach({ subAttributes = [] }: Attribute, taken: readonly unknown[]): unknown[] {
  const hasTypes = ['value', 'type'].every((name) => named(subAttributes, name))
  const once = new Map<string, unknown>()
  for (const one of taken) {
    const isTyped = hasTypes && isObject(one) && one['value'] !== undefined
    const key = JSON.stringify(isTyped ? [one['value'], one['type'] ?? null] : one)
    const known = once.get(key)
    once.set(key, isTyped && isObject(known) ? { ...known, ...one } : one)
  }
  return [...once.values()]
}

function takeOne(attribute: Attribute, raw: unknown, dropped: Dropped): unknown {
  if (raw === null || raw === undefined) return undefined
  const no = (what: string) => flaw('invalidValue', `${attribute.name} has to be ${what}.`)
  switch (attribute.type) {
    case 'complex':
      return takeComplex(attribute, raw, dropped)
    case 'boolean': {
      if (typeof raw === 'boolean') return raw
      const small = typeof raw === 'string' ? raw.toLowerCase() : ''
      if (small !== 'true' && small !== 'false') throw no('true or false')
      return small === 'true'
    }
    case 'integer':
      if (typeof raw !== 'number' || !Number.isSafeInteger(raw)) throw no('a whole number')
      return raw
    case 'dateTime':
      if (raw === '') return undefined
      return dateOf(attribute, raw) ?? thrown(no('a date, or a time with its zone'))
    case 'reference':
    case 'string':
      if (typeof raw !== 'string' || raw.length > charsMax) throw no('a text')
      return raw.trim() === '' ? undefined : wordOf(attribute, raw)
  }
}

function takeComplex(attribute: Attribute, raw: unknown, dropped: Dropped): unknown {
  const subs = attribute.subAttributes ?? []
  // A bare text for `manager`, or for one of `members`, is its value.
  const given = typeof raw === 'string' && named(subs, 'value') ? { value: raw } : raw
  if (!isObject(given)) throw flaw('invalidValue', `${attribute.name} has to be an object.`)
  const taken: Resource = {}
  for (const [key, inner] of Object.entries(given)) {
    const sub = named(subs, key)
    if (!sub) dropped.count += 1
    else if (sub.mutability !== 'readOnly') {
      const value = takeAttribute(sub, inner, dropped)
      if (value !== undefined) taken[sub.name] = value
    }
  }
  return Object.keys(taken).length === 0 ? undefined : taken
}

function wordOf({ name, canonicalValues }: Attribute, raw: string): string {
  if (!canonicalValues) return raw
  const word = canonicalValues.find((one) => one.toLowerCase() === raw.trim().toLowerCase())
  return word ?? thrown(flaw('invalidValue', `${name} has to be ${canonicalValues.join(' or ')}.`))
}

const dayMs = 86_400_000
const xsdTime = /^-?\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/
/** A day that is meant to the end of it, where only the day is given. */
const lastDays = ['endDate', 'expires']

/** As our own clock writes it; nothing for what is no moment. */
function dateOf({ name }: Attribute, raw: unknown): string | undefined {
  if (typeof raw !== 'string') return undefined
  const isDay = /^\d{4}-\d\d-\d\d$/.test(raw)
  if (!isDay && !xsdTime.test(raw)) return undefined
  const ms =
    Date.parse(isDay ? `${raw}T00:00:00Z` : raw) + (isDay && lastDays.includes(name) ? dayMs : 0)
  const isKnown = ms >= 0 && ms < 253_402_300_799_000
  return isKnown ? new Date(ms).toISOString() : undefined
}

function thrown(problem: Error): never {
  throw problem
}

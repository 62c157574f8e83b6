// Which attributes of a resource are given: those that are asked for, or all but some (RFC 7644
// section 3.9). Pure.

import { z } from 'zod'
import { isObject } from './filter/match-filter.ts'
import type { Json } from './filter/match-filter.ts'
import { parsePath } from './filter/parse-filter.ts'
import { findAttribute, urnsOf } from './resource/find-attribute.ts'
import type { FoundAttribute } from './resource/find-attribute.ts'
import type { ResourceType } from './resource/scim-schema.ts'
import type { Resource } from './resource/take-value.ts'
import { flaw } from './scim-flaw.ts'

export interface Projection {
  readonly only?: readonly FoundAttribute[]
  readonly without?: readonly FoundAttribute[]
}

const list = z.union([
  z.array(z.string().max(300)).max(100),
  z
    .string()
    .max(8000)
    .transform((text) => text.split(',').map((one) => one.trim())),
])
const asked = z.looseObject({
  attributes: list.optional(),
  excludedAttributes: list.optional(),
})

export function projectionOf(
  given: Readonly<Record<string, unknown>>,
  type: ResourceType,
): Projection {
  const parsed = asked.safeParse(given)
  if (!parsed.success) throw flaw('invalidValue', 'A list of attributes is not understood.')
  const { attributes, excludedAttributes } = parsed.data
  if (attributes && excludedAttributes) {
    throw flaw('invalidSyntax', 'attributes and excludedAttributes exclude each other.')
  }
  const found = (names: readonly string[]) =>
    names.filter((name) => name !== '').flatMap((name) => attributeNamed(name, type) ?? [])
  return {
    ...(attributes ? { only: found(attributes) } : {}),
    ...(excludedAttributes ? { without: found(excludedAttributes) } : {}),
  }
}

/** Nothing for a name that is none of ours: it is in no answer anyway. */
export function attributeNamed(name: string, type: ResourceType): FoundAttribute | undefined {
  return findAttribute(type, parsePath(name, urnsOf(type)).path)
}

/** Without the attributes that are not asked for; `id` and `schemas` are always there. */
export function project(resource: Resource, { only, without }: Projection): Resource {
  if (only) {
    const next: Resource = { schemas: resource['schemas'], id: resource['id'] }
    for (const found of only) copyInto(next, resource, found)
    return next
  }
  if (!without) return resource
  const next = structuredClone(resource)
  for (const { attribute, extension, sub } of without) {
    if (attribute.returned === 'always') continue
    const holder = extension === undefined ? next : next[extension]
    if (!isObject(holder)) continue
    if (sub) dropSub(holder[attribute.name], sub.name)
    else Reflect.deleteProperty(holder, attribute.name)
  }
  return next
}

function dropSub(value: unknown, name: string): void {
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (isObject(one)) Reflect.deleteProperty(one, name)
  }
}

function copyInto(next: Resource, from: Json, { attribute, extension, sub }: FoundAttribute): void {
  const holder = extension === undefined ? from : from[extension]
  const value = isObject(holder) ? holder[attribute.name] : undefined
  if (value === undefined) return
  const into = extension === undefined ? next : ((next[extension] ??= {}) as Resource)
  if (!sub) into[attribute.name] = value
  else if (Array.isArray(value)) {
    const before = into[attribute.name]
    into[attribute.name] = (value as unknown[]).map((one, at) => ({
      ...(Array.isArray(before) && isObject(before[at]) ? before[at] : {}),
      ...(isObject(one) && sub.name in one ? { [sub.name]: one[sub.name] } : {}),
    }))
  } else if (isObject(value)) {
    const before = into[attribute.name]
    into[attribute.name] = { ...(isObject(before) ? before : {}), [sub.name]: value[sub.name] }
  }
}

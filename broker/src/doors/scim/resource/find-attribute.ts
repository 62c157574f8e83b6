// From a name as clients write it to the attribute that it means: in any case, with or without its
// schema's URN. Pure.

import { commonAttributes } from './scim-schema.ts'
import type { Attribute, ResourceType } from './scim-schema.ts'

export interface AttributePath {
  /** The URN that it was written with, in small letters; absent for a bare name. */
  readonly urn?: string
  /** Absent where the path is a whole extension. */
  readonly name?: string
  readonly sub?: string
}

export interface FoundAttribute {
  /** The extension's URN; absent for the core schema. */
  readonly extension?: string
  readonly attribute: Attribute
  readonly sub?: Attribute
}

/** Nothing for what is not kept here, or is nowhere. */
export function findAttribute(type: ResourceType, path: AttributePath): FoundAttribute | undefined {
  const { urn, name, sub } = path
  if (name === undefined) return undefined
  const core = [...type.core.attributes, ...commonAttributes]
  const extension = type.extensions.find(({ id }) => id.toLowerCase() === urn)
  if (urn !== undefined && urn !== type.core.id.toLowerCase() && !extension) return undefined
  const attribute = named(extension ? extension.attributes : core, name)
  if (!attribute) return undefined
  const found = { attribute, ...(extension ? { extension: extension.id } : {}) }
  if (sub === undefined) return found
  const inner = named(attribute.subAttributes ?? [], sub)
  return inner && { ...found, sub: inner }
}

export function named(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const small = name.toLowerCase()
  return attributes.find((attribute) => attribute.name.toLowerCase() === small)
}

/** RFC 7643 knows it, and we do not keep it: a filter on it finds nobody, and is no mistake. */
export function isNotKept(type: ResourceType, { urn, name }: AttributePath): boolean {
  if (name === undefined) return false
  if (urn !== undefined && urn !== type.core.id.toLowerCase()) return true
  return type.notKept.some((one) => one.toLowerCase() === name.toLowerCase())
}

/** All URNs that a path may begin with, the longest first. */
export function urnsOf(type: ResourceType): readonly string[] {
  return [type.core.id, ...type.extensions.map(({ id }) => id)].map((urn) => urn.toLowerCase())
}

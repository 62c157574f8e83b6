// The body of a PATCH, from JSON to operations: small letters, paths parsed, an operation without a
// path turned into one for each attribute that it names. Pure.

import { z } from 'zod'
import { urnsOf } from '../resource/find-attribute.ts'
import { isObject } from '../filter/match-filter.ts'
import { parsePath } from '../filter/parse-filter.ts'
import type { PatchPath } from '../filter/parse-filter.ts'
import { flaw, ScimFlaw } from '../scim-flaw.ts'
import type { ResourceType } from '../resource/scim-schema.ts'
import { requireSchema } from '../resource/take-value.ts'
import type { Dropped } from '../resource/take-value.ts'

export interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly target: PatchPath
  readonly value: unknown
  /** The client named the place; one of a list of attributes may be more than we take. */
  readonly isExplicit: boolean
}

export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const operationsMax = 1000

const envelope = z.looseObject({
  Operations: z.array(z.looseObject({})).min(1).max(operationsMax),
})
const operation = z.looseObject({
  op: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['add', 'replace', 'remove'])),
  path: z.string().optional(),
  value: z.unknown().optional(),
})

export function readPatch(
  body: unknown,
  type: ResourceType,
  dropped: Dropped,
): readonly Operation[] {
  requireSchema(body, patchUrn)
  const parsed = envelope.safeParse(body)
  if (!parsed.success) {
    const most = String(operationsMax)
    throw flaw('invalidSyntax', `Operations has to be a list of 1 to ${most} operations.`)
  }
  return parsed.data.Operations.flatMap((given) => read(given, type, dropped))
}

function read(given: unknown, type: ResourceType, dropped: Dropped): readonly Operation[] {
  const parsed = operation.safeParse(given)
  if (!parsed.success) {
    throw flaw('invalidSyntax', 'An operation has op add, replace or remove, and a path as text.')
  }
  const { op, path, value } = parsed.data
  if (path !== undefined && path.trim() !== '') {
    if (op === 'add' && value === undefined) throw flaw('invalidValue', 'add needs a value.')
    const target = parsePath(path.trim(), urnsOf(type))
    const isWhole = target.path.name === undefined && op !== 'remove'
    if (!isWhole) return [{ op, target, value, isExplicit: true }]
    return each(value, `${target.path.urn ?? ''}:`).flatMap((one) => spread(op, one, type, dropped))
  }
  if (op === 'remove') throw flaw('noTarget', 'remove needs a path.')
  return each(value, '').flatMap((one) => spread(op, one, type, dropped))
}

interface Named {
  readonly name: string
  readonly value: unknown
}

function each(value: unknown, prefix: string): readonly Named[] {
  if (!isObject(value)) throw flaw('invalidValue', 'Without a path, the value has to be an object.')
  return Object.entries(value).map(([key, inner]) => ({ name: `${prefix}${key}`, value: inner }))
}

/** Keys may be names, "name.givenName", a whole extension, or "urn:…:User:department". */
function spread(
  op: 'add' | 'replace',
  { name, value }: Named,
  type: ResourceType,
  dropped: Dropped,
): readonly Operation[] {
  if (name.toLowerCase() === 'schemas') return []
  const target = findPath(name, type)
  if (!target) {
    dropped.count += 1
    return []
  }
  if (target.path.name !== undefined) return [{ op, target, value, isExplicit: false }]
  if (!isObject(value)) throw flaw('invalidValue', 'An extension has to be an object.')
  return each(value, `${target.path.urn ?? ''}:`).flatMap((one) => spread(op, one, type, dropped))
}

/** Nothing for a key that is no path: it names nothing that we keep. */
function findPath(name: string, type: ResourceType): PatchPath | undefined {
  try {
    return parsePath(name, urnsOf(type))
  } catch (thrown) {
    if (thrown instanceof ScimFlaw) return undefined
    throw thrown
  }
}

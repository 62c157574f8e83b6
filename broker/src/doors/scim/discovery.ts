// What this service provider is, has and takes (RFC 7643 sections 5 to 7), made of the same table
// that requests are read by. Pure.

import { listBody, pageMax } from './list-query.ts'
import { ScimFlaw } from './scim-flaw.ts'
import { groupType, userType } from './resource/scim-schema.ts'
import type { Attribute, ResourceType, ScimSchema } from './resource/scim-schema.ts'

export const bulkOperationsMax = 100
export const bodyBytesMax = 1024 * 1024

const meta = (resourceType: string, location: string) => ({ resourceType, location })
const types = [userType, groupType]

/** Nothing for a place that is none of the three. Throws 404 for one that is not in them. */
export function discover(
  [place = '', name]: readonly string[],
  query: Readonly<Record<string, unknown>>,
  base: string,
): object | undefined {
  // RFC 7644 section 4: a filter here could only be meant for something else.
  const isFiltered = 'filter' in query
  switch (place) {
    case 'ServiceProviderConfig':
      if (isFiltered) throw forbidden()
      if (name !== undefined) throw notThere()
      return serviceProvider(base)
    case 'ResourceTypes':
      if (isFiltered) throw forbidden()
      return one(
        types.map((type) => resourceType(type, base)),
        name,
      )
    case 'Schemas':
      if (isFiltered) throw forbidden()
      return one(
        types
          .flatMap(({ core, extensions }) => [core, ...extensions])
          .map((one) => schema(one, base)),
        name,
      )
    default:
      return undefined
  }
}

const forbidden = (): ScimFlaw => new ScimFlaw(403, undefined, 'Nothing is filtered here.')
const notThere = (): ScimFlaw => new ScimFlaw(404, undefined, 'There is no such place.')

function one(
  all: readonly { readonly id: string; readonly [key: string]: unknown }[],
  name: string | undefined,
): object {
  if (name === undefined) return listBody([...all], { total: all.length, startIndex: 1 })
  const small = name.toLowerCase()
  const found = all.find(({ id }) => id.toLowerCase() === small)
  if (!found) throw notThere()
  return found
}

function serviceProvider(base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: bulkOperationsMax, maxPayloadSize: bodyBytesMax },
    filter: { supported: true, maxResults: pageMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'Made by: wardkey-broker token add. It has scopes and an end.',
        primary: true,
      },
    ],
    meta: meta('ServiceProviderConfig', `${base}/ServiceProviderConfig`),
  }
}

function resourceType({ name, endpoint, core, extensions }: ResourceType, base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint,
    description: core.description,
    schema: core.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: meta('ResourceType', `${base}/ResourceTypes/${name}`),
  }
}

function schema({ id, name, description, attributes }: ScimSchema, base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: attributes.map(described),
    meta: meta('Schema', `${base}/Schemas/${id}`),
  }
}

function described(attribute: Attribute): object {
  const { name, type, description, canonicalValues, referenceTypes, subAttributes } = attribute
  return {
    name,
    type,
    multiValued: attribute.multiValued ?? false,
    description,
    required: attribute.required ?? false,
    ...(type === 'complex' || type === 'boolean' || type === 'dateTime' || type === 'integer'
      ? {}
      : { caseExact: attribute.caseExact ?? false }),
    mutability: attribute.mutability ?? 'readWrite',
    returned: attribute.returned ?? 'default',
    uniqueness: attribute.uniqueness ?? 'none',
    ...(canonicalValues ? { canonicalValues } : {}),
    ...(referenceTypes ? { referenceTypes } : {}),
    ...(subAttributes ? { subAttributes: subAttributes.map(described) } : {}),
  }
}

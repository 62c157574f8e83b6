// What the admin door says of itself in OpenAPI: made from the routes' own schemas, so that it
// cannot say anything else than what they do. Adds the scope of each operation, and says problems
// once.

import type { SwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problem } from '@wardkey/protocol/admin/problem'
import { version } from '../../platform/version.ts'

const problemRef = { $ref: '#/components/schemas/Problem' }
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ responses: z.unknown() }))),
})

export const openApiOptions: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Wardkey administration',
      description:
        'Every call needs a bearer token with the scope that the operation names. Looking at ' +
        'people is a fact in the record, written before the answer. A POST takes an ' +
        'Idempotency-Key (8 to 128 visible characters): the same key does the same thing once.',
      version,
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
  transform: (given) => {
    const { schema, url } = jsonSchemaTransform(given)
    const { scope } = given.route.config ?? {}
    const named = scope === undefined ? [] : [scope].flat().map((one) => `\`${one}\``)
    const description = scope === undefined ? undefined : `Scope: ${named.join(' or ')}.`
    return { schema: { ...schema, ...(description === undefined ? {} : { description }) }, url }
  },
  transformObject: (given) => {
    if (!('openapiObject' in given)) return {}
    const { paths } = document.parse(given.openapiObject)
    for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
      operation.responses = shortened(operation.responses)
    }
    const components = {
      ...given.openapiObject.components,
      schemas: { Problem: z.toJSONSchema(problem) },
    }
    return { ...given.openapiObject, paths, components }
  },
}

/** A person reading it needs to see once how a no looks, not sixteen times. */
function shortened(responses: unknown): Readonly<Record<string, unknown>> {
  const all = z.record(z.string(), z.looseObject({})).parse(responses)
  const content = { 'application/problem+json': { schema: problemRef } }
  return {
    ...Object.fromEntries(
      Object.entries(all)
        .filter(([status]) => status.startsWith('2'))
        .map(([status, response]) => [status, { ...response, description: 'Done.' }]),
    ),
    '4XX': { description: 'Refused, or not understood.', content },
    '5XX': { description: 'Something failed.', content },
  }
}

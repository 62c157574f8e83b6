// A SCIM door over real HTTP on a core of the kit, and a client that speaks to it as HR's systems
// do: it knows addresses, headers and JSON, and nothing of what is behind.

import { randomBytes } from 'node:crypto'
import Fastify from 'fastify'
import { z } from 'zod'
import { makeAdminToken } from '@wardkey/broker/flows/admin-tokens'
import { registerScim } from '@wardkey/broker/doors/scim/scim-door'
import type { ScimNeeds } from '@wardkey/broker/doors/scim/scim-needs'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { BrokerCore } from './broker-core.ts'

export const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const clinicianUrn = 'urn:wardkey:params:scim:schemas:extension:clinician:2.0:User'

export interface ScimAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Empty where there was none. */
  readonly body: Record<string, unknown>
}

export interface ScimSent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly as?: string
}

const object = z.record(z.string(), z.unknown())

export async function openScim(
  core: BrokerCore,
  change: Partial<Pick<ScimNeeds, 'perform' | 'requestsAMinuteMax'>> = {},
) {
  const fastify = Fastify({ bodyLimit: 64 * 1024 })
  const lines: string[] = []
  const counted = { dropped: 0, answers: [] as string[] }
  const note = (event: string, fields: object): void => {
    lines.push(JSON.stringify({ event, ...fields }))
  }
  await registerScim(fastify, {
    ...core.needs,
    log: { info: note, warn: note, error: note },
    monotonicMs: () => performance.now(),
    onAnswered: (route, status) => counted.answers.push(`${route} ${String(status)}`),
    onDropped: (count) => {
      counted.dropped += count
    },
    requestsAMinuteMax: 100_000,
    ...change,
  })
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 })
  const tokenFor = async (
    scopes: readonly Scope[],
    about: { name?: string; lifeMs?: number } = {},
  ): Promise<string> => {
    const { name = 'hr', lifeMs } = about
    const order = { name, scopes, ...(lifeMs === undefined ? {} : { lifeMs }) }
    const made = makeAdminToken(order, { ...core.needs, random: randomBytes })
    return (await core.needs.perform(() => Promise.resolve(made))).answer.token
  }
  const token = await tokenFor(['scim:read', 'scim:write'])
  const ask = async (method: string, path: string, sent: ScimSent = {}): Promise<ScimAnswer> => {
    const { body, headers = {}, as = token } = sent
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${url}/scim/v2${path}`, {
      method,
      headers: {
        ...(as === '' ? {} : { authorization: `Bearer ${as}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: text }),
    })
    const answered = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text: answered,
      body: answered === '' ? {} : object.parse(JSON.parse(answered)),
    }
  }
  return {
    url,
    token,
    tokenFor,
    ask,
    lines,
    counted,
    patch: (path: string, ...operations: readonly object[]) =>
      ask('PATCH', path, { body: { schemas: [patchOp], Operations: operations } }),
    close: () => fastify.close(),
  }
}
export type ScimClient = Awaited<ReturnType<typeof openScim>>

export function idOf({ body }: ScimAnswer): string {
  return z.object({ id: z.string() }).parse(body).id
}

export function resourcesOf({ body }: ScimAnswer): readonly Record<string, unknown>[] {
  return z.object({ Resources: z.array(object) }).parse(body).Resources
}

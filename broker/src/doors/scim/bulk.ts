// Many SCIM requests in one (RFC 7644 section 3.7): each for itself, in an order that lets later
// ones name what earlier ones made, and none undone because another failed.

import { z } from 'zod'
import { answerScim, replyOfFlaw } from './answer-scim.ts'
import { bulkOperationsMax } from './discovery.ts'
import { isObject } from './filter/match-filter.ts'
import { errorBody, flaw, ScimFlaw } from './scim-flaw.ts'
import type { ScimNeeds, ScimReply, ScimRequest } from './scim-needs.ts'
import { requireSchema } from './resource/take-value.ts'

export const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const responseUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'

const bulkId = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/)
const operation = z.looseObject({
  method: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(['POST', 'PUT', 'PATCH', 'DELETE'])),
  path: z.string().regex(/^\/(Users|Groups)(\/[A-Za-z0-9:._-]{1,150})?$/),
  bulkId: bulkId.optional(),
  version: z.string().max(100).optional(),
  data: z.unknown().optional(),
})
const envelope = z.looseObject({
  failOnErrors: z.int().min(1).optional(),
  Operations: z.array(z.unknown()).min(1),
})

type Operation = z.infer<typeof operation>
type Entry = Readonly<Record<string, unknown>>

export async function answerBulk(request: ScimRequest, needs: ScimNeeds): Promise<ScimReply> {
  requireSchema(request.body, bulkUrn)
  const parsed = envelope.safeParse(request.body)
  if (!parsed.success) throw flaw('invalidSyntax', 'Operations has to be a list.')
  const { Operations: given, failOnErrors } = parsed.data
  if (given.length > bulkOperationsMax) {
    const most = String(bulkOperationsMax)
    throw new ScimFlaw(413, undefined, `More operations than maxOperations (${most}).`)
  }
  const round = new Round(given.map(readOperation), request, needs)
  const body = await round.run(failOnErrors ?? Number.POSITIVE_INFINITY)
  return { status: 200, body: { schemas: [responseUrn], Operations: body } }
}

function readOperation(given: unknown): Operation | ScimFlaw {
  const parsed = operation.safeParse(given)
  if (!parsed.success) return flaw('invalidSyntax', 'An operation is not understood.')
  if (parsed.data.method === 'POST' && parsed.data.bulkId === undefined) {
    return flaw('invalidSyntax', 'POST in a bulk needs a bulkId.')
  }
  return parsed.data
}

class Round {
  readonly #operations: readonly (Operation | ScimFlaw)[]
  readonly #request: ScimRequest
  readonly #needs: ScimNeeds
  readonly #ids = new Map<string, string>()
  readonly #entries = new Map<number, Entry>()
  #errors = 0

  constructor(
    operations: readonly (Operation | ScimFlaw)[],
    request: ScimRequest,
    needs: ScimNeeds,
  ) {
    this.#operations = operations
    this.#request = request
    this.#needs = needs
  }

  /** Whoever names what is not there yet waits; who waits for ever has failed. */
  async run(errorsMax: number): Promise<readonly Entry[]> {
    let waiting = this.#operations.map((one, at) => ({ one, at }))
    while (waiting.length > 0) {
      const later: typeof waiting = []
      for (const { one, at } of waiting) {
        if (this.#errors >= errorsMax) return this.#inOrder()
        if (!(one instanceof ScimFlaw) && this.#missing(one).length > 0) later.push({ one, at })
        else await this.#answer(one, at)
      }
      if (later.length === waiting.length) {
        for (const { one, at } of later) {
          if (this.#errors >= errorsMax) return this.#inOrder()
          await this.#answer(this.#stuck(one), at)
        }
        break
      }
      waiting = later
    }
    return this.#inOrder()
  }

  #inOrder(): readonly Entry[] {
    return [...this.#entries].sort(([a], [b]) => a - b).map(([, entry]) => entry)
  }

  #missing(one: Operation): readonly string[] {
    return referencesOf(one).filter((id) => !this.#ids.has(id))
  }

  #stuck(one: Operation | ScimFlaw): ScimFlaw {
    if (one instanceof ScimFlaw) return one
    const made = new Set(
      this.#operations.flatMap((o) => (o instanceof ScimFlaw ? [] : (o.bulkId ?? []))),
    )
    const isCircle = this.#missing(one).every((id) => made.has(id))
    return isCircle
      ? new ScimFlaw(409, undefined, 'What its bulkIds name waits for it, or failed.')
      : flaw('invalidValue', 'A bulkId names nothing of this bulk.')
  }

  async #answer(one: Operation | ScimFlaw, at: number): Promise<void> {
    const reply = await this.#replyOf(one)
    const isOperation = !(one instanceof ScimFlaw)
    const given = this.#given(at)
    if (reply.status >= 400) this.#errors += 1
    const id = isOperation && isObject(reply.body) ? reply.body['id'] : undefined
    if (isOperation && one.bulkId !== undefined && typeof id === 'string' && reply.status < 300) {
      this.#ids.set(one.bulkId, id)
    }
    const location =
      reply.location ??
      (isOperation ? `${this.#request.base}${this.#resolved(one.path)}` : undefined)
    this.#entries.set(at, {
      ...given,
      ...(location === undefined || (isOperation && one.method === 'POST' && reply.status >= 400)
        ? {}
        : { location }),
      ...(reply.etag === undefined ? {} : { version: reply.etag }),
      status: String(reply.status),
      ...(reply.status >= 400 ? { response: reply.body } : {}),
    })
  }

  #given(at: number): Entry {
    const one = this.#operations[at]
    if (one === undefined || one instanceof ScimFlaw) return { method: 'UNKNOWN' }
    return { method: one.method, ...(one.bulkId === undefined ? {} : { bulkId: one.bulkId }) }
  }

  async #replyOf(one: Operation | ScimFlaw): Promise<ScimReply> {
    if (one instanceof ScimFlaw) return replyOfFlaw(one) ?? broken
    const path = this.#resolved(one.path).split('/').slice(1)
    try {
      const request: ScimRequest = {
        method: one.method,
        query: {},
        body: resolve(one.data, this.#ids),
        actor: this.#request.actor,
        base: this.#request.base,
        ...(one.version === undefined ? {} : { ifMatch: one.version }),
      }
      return await answerScim(path, request, this.#needs)
    } catch (thrown) {
      const reply = replyOfFlaw(thrown)
      if (!reply) throw thrown
      return reply
    }
  }

  #resolved(path: string): string {
    const [, name] = /\/bulkId:([A-Za-z0-9._-]+)$/.exec(path) ?? []
    const id = name === undefined ? undefined : this.#ids.get(name)
    return id === undefined ? path : path.replace(`bulkId:${name ?? ''}`, id)
  }
}

const broken: ScimReply = { status: 500, body: errorBody(500, undefined, 'Something failed.') }

function referencesOf({ path, data }: Operation): readonly string[] {
  const found = new Set<string>()
  const [, name] = /\/bulkId:([A-Za-z0-9._-]+)$/.exec(path) ?? []
  if (name !== undefined) found.add(name)
  walk(data, (text) => {
    const id = referenceOf(text)
    if (id !== undefined) found.add(id)
    return text
  })
  return [...found]
}

function resolve(data: unknown, ids: ReadonlyMap<string, string>): unknown {
  return walk(data, (text) => {
    const id = referenceOf(text)
    return id === undefined ? text : (ids.get(id) ?? text)
  })
}

function referenceOf(text: string): string | undefined {
  const name = text.startsWith('bulkId:') ? text.slice('bulkId:'.length) : undefined
  return name !== undefined && bulkId.safeParse(name).success ? name : undefined
}

/** Deep enough for any resource; what is nested deeper is nobody’s. */
const depthMax = 12

function walk(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (depth > depthMax) return null
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one) => walk(one, change, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, walk(inner, change, depth + 1)]),
  )
}

// The hospital’s medication orders as they stand: drafts, signed ones, those a pharmacist has to
// see. The one writer of orders. An order is signed once, and only over the content that was
// hashed.

import type { MedicationRequest } from '../records/fhir.ts'
import type { ToVerify } from '../records/build-record.ts'

/** Who signed, and what the provider vouched for; the token itself is the evidence. */
export interface Signature {
  readonly name: string
  readonly sub: string
  readonly atS: number
  readonly acr: string
  readonly amr: readonly string[]
  readonly sid: string
  readonly issuer: string
  readonly workstation: string
  readonly hash: string
  readonly idToken: string
}

export interface QueueItem {
  readonly request: MedicationRequest
  readonly check: string
  readonly signature: Signature | undefined
  readonly verifiedBy: string | undefined
  readonly verifiedAtMs: number | undefined
}

export interface OrderBook {
  request(id: string): MedicationRequest | undefined
  ordersOf(patientId: string): readonly MedicationRequest[]
  signatureOf(id: string): Signature | undefined
  /** False when it is no draft any more; nothing is changed then. */
  sign(id: string, signature: Signature): boolean
  /** A new draft with the content of a signed order; undefined when there is no such order. */
  draftAgain(id: string, now: Date): MedicationRequest | undefined
  /** Most urgent first, then the oldest; what is verified comes last. */
  queue(): readonly QueueItem[]
  isUnverified(id: string): boolean
  verify(id: string, by: string, nowMs: number): boolean
}

const limit = 2000
const urgency = { stat: 0, urgent: 1, routine: 2 } as const

interface Waiting {
  readonly check: string
  readonly verifiedBy?: string
  readonly verifiedAtMs?: number
}

function byUrgency(one: QueueItem, other: QueueItem): number {
  const done = Number(one.verifiedBy !== undefined) - Number(other.verifiedBy !== undefined)
  if (done !== 0) return done
  const urgent = urgency[one.request.priority] - urgency[other.request.priority]
  return urgent !== 0 ? urgent : one.request.authoredOn.localeCompare(other.request.authoredOn)
}

export function createOrderBook(
  requests: readonly MedicationRequest[],
  toVerify: readonly ToVerify[],
): OrderBook {
  const orders = new Map(requests.map((request) => [request.id, request]))
  const signatures = new Map<string, Signature>()
  const asDrafted = new Map<string, MedicationRequest>()
  const waiting = new Map<string, Waiting>(
    toVerify.map(({ requestId, check }) => [requestId, { check }]),
  )

  return {
    request: (id) => orders.get(id),
    ordersOf: (patientId) =>
      [...orders.values()].filter((each) => each.subject.reference === `Patient/${patientId}`),
    signatureOf: (id) => signatures.get(id),
    sign(id, signature) {
      const request = orders.get(id)
      if (request?.status !== 'draft') return false
      orders.set(id, {
        ...request,
        status: 'active',
        authoredOn: new Date(signature.atS * 1000).toISOString(),
        requester: { reference: `Practitioner/${signature.sub}`, display: signature.name },
      })
      asDrafted.set(id, request)
      signatures.set(id, signature)
      waiting.set(id, { check: 'Signed today, not verified yet.' })
      return true
    },
    draftAgain(id, now) {
      const drafted = asDrafted.get(id)
      if (drafted === undefined || orders.size >= limit) return undefined
      const base = id.replace(/-again-\d+$/, '')
      const again = [...orders.keys()].filter((each) => each.startsWith(`${base}-again-`)).length
      const draft: MedicationRequest = {
        ...drafted,
        id: `${base}-again-${String(again + 1)}`,
        status: 'draft',
        authoredOn: now.toISOString(),
      }
      orders.set(draft.id, draft)
      return draft
    },
    queue: () =>
      [...waiting]
        .flatMap(([id, { check, verifiedBy, verifiedAtMs }]): QueueItem[] => {
          const request = orders.get(id)
          const signature = signatures.get(id)
          return request === undefined
            ? []
            : [{ request, check, signature, verifiedBy, verifiedAtMs }]
        })
        .sort(byUrgency),
    isUnverified: (id) => {
      const item = waiting.get(id)
      return item !== undefined && item.verifiedBy === undefined
    },
    verify(id, by, nowMs) {
      const item = waiting.get(id)
      if (item === undefined || item.verifiedBy !== undefined) return false
      waiting.set(id, { ...item, verifiedBy: by, verifiedAtMs: nowMs })
      return true
    },
  }
}

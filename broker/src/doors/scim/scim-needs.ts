// What the SCIM door leans on, and how a request and its answer look inside it.

import type { HrActor, HrNeeds } from '../../flows/hr/hr-flow.ts'
import type { Perform } from '../../flows/perform.ts'
import type { Log } from '../../platform/log.ts'
import type { Write } from '../../store/store.ts'

export interface ScimNeeds extends HrNeeds {
  readonly perform: Perform
  readonly log: Log
  readonly monotonicMs: () => number
  readonly personKeys: {
    make(person: string): { readonly key: Buffer; readonly write: Write }
    find(person: string): Promise<Buffer | undefined>
    unwrap(person: string, wrapped: Uint8Array): Buffer
  }
  /** For metrics: the route as it is written, never the address that was asked for. */
  readonly onAnswered: (route: string, status: number) => void
  /** Attributes that came and are not kept. */
  readonly onDropped: (count: number) => void
  /** From one address; a client that syncs thousands of people needs a few a second. */
  readonly requestsAMinuteMax?: number
}

/** One request, from the wire or out of a bulk. */
export interface ScimRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly ifMatch?: string
  readonly ifNoneMatch?: string
  readonly actor: HrActor
  /** Scheme, host and path up to `/scim/v2`, as the client wrote them. */
  readonly base: string
}

export interface ScimReply {
  readonly status: number
  readonly body?: object
  readonly etag?: string
  readonly location?: string
}

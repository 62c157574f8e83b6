// The contract of a way out: it is handed facts in order, and says when they have arrived, or that
// they have not and of which class that is. It keeps no place in the record; its runner does.

import type { StreamPlace } from '../../../flows/streams/stream-row.ts'
import type { StreamEvent } from '../formats/stream-event.ts'

/** Where nothing says that a message has arrived: it counts as arrived after a while. */
export interface Settling {
  /** The connection that it went by has lived on for so long. */
  readonly afterMs: number
  /** And so many others went after it. */
  readonly keepMin: number
}

export interface Sender {
  readonly batchMax: number
  /** Absent where `send` resolves only when all of it has arrived. */
  readonly settling: Settling | undefined
  /** True where the way that was there is cut: what has not settled must go again. */
  readonly isCut: boolean
  /**
   * Ready to send from a place on; true where it is a new way. Throws SendFailed.
   */
  open(place: StreamPlace): Promise<boolean>
  /** All of them, in their order. Throws SendFailed; then any of them may have arrived. */
  send(events: readonly StreamEvent[]): Promise<void>
  /** Sees whether the receiver is there, without a fact of anybody. Throws SendFailed. */
  probe(): Promise<void>
  close(): Promise<void>
}

/**
 * `transient`: it will pass, and is tried again soon. `permanent`: somebody has to do something;
 * it is tried again seldom. `too-large`: fewer at once.
 */
export type SendClass = 'transient' | 'permanent' | 'too-large'

export class SendFailed extends Error {
  readonly class: SendClass

  /** The reason is a word: for log and state, and nothing of what was sent. */
  constructor(reason: string, sendClass: SendClass) {
    super(reason)
    this.name = 'SendFailed'
    this.class = sendClass
  }
}

/** Of whatever was thrown: a status, a code of the system, or a name; never a text of others. */
export function failedBy(thrown: unknown): SendFailed {
  if (thrown instanceof SendFailed) return thrown
  if (!(thrown instanceof Error)) return new SendFailed('failed', 'transient')
  const status = /^status-([0-9]{3})$/.exec(thrown.message)?.[1]
  if (status !== undefined) return new SendFailed(thrown.message, classOfStatus(Number(status)))
  if (thrown.message === 'private-address') return new SendFailed('private-address', 'permanent')
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
  const isOwn = /^(ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ENOENT|EACCES|EROFS)/.test(code)
  return new SendFailed(code, isOwn ? 'permanent' : 'transient')
}

/** Waiting mends a server that is busy or broken; it mends no request that is wrong. */
export function classOfStatus(status: number): SendClass {
  if (status === 413) return 'too-large'
  return status >= 500 || status === 408 || status === 425 || status === 429
    ? 'transient'
    : 'permanent'
}

// What an update needs of a broker: answers to questions, and parts of files. Who asks which
// broker, and by what certificate, is the link's.

import type {
  UpdateHeard,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'

/** Takes the next bytes; rejects where they cannot be kept, which ends the reading. */
export type TakeBytes = (bytes: Buffer) => Promise<void>

export type ReadEnd =
  /** To the end of what it said it would send. */
  | 'whole'
  /** Cut off, or nobody there: the rest can be asked for. */
  | 'torn'
  | 'busy'
  /** There is no such file there, or not from that byte on. */
  | 'missing'

export interface BrokerPort {
  /** Nothing where no broker answers, or none that knows of updates. */
  ask(request: UpdateRequest): Promise<UpdateHeard | undefined>
  /** From that byte on, never more than `most`. Rejects with what `take` rejected with. */
  read(name: string, from: number, most: number, take: TakeBytes): Promise<ReadEnd>
}

// Questions about updates to the brokers of the settings, one after the other until one answers,
// with the workstation's certificate. What comes back is parsed; an older broker has no answer.

import {
  updateAnswer,
  updateFilePath,
  updatePath,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import type {
  UpdateHeard,
  UpdateRequest,
} from '@wardkey/protocol/workstation/updates/update-exchange'
import { Fault } from '../../platform/fault.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Identity } from '../identity.ts'
import { post } from '../post.ts'
import { readFilePart } from './read-file.ts'
import type { FileEnd } from './read-file.ts'

export interface UpdateCallNeeds {
  readonly addresses: readonly BrokerAddress[]
  /** As it is now; nothing while the workstation is not enrolled. */
  readonly identity: () => Identity | undefined
  /** Aborted when the process ends: a package takes longer than anybody waits for that. */
  readonly signal?: AbortSignal
}

const readWithinMs = 15 * 60_000

export class UpdateCalls {
  readonly #needs: UpdateCallNeeds

  constructor(needs: UpdateCallNeeds) {
    this.#needs = needs
  }

  /** Not understood where a broker of before said so, and no other one answered. */
  async ask(asked: UpdateRequest): Promise<UpdateHeard | undefined> {
    let heard: UpdateHeard | undefined
    for (const broker of this.#needs.addresses) {
      if (this.#needs.signal?.aborted === true) return undefined
      const answer = await this.#askAt(broker, asked)
      if (answer && answer.kind !== 'not-understood') return answer
      heard ??= answer
    }
    return heard
  }

  /** The next broker is asked only where there was none, or no such file. */
  async read(
    name: string,
    from: number,
    most: number,
    take: (bytes: Buffer) => Promise<void>,
  ): Promise<FileEnd> {
    const { signal } = this.#needs
    const identity = this.#needs.identity()
    let end: FileEnd = 'torn'
    if (!identity) return end
    let taken = 0
    const counted = async (bytes: Buffer): Promise<void> => {
      taken += bytes.length
      await take(bytes)
    }
    const path = `${updateFilePath}${name}`
    for (const broker of this.#needs.addresses) {
      if (signal?.aborted === true) return 'torn'
      const part = { path, from, most, withinMs: readWithinMs, take: counted, signal }
      end = await readFilePart(broker, identity, part)
      if (end === 'whole' || taken > 0) return end
    }
    return end
  }

  async #askAt(broker: BrokerAddress, asked: UpdateRequest): Promise<UpdateHeard | undefined> {
    const { signal } = this.#needs
    const identity = this.#needs.identity()
    if (!identity) return undefined
    const { caPem: ca, certificatePem: cert, keyPem: key } = identity
    try {
      const { status, text } = await post(broker, updatePath, asked, { ca, cert, key, signal })
      if (status === 400) return { kind: 'not-understood' }
      return status === 200 ? updateAnswer.safeParse(JSON.parse(text)).data : undefined
    } catch (thrown) {
      if (thrown instanceof Fault || thrown instanceof SyntaxError) return undefined
      throw thrown
    }
  }
}

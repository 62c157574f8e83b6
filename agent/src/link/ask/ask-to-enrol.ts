// Asking to be a workstation without a token: the same question, with the same key, until somebody
// of IT has said yes or no, or the time for it is over. A lost answer costs nothing.

import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import { askPath, askWaits } from '@wardkey/protocol/workstation/fleet/asking'
import { fingerprintWords } from '@wardkey/protocol/workstation/fleet/fingerprint-words'
import type { Clock } from '../../platform/clock.ts'
import { Fault } from '../../platform/fault.ts'
import type { BrokerAddress } from '../broker-address.ts'
import { makeKeyWithRequest } from '../certificate-request.ts'
import type { KeyWithRequest } from '../certificate-request.ts'
import { jsonOf, outcomeOf } from '../enrol.ts'
import type { EnrolOutcome } from '../enrol.ts'
import { pinnedAuthority } from '../pinned-authority.ts'
import type { Pin } from '../pinned-authority.ts'
import { post } from '../post.ts'
import type { Posted } from '../post.ts'

export interface AskOrder {
  readonly broker: BrokerAddress
  readonly pin: Pin
  readonly place: string
  readonly assetTag?: string
  readonly hardware?: HardwareClaim
}

export interface AskNeeds {
  readonly clock: Clock
  /** What the console shows of this machine, and until when: once, and again where it changes. */
  readonly onWords: (words: readonly string[], endsMs: number) => void
}

/** A broker that is away, and one that has too much to do. */
const repeatMs = 10_000
/** However often a broker says that it waits: nobody stands before a machine for a day. */
const withinMs = 24 * 3_600_000

/** Throws Fault `link-down` where no broker with that pin is there to begin with, or none at all. */
export async function askToEnrol(order: AskOrder, needs: AskNeeds): Promise<EnrolOutcome> {
  const { clock } = needs
  const untilMs = clock.monoMs() + withinMs
  const { broker, pin, ...about } = order
  const caPem = await pinnedAuthority(broker, pin)
  const key = await makeKeyWithRequest()
  let shown = ''
  let isFirst = true
  while (clock.monoMs() < untilMs) {
    const answer = await postOnce({ ...about, csrPem: key.csrPem }, broker, caPem, isFirst)
    isFirst = false
    const waits = answer?.status === 202 ? askWaits.safeParse(jsonOf(answer.text)).data : undefined
    if (waits && waits.salt !== shown) {
      shown = waits.salt
      needs.onWords(wordsOf(key, waits.salt), waits.endsMs)
    }
    if (answer && answer.status !== 202 && answer.status !== 429 && answer.status < 500) {
      return outcomeOf(answer, key.keyPem, caPem)
    }
    await pause(waits?.againMs ?? repeatMs, clock)
  }
  return { kind: 'refused', status: 403, code: 'enrolment-refused' }
}

/** Nothing where the network is away for a while: the question is the same the next time. */
async function postOnce(
  body: object,
  broker: BrokerAddress,
  caPem: string,
  isFirst: boolean,
): Promise<Posted | undefined> {
  try {
    return await post(broker, askPath, body, { ca: caPem })
  } catch (thrown) {
    if (!(thrown instanceof Fault) || isFirst) throw thrown
    return undefined
  }
}

function wordsOf({ keyPem }: KeyWithRequest, salt: string): readonly string[] {
  const publicKey = createPublicKey(createPrivateKey(keyPem))
  return fingerprintWords(publicKey.export({ type: 'spki', format: 'der' }), salt)
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}

// Renewal by itself: a new key and certificate when two thirds of the present one's life are over.
// It asks until it has one, and says so in the log where it is refused.

import { X509Certificate } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import { Fault } from '../platform/fault.ts'
import type { Log } from '../platform/log.ts'
import type { BrokerAddress } from './broker-address.ts'
import type { EnrolOutcome } from './enrol.ts'
import type { Identity } from './identity.ts'

/** Looked at this often: a timer of weeks would not survive a sleep. */
const lookEveryMs = 15 * 60_000

/** Pure: when a certificate is to be replaced, from when it began and ends. */
export function renewalDueMs(identity: Identity): number {
  const { validFromDate, validToDate } = new X509Certificate(identity.certificatePem)
  const from = validFromDate.getTime()
  return from + ((validToDate.getTime() - from) * 2) / 3
}

export interface RenewalNeeds {
  readonly addresses: readonly BrokerAddress[]
  readonly identity: () => Identity | undefined
  readonly renew: (broker: BrokerAddress, identity: Identity) => Promise<EnrolOutcome>
  /** While a broker says that it is a copy: what it got would be the end of the true one's. */
  readonly isCopy?: () => boolean
  /** Keeps it before anything else uses it. */
  readonly keep: (identity: Identity) => void
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
}

/** What it returns stops it. */
export function startRenewal(needs: RenewalNeeds): () => void {
  let forget: () => void = () => undefined
  let isStopped = false
  const look = async (): Promise<void> => {
    await renewIfDue(needs)
    if (!isStopped) again()
  }
  const again = (): void => {
    // Spread, or all that were enrolled in one morning would come back in one minute.
    forget = needs.clock.after(lookEveryMs * (0.5 + needs.random()), () => {
      void look()
    })
  }
  forget = needs.clock.after(0, () => {
    void look()
  })
  return () => {
    isStopped = true
    forget()
  }
}

/** Never throws: what does not work now is tried at the next look. */
export async function renewIfDue(needs: RenewalNeeds): Promise<boolean> {
  try {
    const identity = needs.identity()
    if (!identity || needs.clock.wallMs() < renewalDueMs(identity)) return false
    if (needs.isCopy?.() === true) return false
    for (const broker of needs.addresses) {
      const renewed = await renewAt(broker, identity, needs)
      if (renewed) return true
    }
  } catch (thrown) {
    needs.log.error('identity.renewal-failed', { reason: reasonOf(thrown) })
  }
  return false
}

async function renewAt(
  broker: BrokerAddress,
  identity: Identity,
  needs: RenewalNeeds,
): Promise<boolean> {
  try {
    const outcome = await needs.renew(broker, identity)
    if (outcome.kind === 'refused') {
      needs.log.error('identity.renewal-refused', { code: outcome.code })
      return false
    }
    needs.keep(outcome.identity)
    needs.log.info('identity.renewed', {})
    return true
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    needs.log.warn('identity.renewal-failed', { reason: thrown.code })
    return false
  }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Fault ? thrown.code : 'unknown'
}

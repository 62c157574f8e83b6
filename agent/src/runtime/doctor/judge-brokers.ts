// What is to be said of each broker, and of the clock beside theirs. A broker that fails while
// another takes the workstation is worth a look, not an alarm. Pure.

import type { Probe, ProbeStep } from '../../link/probe/probe-broker.ts'
import { finding } from './findings.ts'
import type { Finding, FindingCode } from './findings.ts'
import type { BrokerFact } from './facts.ts'

const offMs = 30_000
const farOffMs = 300_000

const endedAt: Readonly<Record<Exclude<ProbeStep, 'certificate'>, FindingCode>> = {
  name: 'broker-name-unknown',
  tcp: 'broker-unreachable',
  tls: 'broker-no-tls',
  authority: 'broker-other-authority',
  'server-name': 'broker-other-name',
}

export function judgeBrokers(brokers: readonly BrokerFact[]): readonly Finding[] {
  if (brokers.length === 0) return [finding('broker-none')]
  const isReached = brokers.some(
    ({ probe }) => probe.kind === 'seen' && probe.fact.kind === 'reached',
  )
  const each = brokers.map((broker): Finding => {
    const found = judgeOne(broker)
    return isReached && found.level === 'fail' ? { ...found, level: 'warn' } : found
  })
  return [...each, ...judgeClock(brokers)]
}

function judgeOne({ address, probe }: BrokerFact): Finding {
  if (probe.kind !== 'seen') {
    return finding(probe.kind === 'late' ? 'check-late' : 'check-failed', address)
  }
  const { fact } = probe
  if (fact.kind === 'reached') return finding('broker-reached', address)
  if (fact.kind === 'not-enrolled') return finding('broker-not-enrolled', address)
  const shown = fact.shown === undefined ? '' : `, shows ${fact.shown}`
  return finding(codeOf(fact), `${address}: ${fact.reason}${shown}`)
}

/** 401 and 403 are about us; other answers are about the moment. TLS speaks in alerts. */
function codeOf({ step, reason }: Extract<Probe, { kind: 'failed' }>): FindingCode {
  if (step !== 'certificate') return endedAt[step]
  const isAboutUs = reason === '401' || reason === '403' || /^ERR_(SSL|OSSL)_/.test(reason)
  return isAboutUs ? 'broker-refuses' : 'broker-turns-away'
}

/** The nearest one: a broker whose own clock is wrong must not blame this one. */
function judgeClock(brokers: readonly BrokerFact[]): readonly Finding[] {
  const skews = brokers.flatMap(({ probe }) =>
    probe.kind === 'seen' && 'skewMs' in probe.fact ? [probe.fact.skewMs ?? 0] : [],
  )
  const [nearest] = skews.toSorted((a, b) => Math.abs(a) - Math.abs(b))
  if (nearest === undefined) return []
  const seconds = Math.round(Math.abs(nearest) / 1000)
  const about = `${String(seconds)} s ${nearest < 0 ? 'behind' : 'ahead'}`
  if (Math.abs(nearest) >= farOffMs) return [finding('clock-far-off', about)]
  return [Math.abs(nearest) >= offMs ? finding('clock-off', about) : finding('clock-well')]
}

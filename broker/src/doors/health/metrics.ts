// What is counted and timed, for operators' graphs. No label ever holds an identifier: not of a
// person, not of a workstation, not of a session.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Store, Unit } from '../../store/store.ts'

export interface Metrics {
  readonly registry: Registry
  /** A frame of a workstation was answered: which kind, with what, and how long it took. */
  readonly frameAnswered: (frame: string, answer: string, tookMs: number) => void
  readonly frameInvalid: (code: string) => void
  readonly enrolment: (outcome: string) => void
  /** A workstation was given what it may decide with by itself, in so many parts. */
  readonly bundleSent: (parts: number, tookMs: number) => void
  /** Lines of a cut-off workstation's journal: taken, there before, or not believed. */
  readonly offlineLines: (outcome: 'merged' | 'repeated' | 'refused', lines: number) => void
  readonly scimRequest: (route: string, status: number) => void
  readonly scimDropped: (count: number) => void
  /** A witness was shown a checkpoint, by the name that settings give it. */
  readonly witnessShown: (witness: string, outcome: string) => void
  readonly adminRequest: (route: string, status: number) => void
  /** A screen was locked, or somebody said of a lock that it was wrong. */
  readonly lock: (zone: string, reason: string) => void
  readonly lockSaidWrong: (zone: string, reason: string) => void
  /** The same store, timed: commits and how many became durable together. */
  readonly measured: (store: Store) => Store
}

/** What is looked at when somebody scrapes; cheap, and never a query. */
export interface Watched {
  readonly connections: () => number
  readonly storeWaiting: () => number
  readonly pinsWaiting: () => number
  readonly recordSize: () => number
  /** Facts under the newest checkpoint that some witness has not seen. */
  readonly witnessBehind: () => number
  /** Since the newest checkpoint was signed; nothing while there is none. */
  readonly checkpointAgeMs: () => number | undefined
  /** Counted by a chore, not when somebody scrapes. */
  readonly reviews: () => { readonly open: number; readonly overdue: number }
  readonly complianceWaiting: () => number
  readonly exceptions: () => { readonly standing: number; readonly longestMs: number }
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

export function makeMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const frames = new Histogram({
    name: 'wardkey_tap_seconds',
    help: 'From a frame of a workstation to its answer, by what was asked and answered.',
    labelNames: ['stage', 'outcome'],
    buckets: seconds,
    registers,
  })
  const commits = new Histogram({
    name: 'wardkey_commit_seconds',
    help: 'From a unit handed to the store until it is durable.',
    labelNames: ['kind', 'outcome'],
    buckets: seconds,
    registers,
  })
  const batch = new Histogram({
    name: 'wardkey_commit_batch_units',
    help: 'Units that became durable together, with one flush.',
    buckets: batches,
    registers,
  })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const invalid = counter('wardkey_frames_invalid_total', 'Frames that do not parse.', ['code'])
  const enrolments = counter('wardkey_enrolments_total', 'Enrolments and renewals.', ['outcome'])
  const bundles = new Histogram({
    name: 'wardkey_bundle_seconds',
    help: 'Sending a workstation what it may decide with by itself.',
    buckets: seconds,
    registers,
  })
  const bundleParts = counter('wardkey_bundle_parts_total', 'Parts of bundles that were sent.', [])
  const lines = counter(
    'wardkey_offline_lines_total',
    'Lines of journals of cut-off workstations: merged, repeated, or refused as not following.',
    ['outcome'],
  )
  const requests = counter('wardkey_admin_requests_total', 'Requests to the admin door.', [
    'route',
    'status',
  ])
  return {
    registry,
    frameAnswered: (stage, outcome, tookMs) => {
      frames.labels(stage, outcome).observe(tookMs / 1000)
    },
    frameInvalid: (code) => {
      invalid.labels(code).inc()
    },
    bundleSent: (parts, tookMs) => {
      bundles.observe(tookMs / 1000)
      bundleParts.inc(parts)
    },
    offlineLines: (outcome, count) => {
      lines.labels(outcome).inc(count)
    },
    enrolment: (outcome) => {
      enrolments.labels(outcome).inc()
    },
    adminRequest: (route, status) => {
      requests.labels(route, String(status)).inc()
    },
    ...smallCounters(registers),
    measured: (store) => measure(store, commits, batch),
  }
}

const smallCounters = (registers: Registry[]) => ({
  ...hrCounters(registers),
  ...lockCounters(registers),
  ...witnessCounter(registers),
})

/** Zones are few, and reasons are our own words. */
function lockCounters(registers: Registry[]): Pick<Metrics, 'lock' | 'lockSaidWrong'> {
  const labelNames = ['zone', 'reason'] as const
  const locks = new Counter({
    name: 'wardkey_locks_total',
    help: 'Screens that were locked, by zone and reason.',
    labelNames,
    registers,
  })
  const wrong = new Counter({
    name: 'wardkey_locks_said_wrong_total',
    help: 'Locks of which somebody said on the lock screen that they were wrong.',
    labelNames,
    registers,
  })
  return {
    lock: (zone, reason) => {
      locks.labels(zone, reason).inc()
    },
    lockSaidWrong: (zone, reason) => {
      wrong.labels(zone, reason).inc()
    },
  }
}

/** Witnesses are few, and settings name them. */
function witnessCounter(registers: Registry[]): Pick<Metrics, 'witnessShown'> {
  const witnesses = new Counter({
    name: 'wardkey_witness_total',
    help: 'Checkpoints shown to witnesses: kept, failed, ahead (it has seen more), forked.',
    labelNames: ['witness', 'outcome'],
    registers,
  })
  return {
    witnessShown: (witness, outcome) => {
      witnesses.labels(witness, outcome).inc()
    },
  }
}

function hrCounters(registers: Registry[]): Pick<Metrics, 'scimRequest' | 'scimDropped'> {
  const requests = new Counter({
    name: 'wardkey_scim_requests_total',
    help: 'Requests to the SCIM door.',
    labelNames: ['route', 'status'],
    registers,
  })
  const dropped = new Counter({
    name: 'wardkey_scim_dropped_attributes_total',
    help: 'Attributes that HR’s systems sent and that are not kept.',
    registers,
  })
  return {
    scimRequest: (route, status) => {
      requests.labels(route, String(status)).inc()
    },
    scimDropped: (count) => {
      if (count > 0) dropped.inc(count)
    },
  }
}

export function watch({ registry }: Metrics, watched: Watched): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    const made = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => {
        made.set(read())
      },
    })
  }
  gauge('wardkey_connections', 'Workstations connected to this broker.', watched.connections)
  gauge('wardkey_store_waiting_units', 'Units that wait for the store.', watched.storeWaiting)
  gauge('wardkey_pins_waiting', 'PINs that wait or are being checked.', watched.pinsWaiting)
  gauge(
    'wardkey_emergency_reviews_open',
    'Emergency accesses whose review is open.',
    () => watched.reviews().open,
  )
  gauge(
    'wardkey_emergency_reviews_overdue',
    'Emergency accesses whose review is past its due date.',
    () => watched.reviews().overdue,
  )
  gauge(
    'wardkey_compliance_waiting_notices',
    'Notices that compliance could not be told yet.',
    watched.complianceWaiting,
  )
  gauge('wardkey_exceptions', 'Exceptions that hold now.', () => watched.exceptions().standing)
  gauge(
    'wardkey_exceptions_longest_seconds',
    'How long the oldest exception that holds now has held.',
    () => watched.exceptions().longestMs / 1000,
  )
  gauge('wardkey_record_facts', 'Facts under the newest checkpoint.', watched.recordSize)
  gauge(
    'wardkey_witness_behind_facts',
    'Facts under the newest checkpoint that some witness has not seen.',
    watched.witnessBehind,
  )
  gauge(
    'wardkey_checkpoint_age_seconds',
    'Since the newest checkpoint was signed; it grows while nothing happens.',
    () => (watched.checkpointAgeMs() ?? 0) / 1000,
  )
}

function measure(store: Store, commits: Histogram<'kind' | 'outcome'>, batch: Histogram): Store {
  // Units of one flush are told so in one turn of the event loop; what comes later is another
  // flush.
  const together = { count: 0 }
  const count = (): void => {
    together.count += 1
    if (together.count > 1) return
    setImmediate(() => {
      batch.observe(together.count)
      together.count = 0
    })
  }
  const commit = async (unit: Unit) => {
    const beganMs = performance.now()
    const took = (outcome: string): void => {
      commits.labels(unit.kind, outcome).observe((performance.now() - beganMs) / 1000)
    }
    try {
      const committed = await store.commit(unit)
      took(committed.kind)
      count()
      return committed
    } catch (thrown) {
      took('failed')
      throw thrown
    }
  }
  return {
    engine: store.engine,
    read: store.read,
    commit,
    get waiting() {
      return store.waiting
    },
    close: () => store.close(),
  }
}

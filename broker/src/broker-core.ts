// What all doors of a running broker stand on: keys, store, record, and the flows' needs.

import { createPublicKey, randomBytes, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { accountsOf } from './account-ways.ts'
import { PersonKeys } from './audit/person-keys.ts'
import { Sealer } from './audit/sealer.ts'
import { verifierKey } from './audit/signed-note.ts'
import type { NoteSigner, NoteVerifier } from './audit/signed-note.ts'
import type { WitnessDesk } from './audit/witness/witness-desk.ts'
import type { Metrics } from './doors/health/metrics.ts'
import type { Readiness } from './doors/health/readiness.ts'
import { launchPath } from './doors/oidc/launch-door.ts'
import type { HttpPort } from './doors/open-http.ts'
import { ehrsOf } from './ehr-settings.ts'
import type { Ehrs } from './ehr-settings.ts'
import type { AccessReviewRules } from './flows/access-reviews/review-needs.ts'
import { BrokerWords } from './flows/broker-words.ts'
import { makeCheckPin } from './flows/check-pin.ts'
import { makeCountLocks } from './flows/count-locks.ts'
import { makeHouse } from './flows/house-book.ts'
import { makePerform } from './flows/perform.ts'
import { SpeedBook } from './flows/speed/speed-book.ts'
import { parseAllowedCard } from './identity/cards/allowed-cards.ts'
import type { AllowedCard } from './identity/cards/allowed-cards.ts'
import { PinHashing } from './identity/pin-hashing.ts'
import { makeVerifyByNumber } from './identity/verify-by-number.ts'
import { makeVerifyPin } from './identity/verify-pin.ts'
import type { PlanLaunch } from './launch/launch-plan.ts'
import { makeHasChart, makePlanLaunch } from './launch/plan-launch.ts'
import { makeNotices } from './notices.ts'
import type { SiteCalendar } from './policy/calendar.ts'
import type { NoticePost } from './notices.ts'
import type { Authority } from './platform/authority/authority.ts'
import type { AuthorityDesk } from './flows/keys/authority-desk.ts'
import type { Clock } from './platform/clock.ts'
import { Fault } from './platform/fault.ts'
import type { Keys } from './platform/keys/keys.ts'
import { printOf } from './platform/keys/record-keys.ts'
import type { Log } from './platform/log.ts'
import type { Settings } from './platform/settings.ts'
import { version } from './platform/version.ts'
import { Shutdown } from './platform/shutdown.ts'
import type { Store } from './store/store.ts'

/** What everything stands on. */
export interface Ground {
  readonly settings: Settings
  readonly log: Log
  readonly clock: Clock
  readonly keys: Keys
  readonly authority: Authority
  readonly store: Store
  readonly metrics: Metrics
  readonly shutdown: Shutdown
}

export interface Base extends Ground {
  readonly sealer: Sealer
  readonly witnesses: WitnessDesk
  readonly readiness: () => Promise<Readiness>
  /** The present authority, and the one after it. */
  readonly authorities: AuthorityDesk
}

export interface Ports {
  readonly web: HttpPort
  readonly admin: HttpPort
  /** As browsers and EHRs see it. */
  readonly webUrl: string
}

export function signerOf({ settings, keys }: Ground): NoteSigner {
  return { name: settings['record.origin'], key: keys.record }
}

/** Of the keys after the first; nothing where one is not in this folder. */
export function signersOf({
  settings,
  keys,
}: Ground): (key: NoteVerifier) => NoteSigner | undefined {
  // Opened once: a checkpoint is signed five times a second.
  const opened = new Map<string, NoteSigner>()
  return ({ key }) => {
    const print = printOf(key)
    const known = opened.get(print)
    if (known) return known
    const found = keys.findRecordKey(print)
    if (!found) return undefined
    const signer = { name: settings['record.origin'], key: found }
    opened.set(print, signer)
    return signer
  }
}

/** What verifies the record now, as it is given to auditors. */
export function recordKeyOf(base: Base): string {
  const [now = signerOf(base)] = base.sealer.chain.now
  return verifierKey(now)
}

export function makeCore(base: Base, webUrl: string) {
  const { settings, log, clock, keys, store, metrics, shutdown } = base
  const { nowMs, monotonicMs } = clock
  const newId = randomUUID
  const notices = makeNotices()
  const words = store.engine === 'postgres' ? wordsOver(store, clock, notices) : undefined
  const post = words === undefined ? {} : { post: words.post }
  const onRecorded = makeCountLocks({
    db: store.read,
    onLock: metrics.lock,
    onSaidWrong: metrics.lockSaidWrong,
  })
  const speed = new SpeedBook({ store, nowMs, origin: newId(), release: version })
  const onFlushed = speed.flushed.bind(speed)
  const carry = { notices: notices.carry, onRecorded, onFlushed }
  const perform = makePerform({ store, log, ...carry, ...post })
  shutdown.add('flows', () => perform.idle())
  const hashing = new PinHashing({
    threads: settings['pin.threads'],
    queueMax: settings['pin.queueMax'],
    pepper: keys.pinPepper,
  })
  shutdown.add('threads', () => hashing.close())
  const ehrs = ehrsOf(settings)
  const verifyPin = makeVerifyPin({ store, hashing, nowMs, newId })
  const flow = { db: store.read, nowMs, newId }
  return {
    ...flow,
    store,
    log,
    ehrs,
    notices,
    words,
    perform,
    hashing,
    verifyPin,
    verifyByNumber: makeVerifyByNumber({ store, hashing, nowMs }),
    checkPin: makeCheckPin({ ...flow, verifyPin, perform }),
    house: makeHouse({
      ...{ db: store.read, calendar: calendarOf(settings), log },
      onJudged: speed.judged.bind(speed),
    }),
    speed,
    personKeys: new PersonKeys(store, keys.personKek),
    cardKey: keys.cardKey,
    allowedCards: allowedCardsOf(settings),
    staffKey: keys.staffKey,
    hrKey: keys.hrKey,
    roleRules: settings['people.roles'],
    adoptBy: settings['people.adopt'],
    exceptionMaxMs: settings['exceptions.maxMs'],
    keepIdentifiersMs: settings['retention.identifierDays'] * 86_400_000,
    accessReviews: accessReviewsOf(settings),
    emergency: { reviewMs: settings['emergency.reviewMs'], channels: channelsOf(settings) },
    planLaunch: planLaunchFor(ehrs, webUrl),
    hasChart: makeHasChart(ehrs.apps),
    accounts: accountsOf(settings, keys, webUrl, nowMs),
    sessionMaxMs: settings['session.maxMs'],
    pinAnswerMs: settings['session.pinAnswerMs'],
    loanerMs: settings['badges.loanerMs'],
    pinDigits: { min: settings['pin.digits'], max: pinDigitsMax },
    brokers: settings['workstations.brokers'],
    bundleKey: publicText(keys.bundle),
    monotonicMs,
    random: randomBytes,
  }
}
export type Core = ReturnType<typeof makeCore>

function accessReviewsOf(settings: Settings): AccessReviewRules {
  return {
    isScheduled: settings['accessReviews.isScheduled'],
    highRiskRoles: settings['accessReviews.highRiskRoles'],
    days: settings['accessReviews.days'],
    onSilence: settings['accessReviews.onSilence'],
    twoPeopleAbove: settings['accessReviews.twoPeopleAbove'],
    reviewers: settings['accessReviews.reviewers'],
  }
}

function calendarOf(settings: Settings): SiteCalendar {
  return { timeZone: settings['site.timeZone'], holidays: new Set(settings['site.holidays']) }
}

/** A range without an inside, or a facility where the format has none, would allow no card. */
function allowedCardsOf(settings: Settings): readonly AllowedCard[] {
  return settings['badges.allowed'].map((text) => {
    const one = parseAllowedCard(text)
    if (one) return one
    const cause = new Error(`badges.allowed: ${text} allows no card`)
    throw new Fault('settings-not-valid', 'permanent', { cause })
  })
}

/** On SQLite there is no other broker that could hear them. */
function wordsOver(store: Store, clock: Clock, notices: NoticePost): BrokerWords {
  return new BrokerWords({
    store,
    origin: randomUUID(),
    nowMs: clock.nowMs,
    monoMs: clock.monotonicMs,
    carry: notices.carry,
    onMissed: notices.doubtAll,
  })
}

/** An Ed25519 public key as workstations are told it (RFC 8037: `x`). */
function publicText(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new Fault('key-missing', 'permanent')
  return x
}

function channelsOf(settings: Settings): readonly ('webhook' | 'mail')[] {
  return [
    ...(settings['compliance.webhookUrl'] === '' ? [] : (['webhook'] as const)),
    ...(settings['compliance.mailTo'].length === 0 ? [] : (['mail'] as const)),
  ]
}

/** As the protocol has it: no PIN is longer. */
const pinDigitsMax = 12

function planLaunchFor({ apps }: Ehrs, webUrl: string): PlanLaunch {
  try {
    return makePlanLaunch({ apps, redeemUrl: `${webUrl}${launchPath}`, random: randomBytes })
  } catch (cause) {
    // An adapter that does not exist: the only thing it refuses.
    throw new Fault('settings-not-valid', 'permanent', { cause })
  }
}

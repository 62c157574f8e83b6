// One look for a new release: asks a broker, fetches, and lets it begin when everything is here and
// nobody is. Says why it waits, each time. It installs nothing and decides no roll-out.

import type { UpdateFile } from '@wardkey/protocol/workstation/updates/manifest'
import type { ReleaseTrust } from '@wardkey/protocol/workstation/updates/take-manifest'
import type { localWaits, UpdateHeard } from '@wardkey/protocol/workstation/updates/update-exchange'
import type { Log } from '../../platform/log.ts'
import type { Download } from '../install/installer.ts'
import { takeManifests } from '../manifests/take-manifests.ts'
import type { Here, TakenRelease } from '../manifests/take-manifests.ts'
import type { WaitsHere } from '../waits-here.ts'
import type { BrokerPort } from './broker-port.ts'
import type { Fetched } from './fetch-package.ts'
import type { WaitWord } from '../hand-over/session-waits.ts'

export type LocalWait = (typeof localWaits)[number]

/** A broker was asked whether that one may begin, under that key. */
export interface Asked {
  readonly number: number
  readonly key: string
}

/** What the part with the rights says of itself; `why` is for the log. */
export type Readiness =
  { readonly kind: 'ready' } | { readonly kind: 'refused'; readonly why: string }

export interface LookNeeds {
  readonly broker: Pick<BrokerPort, 'ask'>
  readonly installer: { readonly prepare: () => Promise<Readiness> }
  /** What is believed on this side, and where that is kept. */
  readonly trust: () => ReleaseTrust
  readonly keepTrust: (trust: ReleaseTrust) => Promise<void>
  readonly here: Here
  readonly waitsHere: () => WaitsHere | undefined
  readonly fetch: (file: UpdateFile) => Promise<Fetched>
  /** Nobody is there, and the broker has said yes: to be written down, and installed. */
  readonly begin: (release: TakenRelease, download: Download) => Promise<void>
  readonly newKey: () => string
  /** Kept before it is asked: whoever is counted as under way has to know what to take back. */
  readonly keepAsked: (asked: Asked | undefined) => Promise<void>
  readonly nowMs: () => number
  /** Where no broker says when to come again. */
  readonly everyMs: number
  readonly log: Log
}

export interface Looked {
  readonly againMs: number
  /** To be told at the next look. */
  readonly waits?: LocalWait
  /** What a broker has against it, or that none answered; for whoever asks here. */
  readonly word?: WaitWord
}

/** Somebody came in the moment in which it was to begin. */
export const soonMs = 60_000

/** `waits` is what the look before found. */
export async function lookForUpdate(
  waits: LocalWait | undefined,
  needs: LookNeeds,
): Promise<Looked> {
  const { broker, here, trust, waitsHere, everyMs } = needs
  const why = waitsHere() ?? waits
  const about = { ...here, seen: trust().seen?.number ?? 0 }
  const answer = await broker.ask({ kind: 'ask', ...about, ...(why ? { waits: why } : {}) })
  if (answer?.kind !== 'offer') return later(answer, everyMs)
  const taken = takeManifests(answer.manifests, trust(), here, needs.nowMs())
  if (taken.kind === 'refused') {
    needs.log.warn('update.refused', { code: taken.code })
    return { againMs: answer.againMs, word: 'not-believed' }
  }
  await needs.keepTrust(taken.trust)
  const ready = await makeReady(taken, answer.manifests, needs)
  if (typeof ready === 'string') return { againMs: answer.againMs, waits: ready }
  const isThere = waitsHere()
  if (isThere) return { againMs: answer.againMs, waits: isThere }
  // The window, the pace, somebody’s word: the broker knows of those.
  if (answer.why !== undefined) return later(answer, everyMs)
  return beginNow(taken, ready, needs)
}

async function makeReady(
  { file }: TakenRelease,
  manifests: readonly string[],
  { fetch, installer, log }: LookNeeds,
): Promise<Download | LocalWait> {
  const fetched = await fetch(file)
  if (fetched.kind === 'changed') log.error('update.not-as-signed', {})
  if (fetched.kind === 'no-room') return 'no-room'
  if (fetched.kind !== 'here') return 'downloading'
  const prepared = await installer.prepare()
  if (prepared.kind === 'ready') return { manifests, path: fetched.path }
  log.warn('update.no-installer', { reason: prepared.why })
  return 'no-installer'
}

async function beginNow(
  taken: TakenRelease,
  download: Download,
  needs: LookNeeds,
): Promise<Looked> {
  const { waitsHere, begin, everyMs } = needs
  const { number } = taken.manifest
  const answer = await mayBegin(number, needs)
  if (answer?.kind !== 'go' || answer.number !== number) {
    return later(answer, everyMs)
  }
  // A tap may have come while it was asked. To begin again later is no other beginning.
  const isThere = waitsHere()
  if (isThere) return { againMs: soonMs, waits: isThere }
  await begin(taken, download)
  return { againMs: everyMs }
}

/** Whatever became of a question without an answer, it may have been a yes: it stays kept. */
async function mayBegin(
  number: number,
  { broker, here, newKey, keepAsked }: LookNeeds,
): Promise<UpdateHeard | undefined> {
  const asked = { number, key: newKey() }
  const question = { kind: 'begin', ...here, seen: number, number } as const
  await keepAsked(asked)
  const answer = await broker.ask({ ...question, key: asked.key })
  if (answer === undefined || answer.kind === 'go') return answer
  await keepAsked(undefined)
  // A broker of before, which nothing can be taken back from.
  return answer.kind === 'not-understood' ? broker.ask(question) : answer
}

function later(answer: UpdateHeard | undefined, everyMs: number): Looked {
  if (!answer) return { againMs: everyMs, word: 'not-answered' }
  const word = 'why' in answer && answer.why !== undefined ? { word: answer.why } : {}
  return { againMs: 'againMs' in answer ? answer.againMs : everyMs, ...word }
}

/** Spread, or all that were started in one morning would ask in one minute. */
export const spreadMs = (againMs: number, random: number): number => againMs * (0.75 + random / 2)

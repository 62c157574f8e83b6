// Folds what all sources tell into one status that a person can act on: ready, or which of four
// things is wrong. Pure. Codes, not sentences: the words are the screen catalogue's.

import type { ReaderEvent, SourceDownReason, SourceKind } from './reader.ts'
import { aliveWithinMs } from './reader.ts'

export type ReaderStatusKind = 'ready' | 'none' | 'service-stopped' | 'unplugged' | 'stuck'

export interface ReaderStatus {
  readonly kind: ReaderStatusKind
  /** Since when, on the agent's monotonic clock. */
  readonly sinceMs: number
  readonly code: `reader-${ReaderStatusKind}`
}

interface SourceState {
  readonly kind: SourceKind
  readonly heardAtMs: number
  readonly down: SourceDownReason | undefined
  readonly silent: boolean
  readonly readers: ReadonlySet<string>
}

export interface ReadersState {
  readonly sources: ReadonlyMap<SourceKind, SourceState>
  /** The source of the reader that was lost last: what is wrong there is what is told. */
  readonly lostAt: SourceKind | undefined
  readonly checkedAtMs: number
}

export function beforeReaders(kinds: readonly SourceKind[], nowMs: number): ReadersState {
  const sources = kinds.map((kind): [SourceKind, SourceState] => [
    kind,
    { kind, heardAtMs: nowMs, down: undefined, silent: false, readers: new Set() },
  ])
  return { sources: new Map(sources), lostAt: undefined, checkedAtMs: nowMs }
}

/** Takes in one event of one source. Whatever it says, it has been heard from. */
export function hear(
  state: ReadersState,
  from: SourceKind,
  event: ReaderEvent,
  nowMs: number,
): ReadersState {
  const before = state.sources.get(from)
  if (before === undefined) return state
  const readers = new Set(before.readers)
  if (event.kind === 'reader-up') readers.add(event.readerId)
  if (event.kind === 'reader-down') readers.delete(event.readerId)
  const down =
    event.kind === 'source-down'
      ? event.reason
      : event.kind === 'source-up'
        ? undefined
        : before.down
  const source = { kind: from, heardAtMs: nowMs, down, silent: false, readers }
  return {
    ...state,
    sources: new Map(state.sources).set(from, source),
    lostAt: event.kind === 'reader-down' ? from : state.lostAt,
  }
}

/**
 * Looks for sources that have gone silent.
 *
 * If this look comes late itself, it was we who slept, and what the sources said meanwhile still
 * waits in our queue: nobody is judged this time.
 */
export function checkSilence(
  state: ReadersState,
  nowMs: number,
  checkEveryMs: number,
): ReadersState {
  const late = nowMs - state.checkedAtMs > checkEveryMs * 2
  const sources = [...state.sources].map(([kind, source]): [SourceKind, SourceState] => {
    if (late) return [kind, { ...source, heardAtMs: nowMs }]
    const expected = source.down !== 'library-missing'
    const silent = expected && nowMs - source.heardAtMs > aliveWithinMs
    return [kind, { ...source, silent }]
  })
  return { ...state, sources: new Map(sources), checkedAtMs: nowMs }
}

/** Ready as soon as one reader is; otherwise what is wrong where a reader was, or could be. */
export function statusKind(state: ReadersState): ReaderStatusKind {
  const sources = [...state.sources.values()]
  if (sources.some((source) => isReady(source))) return 'ready'
  const lostAt = state.lostAt === undefined ? undefined : state.sources.get(state.lostAt)
  if (lostAt !== undefined) return trouble(lostAt) ?? 'unplugged'
  const troubles = sources.map((source) => trouble(source))
  if (troubles.includes('stuck')) return 'stuck'
  return troubles.includes('service-stopped') ? 'service-stopped' : 'none'
}

function isReady(source: SourceState): boolean {
  return source.readers.size > 0 && source.down === undefined && !source.silent
}

function trouble(source: SourceState): 'stuck' | 'service-stopped' | undefined {
  if (source.silent || source.down === 'failed') return 'stuck'
  return source.down === 'service-stopped' ? 'service-stopped' : undefined
}

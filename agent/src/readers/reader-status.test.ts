import { describe, expect, it } from 'vitest'
import type { ReaderEvent, SourceKind } from './reader.ts'
import { beforeReaders, checkSilence, hear, statusKind } from './reader-status.ts'

const up = (readerId: string): ReaderEvent => ({
  kind: 'reader-up',
  readerId,
  readerName: readerId,
  technology: 'pcsc',
})
const down = (readerId: string): ReaderEvent => ({
  kind: 'reader-down',
  readerId,
  reason: 'unplugged',
})
const stopped: ReaderEvent = { kind: 'source-down', reason: 'service-stopped' }
const working: ReaderEvent = { kind: 'source-up' }

function after(...told: readonly (readonly [SourceKind, ReaderEvent])[]) {
  let state = beforeReaders(['pcsc', 'rf-ideas'], 0)
  for (const [from, event] of told) state = hear(state, from, event, 0)
  return state
}

describe('the status of the readers', () => {
  it('is none before any reader was there', () => {
    expect(statusKind(after())).toBe('none')
    expect(statusKind(after(['pcsc', working]))).toBe('none')
  })

  it('is ready as soon as one reader is, whatever else is wrong', () => {
    expect(statusKind(after(['pcsc', stopped], ['rf-ideas', up('r')]))).toBe('ready')
  })

  it('says that the service has stopped, with a reader lost by it or before any came', () => {
    expect(statusKind(after(['pcsc', stopped]))).toBe('service-stopped')
    expect(statusKind(after(['pcsc', up('r')], ['pcsc', down('r')], ['pcsc', stopped]))).toBe(
      'service-stopped',
    )
  })

  it('says unplugged when a reader was there and went', () => {
    expect(statusKind(after(['pcsc', up('r')], ['pcsc', down('r')]))).toBe('unplugged')
  })

  it('speaks of the reader that was lost, not of a service that it never needed', () => {
    const told = after(['pcsc', stopped], ['rf-ideas', up('r')], ['rf-ideas', down('r')])
    expect(statusKind(told)).toBe('unplugged')
  })

  it('does not miss a library that this machine was never given', () => {
    const missing: ReaderEvent = { kind: 'source-down', reason: 'library-missing' }
    const told = after(['pcsc', missing], ['rf-ideas', missing])
    expect(statusKind(checkSilence(told, 1000, 1000))).toBe('none')
    expect(statusKind(checkSilence({ ...told, checkedAtMs: 99_000 }, 100_000, 1000))).toBe('none')
  })

  it('is stuck when a source with a reader says nothing any more, and ready when it does', () => {
    const quiet = { ...after(['pcsc', up('r')]), checkedAtMs: 5500 }
    const silent = checkSilence(quiet, 6000, 1000)
    expect(statusKind(silent)).toBe('stuck')
    expect(statusKind(hear(silent, 'pcsc', { kind: 'alive' }, 6001))).toBe('ready')
  })

  it('judges nobody when it was itself asleep', () => {
    const slept = checkSilence(after(['pcsc', up('r')]), 600_000, 1000)
    expect(statusKind(slept)).toBe('ready')
  })

  it('is stuck when our own part keeps failing', () => {
    expect(statusKind(after(['pcsc', { kind: 'source-down', reason: 'failed' }]))).toBe('stuck')
  })

  it('takes no word from a source that it does not know', () => {
    expect(statusKind(after(['simulated', up('r')]))).toBe('none')
  })
})

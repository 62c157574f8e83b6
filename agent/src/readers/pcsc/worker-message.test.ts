import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWorkerMessage } from './worker-message.ts'

const seen = {
  kind: 'card-seen',
  readerId: 'pcsc:r',
  readerName: 'r',
  card: { technology: 'csn', canonical: '04a1b2c3' },
  atMonoMs: 1,
  fresh: true,
}

describe('what the worker says', () => {
  it('is taken as it is when it is one of the events', () => {
    expect(parseWorkerMessage(seen)).toEqual(seen)
    expect(parseWorkerMessage({ kind: 'alive' })).toEqual({ kind: 'alive' })
  })

  it.each([
    undefined,
    null,
    'alive',
    { kind: 'unlock' },
    { ...seen, more: 1 },
    { ...seen, atMonoMs: Number.NaN },
    { ...seen, card: { technology: 'csn', canonical: '04A1B2C3' } },
    { ...seen, card: { technology: 'wiegand', canonical: '26:02f623ae' } },
    { ...seen, readerName: 'r'.repeat(300) },
  ])('is refused otherwise: %j', (message) => {
    expect(parseWorkerMessage(message)).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        parseWorkerMessage(message)
      }),
    )
  })
})

// Facts of one tap among many, on both stores: found by an index or in pages, they are the same as
// whoever reads every fact of every tap finds.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fact } from '@wardkey/broker/audit/fact'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import { engines } from '../../../test/kit/stores.ts'
import type { TestStore } from '../../../test/kit/stores.ts'
import { drawn, writeFacts } from '../../../test/kit/written-facts.ts'
import { factsAround, factsOfTap, findQuoted } from './tap-facts.ts'

const beganMs = 1_800_000_000_000
const all = 100_000
/** As many as are read at once. */
const page = 1000
const ofTaps: readonly Fact['code'][] = ['TAP-001', 'TAP-002', 'TAP-101', 'BTG-101', 'OFF-002']
const others: readonly Fact['code'][] = ['PIN-001', 'SES-001', 'PRE-001', 'ADM-001']

describe.each(engines)('facts of a tap on $engine', ({ open, isHere }) => {
  let opened: TestStore
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    opened = await open()
  })
  afterEach(async () => {
    if (!isHere) return
    await opened.store.close()
    await opened.remove()
  })

  const write = (facts: readonly Fact[]) => writeFacts(opened.store, facts)
  /** All facts of taps, the newest first, each with what it says. */
  const every = async () => {
    const rows = await opened.store.read
      .selectFrom('fact')
      .select(['idx', 'code', 'body'])
      .where('code', 'in', ofTaps)
      .orderBy('at_ms', 'desc')
      .orderBy('idx', 'desc')
      .execute()
    return rows.map((row) => ({ ...row, text: Buffer.from(row.body).toString('utf8') }))
  }
  const slowlyOf = async (id: string) =>
    (await every()).filter(({ text }) => text.includes(`"tap":"${id}"`)).map(({ idx }) => idx)
  const slowlyQuoted = async (quote: string) =>
    (await every()).flatMap(({ text }) => {
      const tap = /"tap":"([^"]+)"/.exec(text)?.[1]
      if (tap === undefined) return []
      return text.includes(`"quote":"${quote}"`) || quoteOf(tap) === quote ? [tap] : []
    })[0]
  const of = async (id: string) => (await factsOfTap(opened.store, id)).map(({ idx }) => idx)
  const quoted = (quote: string, max = all) =>
    findQuoted(opened.store, quote, (tap) => quoteOf(tap) === quote, max)

  it('are the same as among all that was written', async () => {
    const draw = drawn(11)
    const taps = Array.from({ length: 60 }, () => randomUUID())
    await write(
      Array.from({ length: 2500 }, () => {
        const tap = taps[draw(taps.length)] ?? ''
        const code = draw(3) ? ofTaps[draw(ofTaps.length)] : others[draw(others.length)]
        const isQuoted = code === 'TAP-101' && draw(2) === 0
        return {
          ...fact(code ?? 'ADM-001', draw(400) * 60_000),
          ...(draw(9) ? { tap } : {}),
          ...(isQuoted ? { fields: { quote: quoteOf(tap) } } : {}),
        }
      }),
    )
    for (const tap of [...taps, randomUUID()]) {
      expect(await of(tap)).toEqual(await slowlyOf(tap))
      expect(await quoted(quoteOf(tap))).toBe(await slowlyQuoted(quoteOf(tap)))
    }
    expect(await of(taps[0] ?? '')).not.toHaveLength(0)
  })

  it('are not those of a tap whose id begins alike', async () => {
    const [one, other] = ['0a1b2c3d', '0a1b2c3d'].map((head) => head + randomUUID().slice(8))
    await write([fact('TAP-001', 0, { tap: one ?? '' }), fact('TAP-001', 0, { tap: other ?? '' })])
    expect(await of(one ?? '')).toEqual([0])
    expect(await of(other ?? '')).toEqual([1])
  })

  it('are not those that name it in what they say, or nowhere', async () => {
    const tap = randomUUID()
    const saw = JSON.stringify({ tap })
    await write([
      ...[fact('TAP-101', 0, { tap: randomUUID(), fields: { saw } }), fact('TAP-001', 1)],
      ...[fact('TAP-101', 2, { fields: { saw, quote: quoteOf(tap) } })],
    ])
    expect(await of(tap)).toEqual([])
    expect(await quoted(quoteOf(tap))).toBeUndefined()
  })

  it('are found by a code in pages, up to their limit', async () => {
    const tap = randomUUID()
    const other = () => ({ tap: randomUUID() })
    const later = Array.from({ length: 2 * page }, () => fact('TAP-001', 5, other()))
    await write([fact('TAP-002', 5, { tap }), ...later])
    expect(await quoted(quoteOf(tap))).toBe(tap)
    expect(await quoted(quoteOf(tap), 2 * page)).toBeUndefined()
    expect(await of(tap)).toEqual([0])
  })

  it('are about it where its PIN was waited for, and not from long before', async () => {
    const tap = randomUUID()
    const between = Array.from({ length: 3000 }, () => fact('ADM-001', 1))
    await write([
      ...[fact('PIN-101', 0, { tap }), fact('PIN-001', 1, { tap }), ...between.slice(2)],
      ...[fact('PIN-101', 2), fact('TAP-001', 2, { tap }), fact('SES-001', 2, { tap })],
    ])
    const around = await factsAround(opened.store, 3001, tap)
    expect(around.map(({ idx }) => idx)).toEqual([1, 3001, 3002])
  })
})

const fact = (code: Fact['code'], atMs: number, more: Partial<Fact> = {}): Fact => ({
  ...{ id: randomUUID(), code, atMs: beganMs + atMs },
  ...more,
})

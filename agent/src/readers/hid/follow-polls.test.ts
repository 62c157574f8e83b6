import { describe, expect, it } from 'vitest'
import { unambiguousMeanings } from './identify-bits.ts'
import { beforePolling, followPoll } from './follow-polls.ts'
import type { PollNews } from './follow-polls.ts'
import type { Poll } from './rf-ideas-reader.ts'

const good: Poll = { kind: 'bits', bits: { length: 26, value: 0x2f623aen }, stripped: false }
const other: Poll = { kind: 'bits', bits: { length: 35, value: 0x69a5154a4n }, stripped: false }
const wrong: Poll = { kind: 'bits', bits: { length: 26, value: 0x2f623afn }, stripped: false }
const stripped: Poll = { kind: 'bits', bits: { length: 24, value: 0x1e04d2n }, stripped: true }
const empty: Poll = { kind: 'empty' }
const torn: Poll = { kind: 'torn' }

function follow(...polls: readonly Poll[]): readonly (readonly PollNews[])[] {
  let state = beforePolling
  return polls.map((poll) => {
    const next = followPoll(state, poll, unambiguousMeanings)
    state = next.state
    return next.news
  })
}
const told = (...polls: readonly Poll[]) =>
  follow(...polls)
    .flat()
    .map((news) =>
      news.kind === 'went'
        ? 'went'
        : news.reading.kind === 'card'
          ? news.reading.card.canonical
          : news.reading.code,
    )

describe('following polls', () => {
  it('tells a card once, and that it went once', () => {
    expect(told(empty, good, good, good, empty, empty, empty)).toEqual(['26:02f623ae', 'went'])
  })

  it('does not take one empty poll for going', () => {
    expect(told(empty, good, empty, good, empty, good)).toEqual(['26:02f623ae'])
  })

  it('tells one card for another', () => {
    expect(told(empty, good, other)).toEqual(['26:02f623ae', 'went', '35:069a5154a4'])
  })

  it('tells the same card again once it was away', () => {
    expect(told(good, empty, empty, good)).toEqual(['26:02f623ae', 'went', '26:02f623ae'])
  })

  it('knows a card that lay there before anybody polled', () => {
    expect(follow(good)[0]).toMatchObject([{ kind: 'came', fresh: false }])
    expect(follow(empty, good)[1]).toMatchObject([{ kind: 'came', fresh: true }])
  })

  it('refuses wrong parity once, and never says that such a card went', () => {
    expect(told(empty, wrong, wrong, empty, empty)).toEqual(['card-parity'])
  })

  it('refuses a card whose parity nobody can check', () => {
    expect(told(empty, stripped, stripped)).toEqual(['card-parity-stripped'])
  })

  it('says when a good card gives way to a bad one', () => {
    expect(told(empty, good, wrong, empty, empty)).toEqual(['26:02f623ae', 'went', 'card-parity'])
  })

  it('has patience with a card that changes while it is read, but not for ever', () => {
    expect(told(empty, torn, torn, torn, good)).toEqual(['26:02f623ae'])
    expect(told(empty, ...Array.from({ length: 20 }, () => torn))).toEqual(['card-unreadable'])
  })
})

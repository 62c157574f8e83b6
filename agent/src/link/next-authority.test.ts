// Which authority is believed beside the present one, and which never is.

import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { ThrowAwayAuthority } from '../../../test/kit/throw-away-authority.ts'
import { believedIn, sha256Of, withLearned, withNext } from './next-authority.ts'

let present: ThrowAwayAuthority
let next: ThrowAwayAuthority
let stranger: ThrowAwayAuthority
beforeAll(async () => {
  present = await ThrowAwayAuthority.make()
  next = await ThrowAwayAuthority.make()
  stranger = await ThrowAwayAuthority.make()
})
const nowMs = Date.now()

it('the next one is believed beside the present one, which vouches for it', () => {
  const believed = withNext(present.caPem, present.vouchesFor(next), nowMs)
  expect(believed).toBe(present.caPem + next.caPem)
  expect(believedIn(believed ?? '').map(sha256Of)).toEqual([present.caSha256, next.caSha256])
})
it('one that any of those believed vouches for is believed', () => {
  const both = present.caPem + next.caPem
  expect(withNext(both, next.vouchesFor(stranger), nowMs)).toBe(
    present.caPem + stranger.caPem + next.caPem,
  )
})
it('of too many the oldest goes, never its own', async () => {
  const newest = await ThrowAwayAuthority.make()
  const three = present.caPem + next.caPem + stranger.caPem
  expect(withNext(three, next.vouchesFor(newest), nowMs)).toBe(
    present.caPem + newest.caPem + next.caPem,
  )
})
it('what was learned while a renewal was on its way stays, each once', () => {
  const both = present.caPem + next.caPem
  expect(withLearned(present.caPem, both)).toBe(both)
  expect(withLearned(next.caPem + present.caPem, both)).toBe(next.caPem + present.caPem)
  expect(withLearned(present.caPem, '')).toBe(present.caPem)
})

describe('nothing more is believed', () => {
  const expectNothing = (offer: Parameters<typeof withNext>[1], atMs = nowMs) => {
    expect(withNext(present.caPem, offer, atMs)).toBeUndefined()
  }
  it('where it is known already', () => {
    expectNothing(present.vouchesFor(present))
  })
  it('where only a stranger vouches, or it vouches for itself', () => {
    expectNothing(stranger.vouchesFor(next))
    expectNothing(next.vouchesFor(next))
  })
  it('where the word was for another one', () => {
    const { vouch } = present.vouchesFor(next)
    expectNothing({ caPem: stranger.caPem, vouch })
  })
  it('where the word was changed, or is noise', () => {
    const { caPem, vouch } = present.vouchesFor(next)
    expectNothing({ caPem, vouch: `${vouch.slice(0, -4)}AAAA` })
    expectNothing({ caPem, vouch: randomBytes(70).toString('base64url') })
  })
  it('where it is a workstation’s certificate, and no authority', async () => {
    const { certificatePem } = await present.identity()
    expectNothing({ ...present.vouchesFor(next), caPem: certificatePem })
  })
  it('where its time is over', () => {
    expectNothing(present.vouchesFor(next), nowMs + 20 * 365 * 86_400_000)
  })
  it('where it cannot be read', () => {
    const caPem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    expectNothing({ ...present.vouchesFor(next), caPem })
  })
})

// What is kept of an identity, and what is not believed of it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ThrowAwayAuthority } from '../../../test/kit/throw-away-authority.ts'
import type { SealedStorage } from '../platform/sealed-storage.ts'
import { openIdentityStore } from './identity.ts'
import type { Identity } from './identity.ts'
import { renewalDueMs } from './renewal.ts'

let one: Identity
let two: Identity
let next: ThrowAwayAuthority
beforeAll(async () => {
  const authority = await ThrowAwayAuthority.make()
  next = await ThrowAwayAuthority.make()
  one = await authority.identity()
  two = await authority.identity()
})

let dataDir: string
let sealed: SealedStorage & { secret: string | undefined }
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wardkey-identity-'))
  sealed = {
    secret: undefined,
    find: () => sealed.secret,
    keep: (secret) => {
      sealed.secret = secret
    },
    prove: () => undefined,
  }
})
afterEach(() => {
  rmSync(dataDir, { recursive: true })
})

const file = (): string => join(dataDir, 'identity.json')

it('is found again as it was kept, with nothing of the key beside it', () => {
  const store = openIdentityStore(dataDir, sealed)
  store.keep(one)
  expect(store.find()).toEqual(one)
  expect(readdirSync(dataDir)).toEqual(['identity.json'])
  expect(readFileSync(file(), 'utf8')).not.toContain('PRIVATE')
})
it('outlives a renewal that was cut between the key and the certificate', () => {
  const store = openIdentityStore(dataDir, sealed)
  store.keep(one)
  const before = readFileSync(file(), 'utf8')
  store.keep(two)
  writeFileSync(file(), before)
  expect(store.find()).toEqual(one)
})
it('keeps two keys and no more', () => {
  const store = openIdentityStore(dataDir, sealed)
  for (const identity of [one, two, one, two]) store.keep(identity)
  expect(sealed.secret?.match(/BEGIN PRIVATE KEY/g)).toHaveLength(2)
  expect(store.find()).toEqual(two)
})

describe('the authorities it believes', () => {
  const both = (): Identity => ({ ...one, caPem: one.caPem + next.caPem })
  const list = (): string => join(dataDir, 'authorities.json')
  it('are found again, in a file that a release before does not ask for', () => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(one)
    const before = readFileSync(file(), 'utf8')
    store.believe(both().caPem)
    expect(store.find()).toEqual(both())
    expect(readFileSync(file(), 'utf8')).toBe(before)
  })
  it('stay with a certificate that the next one signed, its own first', async () => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(both())
    const renewed = { ...(await next.identity()), caPem: next.caPem + one.caPem }
    store.keep(renewed)
    expect(store.find()).toEqual(renewed)
  })
  it('are both there where it was cut before that certificate was kept', async () => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(both())
    const before = readFileSync(file(), 'utf8')
    store.keep({ ...(await next.identity()), caPem: next.caPem + one.caPem })
    writeFileSync(file(), before)
    expect(store.find()).toEqual(both())
  })
  it('are one again where it is enrolled anew', async () => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(both())
    const anew = await next.identity()
    store.keep(anew)
    expect(store.find()).toEqual(anew)
    expect(readdirSync(dataDir)).toEqual(['identity.json'])
  })
  it('are its own alone where the list is about another one, or is not readable', async () => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(one)
    const others = [next.caPem, (await ThrowAwayAuthority.make()).caPem]
    const empty = one.caPem.replace(/(?<=CERTIFICATE-----\n)[^-]+/, 'AAAA\n')
    for (const text of [
      JSON.stringify({ version: 1, authorities: others }),
      JSON.stringify({ version: 2, authorities: [one.caPem, next.caPem] }),
      JSON.stringify({ version: 1, authorities: [one.caPem, empty] }),
      '{"version":1,"autho',
    ]) {
      writeFileSync(list(), text)
      expect(store.find()).toEqual(one)
    }
  })
})

describe('there is none', () => {
  it('where nothing was kept', () => {
    expect(openIdentityStore(dataDir, sealed).find()).toBeUndefined()
  })
  it.each([
    ['half a file', '{"version":1,"workst'],
    ['another version', '{"version":2}'],
    ['not an object', '[]'],
  ])('where the file is %s', (_what, text) => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(one)
    writeFileSync(file(), text)
    expect(store.find()).toBeUndefined()
  })
  it('where the key is another certificate’s, or gone, or rubbish', () => {
    const store = openIdentityStore(dataDir, sealed)
    store.keep(one)
    for (const secret of [two.keyPem, undefined, 'x', one.keyPem.replace('A', '!')]) {
      sealed.secret = secret
      expect(store.find()).toBeUndefined()
    }
  })
})

it('a certificate is due when two thirds of its life are over', async () => {
  const fromMs = Date.UTC(2026, 0, 1)
  const untilMs = Date.UTC(2026, 0, 31)
  const authority = await ThrowAwayAuthority.make()
  const identity = await authority.identity({ fromMs, untilMs })
  expect(renewalDueMs(identity)).toBe(Date.UTC(2026, 0, 21))
})

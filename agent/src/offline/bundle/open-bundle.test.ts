// What is taken for a bundle, and what is not: parts in any order, one signature, one workstation.

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import { bundlePartMax } from '@wardkey/protocol/workstation/offline-bundle'
import { BundleSigner, offlineBundleOf, partsOf } from '../../../../test/kit/offline-bundles.ts'
import { BundleParts } from './bundle-parts.ts'
import { openBundle } from './open-bundle.ts'

const workstation = randomUUID()
const signer = new BundleSigner()
const bundle = offlineBundleOf(workstation, 1_800_000_000_000)
const text = signer.sign(bundle)
const open = (some: string, key = signer.bundleKey, at: string = workstation) =>
  openBundle(some, key, at)
const [body = '', signature = ''] = text.split('.')
const changed = (part: string, from: string, to: string) =>
  Buffer.from(Buffer.from(part, 'base64url').toString('utf8').replace(from, to)).toString(
    'base64url',
  )

describe('a bundle', () => {
  it('opens under the key it was signed with, at its own workstation', () => {
    expect(open(text)).toEqual({ kind: 'opened', bundle })
  })
  it.each([
    ['a stranger’s signature', () => open(new BundleSigner().sign(bundle)), 'not-signed'],
    ['another key', () => open(text, new BundleSigner().bundleKey), 'not-signed'],
    ['a changed body', () => open(`${changed(body, 'nurse', 'chief')}.${signature}`), 'not-signed'],
    [
      'a signature of something else',
      () => open(`${body}.${signer.sign({ ...bundle, sequence: 2 }).split('.')[1] ?? ''}`),
      'not-signed',
    ],
    ['no signature', () => open(body), 'not-signed'],
    ['a signature of nought', () => open(`${body}.${'A'.repeat(86)}`), 'not-signed'],
    ['another workstation', () => open(text, signer.bundleKey, randomUUID()), 'other-workstation'],
    [
      'a field too many',
      () => open(signer.sign({ ...bundle, more: 1 } as never)),
      'not-understood',
    ],
    [
      'another version',
      () => open(signer.sign({ ...bundle, version: 2 } as never)),
      'not-understood',
    ],
  ])('is refused with %s', (_what, act, reason) => {
    expect(act()).toEqual({ kind: 'refused', reason })
  })
})

describe('the parts of a bundle', () => {
  const framed = (some: readonly ReturnType<typeof partsOf>[number][]) =>
    some.map((part) => ({ ...part, id: messageId.parse(randomUUID()) }))
  const parts = framed(partsOf(text, 1, 200))
  const take = (into: BundleParts, some: typeof parts) => some.map((part) => into.take(part))

  it('are one text in whatever order they come, and twice', () => {
    const [first, ...rest] = parts
    const shuffled = [...rest.toReversed(), rest[0]!, first!]
    expect(take(new BundleParts(), shuffled).findLast((one) => one !== undefined)).toBe(text)
  })
  it('are nothing while one is missing', () => {
    expect(take(new BundleParts(), parts.slice(1)).every((one) => one === undefined)).toBe(true)
  })
  it('never mix two bundles', () => {
    const into = new BundleParts()
    const newer = framed(partsOf(signer.sign({ ...bundle, sequence: 2 }), 2, 200))
    take(into, parts.slice(0, -1))
    take(into, newer.slice(0, -1))
    expect(into.take(parts.at(-1)!)).toBeUndefined()
    expect(into.take(newer.at(-1)!)).toBe(signer.sign({ ...bundle, sequence: 2 }))
  })
  it('of the same bundle cut otherwise begin anew', () => {
    const into = new BundleParts()
    take(into, parts.slice(0, -1))
    const otherwise = framed(partsOf(text, 1, 300))
    expect(take(into, otherwise).at(-1)).toBe(text)
  })
  it('swapped with each other’s places are no bundle any more', () => {
    const [a, b, ...rest] = parts
    const swapped = [{ ...a!, text: b!.text }, { ...b!, text: a!.text }, ...rest]
    const whole = take(new BundleParts(), swapped).at(-1)
    expect(open(whole ?? '')).toEqual({ kind: 'refused', reason: 'not-signed' })
  })
  it('beyond their number, or longer than a frame allows, are passed over', () => {
    const into = new BundleParts()
    const [first] = parts
    expect(into.take({ ...first!, part: 3, parts: 3 })).toBeUndefined()
    const long = 'x'.repeat(bundlePartMax + 1)
    expect(into.take({ ...first!, part: 0, parts: 1, text: long })).toBeUndefined()
  })
})

// The order of another key for the record, killed after each write: a key without an order is of no
// use to anybody, and an order never stands without its key.

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeKeyFolder } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { findRecordKey, findRecordOrder, orderRecordKey, printOf } from './record-keys.ts'

const root = randomBytes(32)
const scheduled = { reason: 'scheduled', state: 'ordered' } as const

describe('the record’s next key', () => {
  let path: string
  let folder: KeyFolder
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'wardkey-record-keys-'))
    folder = makeKeyFolder(join(path, 'keys'))
  })
  afterEach(() => {
    rmSync(path, { recursive: true, force: true })
  })

  /** A process that is killed after so many writes. */
  function dying(writes: number): KeyFolder {
    const state = { left: writes }
    const write = <Result>(act: () => Result): Result => {
      if (state.left === 0) throw new Error('killed')
      state.left -= 1
      return act()
    }
    return {
      ...folder,
      create: (name, text) => write(() => folder.create(name, text)),
      replace: (name, text) => {
        write(() => {
          folder.replace(name, text)
        })
      },
    }
  }
  const orderIn = (at: KeyFolder = folder) => {
    const order = findRecordOrder(at)
    const key = order && findRecordKey(at, root, order.key)
    return { order, key }
  }

  it('is there with its order, and opens as what it was', () => {
    const made = orderRecordKey(folder, root, scheduled)
    const { order, key } = orderIn()
    expect(order).toEqual({ key: printOf(made), ...scheduled })
    expect(key && printOf(key)).toBe(printOf(made))
  })
  it('leaves the order before or the one after, wherever it is killed', () => {
    const before = printOf(orderRecordKey(folder, root, scheduled))
    for (const writes of [0, 1]) {
      expect(() => orderRecordKey(dying(writes), root, scheduled)).toThrow('killed')
      const { order, key } = orderIn()
      expect(order?.key).toBe(before)
      expect(key && printOf(key)).toBe(before)
    }
    const after = printOf(orderRecordKey(dying(2), root, scheduled))
    expect(orderIn().order?.key).toBe(after)
  })
  it('is not found under another root key, and not under another name', () => {
    const print = printOf(orderRecordKey(folder, root, scheduled))
    expect(() => findRecordKey(folder, randomBytes(32), print)).toThrow('key-missing')
    expect(findRecordKey(folder, root, '0'.repeat(16))).toBeUndefined()
  })
})

// What lies in the seat's part of the folder may lead anywhere: none of it is followed.

import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isLed, readSaid } from './hand-over-places.ts'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'wardkey-hand-over-'))
  fs.mkdirSync(join(folder, 'real'))
  fs.writeFileSync(join(folder, 'real', 'order.json'), '{"a":1}')
  fs.symlinkSync(join(folder, 'real'), join(folder, 'led'))
  fs.symlinkSync(join(folder, 'real', 'order.json'), join(folder, 'link.json'))
})
afterEach(() => {
  fs.rmSync(folder, { recursive: true })
})
const schema = z.strictObject({ a: z.number() })

describe('what is laid down', () => {
  it('is read where it is a file', async () => {
    expect(await readSaid(join(folder, 'real/order.json'), schema)).toEqual({ a: 1 })
    expect(await isLed(join(folder, 'real/order.json'))).toBe(false)
  })
  it('is not read through a link', async () => {
    expect(await readSaid(join(folder, 'link.json'), schema)).toBeUndefined()
  })
  it('is seen to lead elsewhere, itself or the folder it is in', async () => {
    expect(await isLed(join(folder, 'link.json'))).toBe(true)
    expect(await isLed(join(folder, 'led/order.json'))).toBe(true)
  })
})

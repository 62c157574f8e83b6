import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { billOfMaterials, licenceTexts } from './bill-of-materials.ts'
import type { Part } from './bill-of-materials.ts'
import { targets } from './targets.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-bill-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const part = (name: string, licence = 'MIT'): Part => ({
  ...{ name, version: '1.0.0', licence, folder },
  integrity: `sha512-${Buffer.from([1, 2, 255]).toString('base64')}`,
})
const schema = z.object({
  serialNumber: z.string(),
  components: z.array(
    z.object({
      purl: z.string(),
      hashes: z.array(z.object({ content: z.string() })),
      licenses: z.array(z.unknown()),
    }),
  ),
})
const [windows] = targets
const bill = (...parts: Part[]) => billOfMaterials('wardkey-agent', '1.2.3', windows!, parts)

describe('a bill of materials', () => {
  it('is the same for the same parts, in whatever order, and another for others', () => {
    expect(bill(part('b'), part('a'))).toBe(bill(part('a'), part('b')))
    expect(schema.parse(JSON.parse(bill(part('a')))).serialNumber).not.toBe(
      schema.parse(JSON.parse(bill(part('b')))).serialNumber,
    )
  })

  it('names Node by the pinned hash, and each part by address, hash and licence', () => {
    const { serialNumber, components } = schema.parse(
      JSON.parse(bill(part('@a/b', '(MIT OR Apache-2.0)'))),
    )
    expect(serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(components[0]?.hashes[0]?.content).toBe(windows?.nodeSha256)
    expect(components[1]).toEqual({
      purl: 'pkg:npm/%40a/b@1.0.0',
      hashes: [{ content: '0102ff' }],
      licenses: [{ expression: '(MIT OR Apache-2.0)' }],
    })
  })

  it('comes with every licence that a part brings', () => {
    writeFileSync(join(folder, 'LICENSE.md'), 'Permission is granted')
    const text = licenceTexts('Node’s own', [part('a')])
    expect(text).toContain('Node’s own')
    expect(text).toContain('a 1.0.0 (MIT)\n\nPermission is granted')
  })
})

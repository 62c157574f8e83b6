import { describe, expect, it } from 'vitest'
import { pcscLayout } from './pcsc-layout.ts'

describe('the layouts of PC/SC', () => {
  it.each([
    ['linux', 'libpcsclite.so.1', 33, true],
    ['win32', 'winscard.dll', 36, true],
    ['darwin', '/System/Library/Frameworks/PCSC.framework/PCSC', 33, false],
  ])('%s has its library and its widths', (platform, library, atrBytes, counts) => {
    expect(pcscLayout(platform)).toMatchObject({ library, atrBytes, counts })
  })

  it('is not made up for a system that nobody knows', () => {
    expect(pcscLayout('sunos')).toBeUndefined()
    expect(pcscLayout('toString')).toBeUndefined()
  })
})

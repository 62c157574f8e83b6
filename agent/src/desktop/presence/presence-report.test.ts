// Reports of somebody near, as programs write them, and everything that is none.

import { describe, expect, it } from 'vitest'
import { parsePresenceReport } from './presence-report.ts'

describe('a report of presence', () => {
  it('says near or away, and how sure it is', () => {
    expect(parsePresenceReport('{"near":true,"confidence":0.9}')).toEqual({
      near: true,
      confidence: 0.9,
    })
    expect(parsePresenceReport(' {"confidence":0,"near":false}\r')).toEqual({
      near: false,
      confidence: 0,
    })
  })

  describe('refuses', () => {
    it.each([
      ['nothing', ''],
      ['a word', 'near'],
      ['a list', '[true,0.9]'],
      ['no confidence', '{"near":true}'],
      ['a word for near', '{"near":"yes","confidence":1}'],
      ['more than sure', '{"near":true,"confidence":1.1}'],
      ['less than a guess', '{"near":true,"confidence":-0.1}'],
      ['a number that is none', '{"near":true,"confidence":1e999}'],
      ['a name in it', '{"near":true,"confidence":1,"person":"x"}'],
      ['a line too long', `{"near":true,"confidence":${'0'.repeat(120)}.9}`],
      ['half a line', '{"near":true,"conf'],
    ])('%s', (_name, line) => {
      expect(parsePresenceReport(line)).toBeUndefined()
    })
  })
})

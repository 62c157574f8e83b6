// What is said of an enrolment that was refused: always a sentence with what comes next.

import { describe, expect, it } from 'vitest'
import { enrolRefusals } from '@wardkey/protocol/refusals/fleet-refusals'
import { enrolRefusalWords } from './enrol-refusals.ts'

describe('a refused enrolment', () => {
  it.each([
    ['token-not-valid', /unknown, used up or expired[^]*wardkey-broker workstation token/],
    ['asset-tag-in-use', /in use at this moment[^]*revoke the old workstation first/],
    ['asset-tag-elsewhere', /another zone[^]*token for that zone/],
    ['enrolment-refused', /nobody decided in time/],
    ['too-many-requests', /More requests/],
    ['not-ready', /starting or stopping[^]*few seconds/],
  ])('%s is said in words, with what to do', (code, words) => {
    expect(enrolRefusalWords(code)).toMatch(words)
    expect(enrolRefusalWords(code)).toContain(`[${code}]`)
  })
  it('has words for every code that the enrolment door has of its own', () => {
    for (const [code, { sentence }] of Object.entries(enrolRefusals)) {
      expect(enrolRefusalWords(code)).toContain(sentence)
    }
  })
  it.each(['toString', '__proto__', 'some-newer-code'])('says %s as it is', (code) => {
    expect(enrolRefusalWords(code)).toContain(`refused: ${code}.`)
  })
})

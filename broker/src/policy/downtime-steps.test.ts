// What a zone may open without a broker, and that its settings never hold a key.

import { describe, expect, it } from 'vitest'
import { launchSteps } from '@wardkey/protocol/launch-steps'
import { keyNamesOf, stepsWithKeys } from './downtime-steps.ts'
import { zoneSettings } from './zone-settings.ts'

const page = {
  kind: 'open-web',
  url: 'https://chart.example/downtime',
  allowedOrigins: ['https://chart.example'],
} as const
const keyed = { ...page, key: { field: 'downtime_key', name: 'chart-4-west' } }
const value = 'K'.repeat(43)
const stepsOf = (...downtimeSteps: object[]) => zoneSettings.parse({ downtimeSteps }).downtimeSteps

describe('downtime steps', () => {
  it('name their keys, and carry them only to a workstation', () => {
    const steps = stepsOf(page, keyed, { kind: 'start-program', program: 'sheets' })
    expect(keyNamesOf(steps)).toEqual(['chart-4-west'])
    const carried = stepsWithKeys(steps, (name) => (name === 'chart-4-west' ? value : undefined))
    expect(launchSteps.parse(carried)).toEqual([
      page,
      { ...page, key: { field: 'downtime_key', value } },
      { kind: 'start-program', program: 'sheets' },
    ])
  })

  it('leave out a page whose key is not there', () => {
    expect(stepsWithKeys(stepsOf(keyed, page), () => undefined)).toEqual([page])
  })

  it.each([
    ['a sign-in', { ...page, signIn: { url: page.url, field: 'ticket', ticket: value } }],
    ['a key itself', { ...page, key: { field: 'downtime_key', value } }],
    ['a key beside its name', { ...page, key: { ...keyed.key, value } }],
    ['a name that leaves the folder', { ...page, key: { field: 'k', name: '../admin' } }],
    ['a field that is none', { ...page, key: { field: 'a b', name: 'x' } }],
    ['a script', { ...page, url: 'javascript:alert(1)' }],
    ['a command line', { kind: 'start-program', program: 'sh', args: ['-c'] }],
  ])('refuse %s', (_what, step) => {
    expect(zoneSettings.safeParse({ downtimeSteps: [step] }).success).toBe(false)
  })
})

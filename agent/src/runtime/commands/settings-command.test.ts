// What `wardkey-agent settings` says of each setting, and what it never says.

import { describe, expect, it } from 'vitest'
import { parseLayers } from '../../platform/settings.ts'
import type { ParsedSettings } from '../../platform/settings.ts'
import { settingsTable } from '../../platform/settings-table.ts'
import { exitCodes } from './exit-codes.ts'
import { settingsCommand } from './settings-command.ts'

const policy = {
  place: '/etc/wardkey/agent.d/a.yaml',
  values: { 'screen.language': 'de' },
  complaints: [],
}
const read = (given: Record<string, unknown>, environment = {}): ParsedSettings =>
  parseLayers({ policy: [policy], file: undefined, installer: undefined }, given, environment)

function said(parsed: ParsedSettings, isJson = false) {
  const answers: string[] = []
  const says: string[] = []
  const code = settingsCommand(parsed, isJson, {
    answer: (text) => answers.push(text),
    say: (text) => says.push(text),
  })
  return { code, answers, says }
}

describe('settings', () => {
  it('are all there, with where each comes from', () => {
    const { code, answers } = said(read({}, { WARDKEY_AGENT_SERVICE_DESK: '4455' }))
    expect(code).toBe(exitCodes.ok)
    expect(answers).toHaveLength(settingsTable.length)
    expect(answers).toContain('screen.language = de  (policy, locked: /etc/wardkey/agent.d/a.yaml)')
    expect(answers).toContain('serviceDesk = 4455  (environment: WARDKEY_AGENT_SERVICE_DESK)')
    expect(answers).toContain('broker.addresses = []  (default)')
    expect(answers).toContain('programs = not set  (default)')
  })
  it('say what was tried against a policy', () => {
    const { says } = said(read({ 'screen.language': 'en' }))
    expect(says.join()).toContain('what the command line says does not count')
  })
  it('are one JSON object for programs', () => {
    const { answers } = said(read({ 'log.level': 'warn' }), true)
    expect(answers).toHaveLength(1)
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({
      isValid: true,
      settings: expect.arrayContaining([
        { key: 'log.level', value: 'warn', isSet: true, from: 'command-line', place: '' },
        { key: 'programs', isSet: false, from: 'default', place: '' },
      ]) as unknown,
    })
  })
})

describe('settings never show', () => {
  const programs = { viewer: { path: '/v', arguments: ['--password', 'hunter2'] } }
  it.each([false, true])('what a program is started with (JSON: %s)', (isJson) => {
    const { answers, says } = said(read({ programs }), isJson)
    const all = [...answers, ...says].join('\n')
    expect(all).not.toContain('hunter2')
    expect(all).toMatch(isJson ? /"programs","isSet":true/ : /programs = set {2}/)
  })
  it('a value that is wrong, or a name that is not known with its value', () => {
    const { code, answers, says } = said(read({ 'log.level': 'hunter2', token: 'hunter2' }))
    expect(code).toBe(exitCodes.settings)
    expect([...answers, ...says].join()).not.toContain('hunter2')
    expect(says.join()).toContain('token: there is no such setting')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDisplay, parseSignal } from './logind-signal.ts'

const session = '/org/freedesktop/login1/session/_37'
const changed = `${session}: org.freedesktop.DBus.Properties.PropertiesChanged`

describe('a line of gdbus monitor', () => {
  it.each([
    [
      '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)',
      { event: { kind: 'sleeping' } },
    ],
    [
      '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)',
      { event: { kind: 'resumed' } },
    ],
    [
      `${changed} ('org.freedesktop.login1.Session', {'LockedHint': <true>}, @as [])`,
      { event: { kind: 'session-locked' }, sessionPath: session },
    ],
    [
      `${changed} ('org.freedesktop.login1.Session', {'LockedHint': <false>}, @as [])`,
      { event: { kind: 'session-unlocked' }, sessionPath: session },
    ],
  ])('%s is heard', (line, signal) => {
    expect(parseSignal(line)).toEqual(signal)
  })

  it.each([
    '',
    'Monitoring signals from all objects owned by org.freedesktop.login1',
    'The name org.freedesktop.login1 is owned by :1.3',
    '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (1,)',
    `${changed} ('org.freedesktop.login1.Session', {'IdleHint': <true>}, @as [])`,
    `${changed} ('org.freedesktop.login1.User', {'LockedHint': <true>}, @as [])`,
    `${session}: org.freedesktop.login1.Session.Lock ()`,
    `${changed} ('org.freedesktop.login1.Session', {'LockedHint': <true>}, ${'x'.repeat(5000)})`,
  ])('"%s" says nothing to us', (line) => {
    expect(parseSignal(line)).toBeUndefined()
  })

  it('is never a reason to throw', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        parseSignal(line)
        parseDisplay(line)
      }),
    )
  })
})

describe('the session that has the screen', () => {
  it('is the id and the path that busctl prints', () => {
    expect(parseDisplay(`{"type":"(so)","data":["7","${session}"]}`)).toEqual({
      id: '7',
      path: session,
    })
  })

  it.each(['{"type":"(so)","data":["","/"]}', '{"type":"s","data":"7"}', 'null', '{', ''])(
    'is none in %s',
    (json) => {
      expect(parseDisplay(json)).toBeUndefined()
    },
  )
})

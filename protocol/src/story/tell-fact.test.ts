// What the page tells of the record: each moment of a day in words, with who and where, and never an
// id.

import { describe, expect, it } from 'vitest'
import { FactView } from './fact-view.ts'
import { tellFact } from './tell-fact.ts'

const rosa = '018f3c1e-0000-7000-8000-000000000001'
const ben = '018f3c1e-0000-7000-8000-000000000002'
const west = '018f3c1e-0000-7000-8000-00000000000a'
const pharmacy = '018f3c1e-0000-7000-8000-00000000000b'
const names = { [rosa]: 'Rosa', [ben]: 'Ben', [west]: '4 West', [pharmacy]: 'Pharmacy' }
const atMs = new Date(2026, 10, 24, 14, 9).getTime()
const earlierMs = new Date(2026, 10, 24, 14, 2).getTime()

const tell = (code: string, fields: object = {}, more: object = {}, known: object = names) =>
  tellFact(
    new FactView({ code, atMs, person: rosa, workstation: west, fields, ...more }, { ...known }),
  )

describe('the record tells', () => {
  it.each([
    [
      'a tap',
      'TAP-001',
      { seat: 'opened' },
      { rule: 'badge-and-pin' },
      /Rosa was let in at 4 West, by badge and PIN/,
    ],
    [
      'an emergency with a witness',
      'TAP-001',
      { seat: 'opened' },
      { rule: 'emergency-with-witness' },
      /Rosa was let in at 4 West, in an emergency, and a colleague spoke for them/,
    ],
    [
      'a tap that was not hers',
      'BDG-008',
      { what: 'tap', badges: 1, sessions: 1 },
      {},
      /^Rosa said of a tap: this was not me. The badge was suspended.$/,
    ],
    [
      'badges that had been suspended before',
      'BDG-008',
      { what: 'badges', badges: 0, sessions: 0 },
      {},
      /^Rosa said of what her badges did: this was not me. No badge of hers still opened anything/,
    ],
    [
      'asking that rests',
      'SIG-102',
      { restsUntilMs: 5 },
      {},
      /^Rosa was not asked for a signature at 4 West: too many had been in vain.$/,
    ],
    [
      'a sleep',
      'WKS-007',
      { reason: 'resume' },
      {},
      /^At 4 West the computer slept and woke: PINs given before count no longer there\.$/,
    ],
    [
      'a clock that was put forward, and no sleep',
      'WKS-007',
      { reason: 'clock-ahead' },
      {},
      /^At 4 West the computer’s clock jumped ahead, as after a sleep: PINs/,
    ],
    [
      'a clock that was set back, and no sleep',
      'WKS-007',
      { reason: 'clock-jump' },
      {},
      /^At 4 West the computer’s clock was set back: PINs/,
    ],
    [
      'an agent that did not run, and no clock that was set',
      'WKS-007',
      { reason: 'stalled' },
      {},
      /^At 4 West the computer stood still for a while: PINs/,
    ],
    [
      'what was recorded before its cause was told',
      'WKS-007',
      {},
      {},
      /^At 4 West the computer slept, or its clock jumped: PINs/,
    ],
    [
      'coming back',
      'TAP-001',
      { seat: 'resumed' },
      { rule: 'badge-within-grace' },
      /Rosa came back/,
    ],
    [
      'a refusal',
      'TAP-101',
      { code: 'role-not-in-zone' },
      { rule: 'x' },
      /Rosa was refused at 4 West\. \w+/,
    ],
    [
      'a badge that was reported lost as that, and not who held it',
      'TAP-101',
      { code: 'badge-not-usable', badgeStatus: 'lost' },
      {},
      /^Rosa’s badge was refused at 4 West\. It was reported lost\.$/,
    ],
    [
      'a badge that a loaner stands in for',
      'TAP-101',
      { code: 'badge-not-usable', badgeStatus: 'resting' },
      {},
      /^Rosa’s badge was refused at 4 West\. It rests while a loaner stands in for it\.$/,
    ],
    [
      'a badge that counts no longer, recorded before its cause was',
      'TAP-101',
      { code: 'badge-not-usable' },
      {},
      /^Rosa’s badge was refused at 4 West\. The badge is suspended, lost, expired or replaced\.$/,
    ],
    ['a tap that was given up', 'TAP-102', {}, {}, /^A tap of Rosa at 4 West came to nothing\.$/],
    [
      'a wish for emergency access that was given up, by nobody whom anybody knows',
      'TAP-102',
      { purpose: 'BTG' },
      { person: undefined },
      /^The wish for emergency access at 4 West came to nothing\.$/,
    ],
    [
      'a badge of nobody',
      'TAP-101',
      { code: 'badge-unknown' },
      { person: undefined },
      /^A badge was refused/,
    ],
    [
      'a badge that speaks for nobody there',
      'BTG-102',
      {},
      { rule: 'witness-role-may' },
      /^A badge could not speak for Rosa at 4 West: the role does not speak for anybody there\.$/,
    ],
    [
      'a badge that could not speak for her, otherwise',
      'BTG-102',
      {},
      { rule: 'witness-is-another' },
      /^A badge could not speak for Rosa at 4 West\.$/,
    ],
    [
      'whose badge it was, where it is somebody’s',
      'BTG-102',
      { witness: ben },
      { rule: 'witness-role-may' },
      /^Ben’s badge could not speak for Rosa at 4 West: the role does not speak for anybody there\.$/,
    ],
    [
      'her own badge as one that cannot',
      'BTG-102',
      { witness: rosa },
      { rule: 'witness-is-another' },
      /^Rosa’s own badge could not speak for Rosa at 4 West\.$/,
    ],
    [
      'a badge of nobody whose name is known, without an id',
      'BTG-102',
      { witness: '018f3c1e-0000-7000-8000-0000000000ff' },
      { rule: 'witness-is-active' },
      /^A badge could not speak for Rosa at 4 West\.$/,
    ],
    [
      'a switch',
      'SES-003',
      { reason: 'other-badge' },
      {},
      /Rosa’s screen at 4 West locked\. A badge was tapped/,
    ],
    [
      'roaming',
      'SES-002',
      { from: west, wasOpen: true },
      { workstation: pharmacy },
      /Rosa moved from 4 West to Pharmacy; the screen at 4 West was told to lock\.$/,
    ],
    [
      'a session that came along from a screen that she had left',
      'SES-002',
      { from: west, wasOpen: false },
      { workstation: pharmacy },
      /^What waited for Rosa behind the lock screen at 4 West came along to Pharmacy\.$/,
    ],
    [
      'walking away',
      'SES-003',
      { reason: 'idle' },
      {},
      /locked\. Nobody touched it for as long as this place waits/,
    ],
    [
      'a lock of a screen that she walked away from',
      'SES-003',
      { reason: 'away' },
      {},
      /locked\. The sensor saw nobody before it/,
    ],
    [
      'a lock that could not be told when it was',
      'SES-003',
      { reason: 'tap-out', lockedMs: earlierMs },
      {},
      /had been locked since .*2:02.*\. Signed out with the badge\.$/,
    ],
    [
      'a lock that could not be told, by a clock that was ahead',
      'SES-003',
      { reason: 'tap-out', isAhead: true },
      {},
      /had been locked before it came back\. Signed out with the badge\.$/,
    ],
    [
      'a lock that was counted, as its workstation tells it',
      'SES-008',
      { reason: 'tap-out', lockedMs: earlierMs },
      {},
      /^Rosa’s screen at 4 West had been locked since .*2:02.*\. Signed out with the badge\.$/,
    ],
    [
      'a lock that was counted, by a clock that was ahead, without a time that was none',
      'SES-008',
      { reason: 'tap-out', lockedMs: atMs, isAhead: true },
      {},
      /^Rosa’s screen at 4 West had been locked before it came back\. Signed out with the badge\.$/,
    ],
    [
      'a lock from the console that did not reach its workstation',
      'SES-003',
      { reason: 'console', by: `person ${ben}`, isOutOfReach: true },
      {},
      /^Rosa’s session at 4 West was locked from the console by Ben; its workstation was out of reach/,
    ],
    [
      'a wrong lock, said by nobody whom anybody knows',
      'SES-007',
      { reason: 'idle' },
      {},
      /^At 4 West somebody said that the lock of Rosa’s screen was wrong\. Nobody touched it/,
    ],
    [
      'what the broker can only reckon',
      'SES-003',
      { reason: 'link-lost' },
      {},
      /^Rosa’s screen at 4 West was counted as locked: its workstation had no connection/,
    ],
    [
      'a lock from the console, and who ordered it',
      'SES-003',
      { reason: 'console', by: `person ${ben}` },
      {},
      /^Rosa’s screen at 4 West was locked from the console by Ben\.$/,
    ],
    [
      'a lock that a token ordered',
      'SES-003',
      { reason: 'console', by: 'token security desk' },
      {},
      /locked from the console by the security desk\.$/,
    ],
    [
      'a lock from the console by nobody whose name is known',
      'SES-003',
      { reason: 'console', by: 'person 018f3c1e-0000-7000-8000-0000000000ff' },
      {},
      /locked from the console by somebody\.$/,
    ],
    [
      'a session that its workstation came back without, and not what is on the screen now',
      'SES-003',
      { reason: 'not-on-screen' },
      {},
      /^Rosa’s session at 4 West was counted as locked: .*could not be sure what was on the screen\.$/,
    ],
    ['a wrong PIN', 'PIN-101', { failures: 1 }, {}, /Rosa did not match/],
    [
      'an emergency',
      'BTG-002',
      { reason: 'covering', identity: 'number-and-pin', untilMs: atMs, reviewDueMs: atMs },
      {},
      /Rosa at 4 West until .*14:09|0?2:09.*“I am covering for a colleague”.*staff number and PIN\. A review is due/,
    ],
    ['its witness', 'BTG-004', { witness: ben }, {}, /Ben spoke for Rosa/],
    ['its notice', 'BTG-005', { afterMs: 400 }, {}, /told, 0\.4 s after the broker knew of it/],
    [
      'its review',
      'BTG-006',
      { by: 'token privacy office', outcome: 'no-need' },
      {},
      /closed by the privacy office: there was no need/,
    ],
    [
      'its review by somebody at the console',
      'BTG-006',
      { by: `person ${ben}`, outcome: 'appropriate' },
      {},
      /closed by Ben: it was appropriate/,
    ],
    ['its end', 'BTG-003', { reason: 'emergency-over' }, {}, /ended: its time was over/],
    [
      'its end by the network that came back',
      'BTG-003',
      { reason: 'network-back' },
      {},
      /ended: the network came back, and it is asked anew\.$/,
    ],
    [
      'its end by a lock of its screen',
      'BTG-003',
      { reason: 'tap-out' },
      {},
      /ended: signed out with the badge\.$/,
    ],
    [
      'why a decision of a cut-off workstation is up for review',
      'OFF-004',
      { reasons: 'open-elsewhere pin-changed' },
      {},
      /about Rosa than the broker would have: the person was signed in at another workstation, and the PIN had been changed\. It is up/,
    ],
    [
      'a decision that is up for review, without a reason that it knows of',
      'OFF-004',
      {},
      {},
      /than the broker would have\. It is up for review\.$/,
    ],
    [
      'a connection that a newer one had followed',
      'WKS-005',
      { reason: 'replaced', ended: 'silent' },
      {},
      /^4 West is connected anew; the connection before it ended\.$/,
    ],
    ['a cut network', 'WKS-005', { reason: 'closed' }, {}, /4 West lost its connection/],
  ])('%s', (_what, code, fields, more, expected) => {
    expect(tell(code, fields, more)).toMatch(expected)
  })

  it('what was decided without the broker: when, by knowledge how old, and when it was merged', () => {
    const fields = { kind: 'decided', outcome: 'admitted', atMs: earlierMs, bundleAgeMs: 185_000 }
    const told = tell('OFF-002', fields, { rule: 'badge-and-pin' })
    expect(told).toMatch(
      /^Without the broker, at .*2:02.*: Rosa was let in at 4 West, by badge and PIN/,
    )
    expect(told).toMatch(/told 3 min before; merged at .*2:09/)
    expect(told).not.toContain('emergency')
  })

  it('what a clock says that was not the broker’s as that clock’s own, and by how much', () => {
    const at = { kind: 'decided', outcome: 'admitted', atMs: earlierMs, bundleAgeMs: 1 }
    expect(tell('OFF-002', { ...at, clockAheadMs: 600_000 })).toMatch(
      /^Without the broker, at .*2:02.* by its own clock, which was 10 min ahead when it came back:/,
    )
    expect(tell('OFF-002', { ...at, clockAheadMs: -90_000 })).toMatch(/which was 90 s behind when/)
    expect(tell('OFF-002', { ...at, isAhead: true })).toMatch(/by its own clock, which was ahead:/)
    expect(tell('OFF-002', { ...at, isAhead: false })).not.toContain('clock')
  })

  it('what it went by as old as it says, and as old as our clock makes it where that differs', () => {
    const at = { outcome: 'admitted', atMs: earlierMs, bundleSequence: 1, bundleAgeMs: 7_200_000 }
    expect(tell('OFF-002', { ...at, clockAheadMs: 3_600_000, ageByClockMs: 3_600_000 })).toMatch(
      /told 2 h before by its own clock, 60 min by the broker’s as it was when they met; merged at/,
    )
    expect(tell('OFF-002', at)).toMatch(/told 2 h before; merged at/)
  })

  it('nothing of how old where it had nothing to go by', () => {
    const at = { outcome: 'refused', atMs: earlierMs, code: 'no-answer', bundleSequence: 0 }
    const told = tell('OFF-002', { ...at, bundleAgeMs: 0 })
    expect(told).toMatch(/It had nothing that it could go by; merged at/)
    expect(told).not.toContain('before')
  })

  it('emergency access that was decided without the broker as such', () => {
    const fields = {
      outcome: 'admitted',
      atMs: earlierMs,
      bundleAgeMs: 1,
      reason: 'patient-in-danger',
    }
    expect(tell('OFF-002', fields)).toContain('emergency access (“A patient is in danger now”)')
  })

  it('a wish for emergency access that came to nothing there, and a tap that did', () => {
    const fields = { outcome: 'cancelled', atMs: earlierMs, bundleAgeMs: 1 }
    expect(tell('OFF-002', { ...fields, reason: 'covering' })).toMatch(
      /: Rosa asked for emergency access \(“I am covering for a colleague”\) at 4 West, and it came to nothing\./,
    )
    expect(tell('OFF-002', fields)).toMatch(/: a tap of Rosa at 4 West came to nothing\./)
    expect(tell('OFF-002', fields, { person: undefined })).toMatch(/: a tap at 4 West came to/)
  })

  it('a PIN that was typed there once, at its place, and one that matched not at all', () => {
    expect(tell('PIN-101', { failures: 2, isOffline: true })).toBe(
      'PINs of Rosa that did not match at 4 West without the broker were counted: 2 in a row now.',
    )
    expect(new FactView({ code: 'PIN-101', fields: { isOffline: true } }, {}).isOffline).toBe(true)
    expect(new FactView({ code: 'PIN-101', fields: {} }, {}).isOffline).toBe(false)
    expect(tell('OFF-003', { kind: 'pin-tried', outcome: 'matched' })).toBeUndefined()
  })

  it('emergency access, its witness and its end without the broker as such, in its own time', () => {
    const at = { atMs: earlierMs, journal: 'j' }
    for (const [code, fields] of [
      ['BTG-002', { ...at, reason: 'covering', identity: 'badge', untilMs: atMs }],
      ['BTG-004', { ...at, witness: ben }],
      ['BTG-003', { journal: 'j', endedMs: earlierMs, reason: 'revoked' }],
    ] as const) {
      expect(tell(code, fields), code).toMatch(
        /^Without the broker, at .*2:02.*: .*Rosa.*\. Merged at .*2:09/,
      )
    }
  })

  it('an emergency with the broker without such words', () => {
    expect(tell('BTG-004', { witness: ben })).toBe('Ben spoke for Rosa with a badge.')
    expect(tell('BTG-003', { reason: 'revoked' })).toMatch(
      /^Emergency access of Rosa at 4 West ended/,
    )
  })

  it('what is gone of a journal by the workstation’s own count, and no reason for it', () => {
    const fields = { journal: 'j', lines: 3, countedAtMs: earlierMs }
    expect(tell('OFF-102', fields)).toMatch(
      /^3 lines that 4 West wrote .* are gone from its disk, the last of .*2:02.* own clock\. It is/,
    )
    expect(tell('OFF-102', { lines: 1 })).toMatch(/^One line .* is gone from its disk\. It is up/)
    expect(tell('OFF-103', {})).toMatch(
      /^4 West has lost .* nobody can say whether some are gone\./,
    )
  })

  it('as offline what happened there, and nothing else', () => {
    const view = (code: string, fields: object) => new FactView({ code, fields }, {}).isOffline
    for (const code of ['BTG-002', 'BTG-003', 'BTG-004', 'OFF-002', 'OFF-003']) {
      expect(view(code, { journal: 'j' }), code).toBe(true)
    }
    for (const code of ['BTG-002', 'BTG-004', 'TAP-001']) expect(view(code, {}), code).toBe(false)
    for (const code of ['OFF-001', 'OFF-101', 'OFF-102', 'OFF-103', 'SES-004']) {
      expect(view(code, { journal: 'j' }), code).toBe(false)
    }
  })

  it.each([
    ['left', { kind: 'left', reason: 'tap-out' }, /Rosa’s screen at 4 West locked\. Signed out/],
    [
      'shown',
      { kind: 'launched', outcome: 'shown' },
      /Rosa’s screen at 4 West was open, with the chart or the downtime view/,
    ],
    ['not shown', { kind: 'launched', outcome: 'failed' }, /nothing could be shown/],
    [
      'a wrong PIN',
      { kind: 'pin-tried', outcome: 'wrong' },
      /^Without the broker, at .*2:02.*: a PIN of Rosa did not match at 4 West\. Merged at .*2:09/,
    ],
  ])('what else happened then: %s', (_what, fields, expected) => {
    expect(tell('OFF-003', { ...fields, atMs: earlierMs })).toMatch(expected)
  })

  it('coming back without the broker as that, and a session of it that goes on', () => {
    const fields = { outcome: 'admitted', isResumed: true, atMs: earlierMs }
    const told = tell('OFF-002', fields, { rule: 'badge-and-pin' })
    expect(told).toMatch(/^Without the broker, at .*: Rosa came back to what waited at 4 West, by/)
    expect(tell('SES-001', { journal: 'j' })).toBe(
      'Rosa’s session at 4 West, opened without the broker, goes on with it.',
    )
    expect(tell('SES-009', { journal: 'j' })).toContain('opened again without the broker')
    expect(tell('SES-001')).toBeUndefined()
  })

  it('nothing of what only programs care about', () => {
    for (const code of [
      'SSO-002',
      'PIN-001',
      'OFF-001',
      'ADM-001',
      'ZON-001',
      'WKS-006',
      'XYZ-999',
    ]) {
      expect(tell(code), code).toBeUndefined()
    }
  })

  it('an outcome or reason that it has no words for as it is, and what is not there as nobody', () => {
    expect(tell('SES-003', { reason: 'brand-new' })).toContain('brand-new')
    expect(tell('SES-003', { reason: 'constructor' })).toContain('constructor')
    expect(tell('SES-003', {}, {}, {})).toMatch(/^Somebody’s screen at a workstation locked/)
  })

  it('no id, whatever it was told', () => {
    const fields = {
      reason: 'idle',
      from: west,
      witness: ben,
      outcome: 'admitted',
      kind: 'left',
      by: `person ${ben}`,
    }
    for (const code of [
      'TAP-001',
      'SES-002',
      'SES-003',
      'BTG-002',
      'BTG-004',
      'BTG-006',
      'BTG-102',
      'ERD-002',
      'ERD-004',
      'ERD-102',
      'PER-002',
      'PER-003',
      'PIN-201',
      'OFF-002',
      'OFF-003',
    ]) {
      expect(tell(code, fields, {}, {}), code).not.toMatch(/[0-9a-f]{8}-/)
    }
  })
})

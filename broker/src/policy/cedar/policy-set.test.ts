// What the usual policies let in and refuse, what is no policy set, and that a question costs the
// same whoever asks.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compiledOf } from '../../../../test/kit/usual-house.ts'
import { zoneSettings } from '../zone-settings.ts'
import { parseQuestion, questionOf, textOfQuestion } from './policy-question.ts'
import type { QuestionFacts } from './policy-question.ts'
import { compilePolicies, policyTextMax } from './policy-set.ts'
import { usualPolicies } from './usual-policies.ts'

const usual = compiledOf(usualPolicies)
const zoneWith = (rules: object, id = '4-west') => ({
  id,
  kind: 'nurse-station',
  settings: zoneSettings.parse({ roles: ['nurse'], ...rules }),
})
const standing: QuestionFacts['standing'] = {
  ...{ term: 'within', shift: 'on', training: [], ownZones: undefined },
  needsEscort: false,
}
const facts: QuestionFacts = {
  ...{ roles: ['nurse'], standing, assurance: 1, mode: 'normal' },
  zone: zoneWith({}),
}
const ask = (change: Partial<QuestionFacts> = {}, policies = usual, who = 'rosa') =>
  policies.ask(questionOf({ ...facts, ...change }), who)
const use = (change: Partial<QuestionFacts>) => ask(change).use
const hers = (change: Partial<QuestionFacts['standing']>) => ({ ...standing, ...change })

describe('the usual policies let in', () => {
  it.each<[string, Partial<QuestionFacts>]>([
    ['a role of the zone', {}],
    ['off shift where the zone only notes it', off('note')],
    ['off shift where nothing is asked', off('no')],
    ['on call where a shift is asked', { ...off('refuse'), standing: hers({ shift: 'on-call' }) }],
    ['off shift in a code', { ...off('refuse'), mode: 'code' }],
    ['who has all trainings that are asked', trained(['bls', 'privacy'])],
    ['in her own zones', { standing: hers({ ownZones: ['lab', '4-west'] }) }],
    [
      'a role of the lockdown',
      { mode: 'lockdown', zone: zoneWith({ lockdownRoles: ['nurse', 'security'] }) },
    ],
    ['in a downtime', { mode: 'downtime' }],
  ])('%s', (_name, change) => {
    expect(use(change)).toEqual({ kind: 'permit', rule: 'role-in-zone' })
  })
})

describe('the usual policies refuse', () => {
  it.each<[string, string, Partial<QuestionFacts>]>([
    ['role-in-zone', 'role-not-in-zone', { roles: ['billing'] }],
    ['role-in-zone', 'role-not-in-zone', { roles: [] }],
    ['role-in-zone', 'role-not-in-zone', { zone: zoneWith({ roles: [] }) }],
    ['on-shift', 'off-shift', off('refuse')],
    ['on-shift', 'off-shift', { ...off('refuse'), standing: hers({ shift: 'unknown' }) }],
    ['training-current', 'training-lapsed', trained(['bls'])],
    ['training-current', 'training-lapsed', trained([])],
    ['own-zones-only', 'zone-not-hers', { standing: hers({ ownZones: ['lab'] }) }],
    ['own-zones-only', 'zone-not-hers', { standing: hers({ ownZones: [] }) }],
    ['own-zones-only', 'zone-not-hers', { standing: hers({ ownZones: ['lab'] }), mode: 'code' }],
    ['escort-with-her', 'escort-needed', { standing: hers({ needsEscort: true }) }],
    ['lockdown', 'locked-down', { mode: 'lockdown' }],
    ['lockdown', 'locked-down', { mode: 'lockdown', zone: zoneWith({ lockdownRoles: ['guard'] }) }],
    // Of several the gravest speaks.
    ['lockdown', 'locked-down', { ...off('refuse'), mode: 'lockdown' }],
    ['own-zones-only', 'zone-not-hers', { ...off('refuse'), standing: away() }],
  ])('%s: %s', (rule, code, change) => {
    expect(use(change)).toEqual({ kind: 'forbid', rule, code })
  })
  it('the badge alone off shift where the zone asks the PIN then', () => {
    expect(ask(off('pin')).badgeAlone).toMatchObject({ kind: 'forbid', rule: 'off-shift-asks-pin' })
    expect(ask(off('pin')).use.kind).toBe('permit')
    expect(ask({ zone: zoneWith({ asksShift: 'pin' }) }).badgeAlone.kind).toBe('permit')
  })
})

function off(asksShift: string): Partial<QuestionFacts> {
  return { standing: hers({ shift: 'off' }), zone: zoneWith({ asksShift }) }
}

function away() {
  return hers({ shift: 'off', ownZones: [] })
}

function trained(training: readonly string[]): Partial<QuestionFacts> {
  return {
    standing: hers({ training }),
    zone: zoneWith({ asksTraining: ['bls', 'privacy'] }),
  }
}

describe('what is no policy set', () => {
  const permit = '@id("p") permit (principal, action, resource);\n'
  it.each([
    ['a torn policy', '@id("a") permit (principal, action', /unexpected|expected/],
    ['nothing at all', '', /nobody could sign in/],
    [
      'only forbids',
      '@id("a") @refusal("off-shift") forbid (principal, action, resource);',
      /nobody/,
    ],
    ['a policy without an id', 'permit (principal, action, resource);', /needs an @id/],
    ['an id that is no name', '@id("A b") permit (principal, action, resource);', /needs an @id/],
    ['an id twice', `${permit}${permit}`, /another one has/],
    ['an annotation that means nothing', `@why("x") ${permit}`, /mean nothing: why/],
    [
      'a forbid without a refusal',
      `${permit}@id("f") forbid (principal, action, resource);`,
      /@refusal/,
    ],
    [
      'a refusal that nobody can explain',
      `${permit}@id("f") @refusal("because") forbid (principal, action, resource);`,
      /needs a @refusal/,
    ],
    [
      'a refusal that is not a policy’s',
      `${permit}@id("f") @refusal("pin-wrong") forbid (principal, action, resource);`,
      /needs a @refusal/,
    ],
    [
      'an attribute that there is not',
      '@id("a") permit (principal, action, resource) when { principal.actve };',
      /actve/,
    ],
    [
      'a word of the context that there is not',
      '@id("a") permit (principal, action, resource) when { context.isOnShift };',
      /isOnShift/,
    ],
    [
      'one workstation by its id',
      '@id("a") permit (principal, action, resource == Workstation::"x");',
      /names one workstation/,
    ],
    ['a template', '@id("a") permit (principal == ?principal, action, resource);', /templates/],
    ['too long a text', ' '.repeat(policyTextMax + 1), /longer/],
  ])('%s', (_name, text, complaint) => {
    const compiled = compilePolicies(text)
    expect(compiled.kind).toBe('invalid')
    if (compiled.kind === 'invalid') expect(compiled.complaints.join('\n')).toMatch(complaint)
  })
})

describe('the same text', () => {
  const permitOf = (id: string): string => `@id("${id}") permit (principal, action, resource);`

  it('is read once, also where it is no set', () => {
    for (const text of [permitOf('once'), 'no policy at all']) {
      expect(compilePolicies(text)).toBe(compilePolicies(text))
    }
  })
  it('is forgotten after some others, and read anew with the same answers', () => {
    const first = compilePolicies(permitOf('forgotten'))
    for (let n = 0; n < 8; n++) compilePolicies(permitOf(`other-${String(n)}`))
    const second = compilePolicies(permitOf('forgotten'))
    expect(second).not.toBe(first)
    if (first.kind !== 'compiled' || second.kind !== 'compiled') throw new Error('no set')
    expect(second.policies.id).toBe(first.policies.id)
    expect(ask({}, second.policies)).toEqual(ask({}, first.policies))
  })
  it('refuses/another text that is its neighbour', () => {
    const [one, other] = [compiledOf(permitOf('one')), compiledOf(permitOf('other'))]
    expect(ask({}, one).use).toEqual({ kind: 'permit', rule: 'one' })
    expect(ask({}, other).use).toEqual({ kind: 'permit', rule: 'other' })
  })
})

describe('an error while evaluating', () => {
  it('denies, though a permit says yes', () => {
    const overflow = compiledOf(`@id("p") permit (principal, action, resource);
      @id("f") @refusal("not-permitted") forbid (principal, action, resource)
      when { context.assurance * 9223372036854775807 > 5 };`)
    expect(ask({ assurance: 2 }, overflow).use).toEqual({
      ...{ kind: 'forbid', rule: 'policy-error', code: 'policy-failed' },
    })
  })
})

describe('who asks', () => {
  it('is told only to policies that name somebody', () => {
    const named = compiledOf(`@id("all") permit (principal, action, resource);
      @id("not-tom") @refusal("not-permitted")
      forbid (principal == Person::"tom", action, resource);`)
    expect(ask({}, named, 'rosa').use.kind).toBe('permit')
    expect(ask({}, named, 'tom').use).toMatchObject({ code: 'not-permitted', rule: 'not-tom' })
    expect(ask({}, named, 'rosa').use.kind).toBe('permit')
    // Else everybody with the same question has the same answer, worked out once.
    expect(ask({}, usual, 'tom')).toBe(ask({}, usual, 'rosa'))
  })
})

it('says by which set, and what it was asked, so that it can be asked again', () => {
  const verdict = ask(off('refuse'))
  expect(verdict.policies).toBe(usual.id)
  expect(JSON.parse(verdict.saw)).toEqual({
    roles: ['nurse'],
    shift: 'off',
    zone: { id: '4-west', kind: 'nurse-station', roles: ['nurse'], asksShift: 'refuse' },
  })
  expect(usual.ask(parseQuestion(verdict.saw), 'x')).toEqual(verdict)
})

it('reads back every question that it writes', () => {
  const word = fc.constantFrom('nurse', 'bls', 'lab', 'x-ray')
  const any = fc.record({
    roles: fc.uniqueArray(word),
    assurance: fc.integer({ min: 0, max: 5 }),
    mode: fc.constantFrom('normal' as const, 'code' as const, 'lockdown' as const),
    standing: fc.record({
      term: fc.constant('within' as const),
      shift: fc.constantFrom('on' as const, 'on-call' as const, 'off' as const, 'unknown' as const),
      training: fc.uniqueArray(word),
      ownZones: fc.option(fc.uniqueArray(word), { nil: undefined }),
      needsEscort: fc.boolean(),
    }),
    zone: fc.record({ roles: fc.uniqueArray(word), asksTraining: fc.uniqueArray(word) }),
  })
  fc.assert(
    fc.property(any, ({ zone, ...rest }) => {
      const question = questionOf({ ...rest, zone: zoneWith(zone) })
      expect(parseQuestion(textOfQuestion(question))).toEqual(question)
      const { use } = usual.ask(question, 'x')
      // Nobody without a role of the zone, and never past her own zones.
      if (use.kind === 'permit') {
        expect(question.roles.some((role) => question.zone.roles.includes(role))).toBe(true)
        expect(question.needsEscort).toBe(false)
        expect(question.zone.asksTraining.every((one) => question.training.includes(one))).toBe(
          true,
        )
      }
    }),
    { numRuns: 300 },
  )
})

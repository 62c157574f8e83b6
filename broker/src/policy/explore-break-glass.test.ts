// Every way through the questions of an emergency, from every beginning there is: none goes round in
// circles, none lets in on one weak proof or whom security keeps out, and whoever is to get in can.

import { expect, it } from 'vitest'
import { decideBreakGlass } from './decide-break-glass.ts'
import type { BreakGlassDecision, BreakGlassFacts } from './decide-break-glass.ts'
import { emergencySettings } from './emergency-settings.ts'

const statuses = ['pre-hire', 'active', 'on-leave', 'suspended', 'terminated'] as const
const terms = ['not-begun', 'within', 'over'] as const
const badges = ['active', 'suspended', 'lost', 'replaced', 'expired'] as const
const reasons = [
  { code: 'danger', label: 'A patient is in danger', asksNote: false },
  { code: 'other', label: 'Something else', asksNote: true },
]
const yesNo = [true, false]

const persons: readonly BreakGlassFacts['person'][] = [
  undefined,
  ...statuses.flatMap((status) => terms.map((term) => ({ status, term }))),
]
const ways: readonly BreakGlassFacts['by'][] = [
  { kind: 'staff-number' },
  ...badges.map((badge) => ({ kind: 'card', badge }) as const),
]
const zones = yesNo.flatMap((offered) =>
  (['when-weak', 'always'] as const).map((witness) =>
    emergencySettings.parse({ offered, witness, reasons }),
  ),
)
const choices = ['danger', 'other', 'unheard-of'].flatMap((reason) =>
  yesNo.map((hasNote) => ({ reason, hasNote })),
)

/** Nothing is proved yet. */
const beginnings: readonly BreakGlassFacts[] = zones.flatMap((settings) =>
  choices.flatMap((choice) =>
    persons.flatMap((person) =>
      ways.flatMap((by) =>
        yesNo.map((isPinAtHand) => ({
          ...{ settings, choice, person, by, isPinAtHand },
          ...{ isPinProved: false, isWitnessed: false },
        })),
      ),
    ),
  ),
)

interface End {
  readonly facts: BreakGlassFacts
  readonly decision: BreakGlassDecision
}

/** The right PIN, or so many wrong ones that none is at hand any more; a colleague's badge. */
function endsFrom(facts: BreakGlassFacts, left = 4): readonly End[] {
  const decision = decideBreakGlass(facts)
  if (decision.kind === 'allow' || decision.kind === 'refuse') return [{ facts, decision }]
  if (left === 0) throw new Error(`it goes on asking: ${JSON.stringify(facts)}`)
  if (decision.kind === 'ask-witness') {
    expect(facts.isWitnessed).toBe(false)
    return endsFrom({ ...facts, isWitnessed: true }, left - 1)
  }
  expect(facts.isPinProved).toBe(false)
  return [
    ...endsFrom({ ...facts, isPinProved: true }, left - 1),
    ...endsFrom({ ...facts, isPinAtHand: false }, left - 1),
  ]
}

const isHere = ({ person }: BreakGlassFacts): boolean =>
  person?.term === 'within' && (person.status === 'active' || person.status === 'on-leave')
const isChosen = ({ settings, choice }: BreakGlassFacts): boolean =>
  settings.offered && (choice.reason === 'danger' || (choice.reason === 'other' && choice.hasNote))

it('ends from every beginning, and lets in only whom it may, on proofs that suffice', () => {
  let allowed = 0
  for (const { facts, decision } of beginnings.flatMap((one) => endsFrom(one))) {
    if (decision.kind !== 'allow') continue
    allowed += 1
    const { by, isPinProved, isWitnessed, settings } = facts
    const badge = by.kind === 'card' ? by.badge : undefined
    const isGood = badge === 'active' && isPinProved
    const isWeak = badge === 'active' || isPinProved
    const isSure = isGood && settings.witness === 'when-weak' && facts.person?.status === 'active'
    const flaws = [
      isHere(facts) ? '' : 'not here',
      isChosen(facts) ? '' : 'without a reason',
      badge === undefined || badge === 'active' || badge === 'suspended' ? '' : 'by no badge',
      isWeak ? '' : 'without a proof',
      isSure || isWitnessed ? '' : 'without a colleague',
      decision.amr.includes('pin') === isPinProved ? '' : 'says of a PIN what was not',
      decision.identity === identityOf(badge, isPinProved) ? '' : 'says another proof',
    ].filter((flaw) => flaw !== '')
    if (flaws.length > 0) expect(flaws, JSON.stringify(facts)).toEqual([])
  }
  expect(beginnings.length).toBeGreaterThan(4000)
  expect(allowed).toBeGreaterThan(40)
})

function identityOf(badge: string | undefined, isPinProved: boolean): string {
  if (badge === undefined) return 'number-and-pin'
  return isPinProved ? 'badge-and-pin' : 'badge'
}

it('leaves a way in for everybody who is here, with a good badge or a PIN', () => {
  for (const facts of beginnings.filter((one) => isHere(one) && isChosen(one))) {
    const { by, isPinAtHand } = facts
    const isGood = by.kind === 'card' && by.badge === 'active'
    const isMeant = by.kind === 'staff-number' || by.badge === 'suspended'
    if (!isGood && !(isMeant && isPinAtHand)) continue
    const ways = endsFrom(facts).map(({ decision }) => decision.kind)
    if (!ways.includes('allow')) expect(ways, JSON.stringify(facts)).toContain('allow')
  }
})

it('tells nobody who tries out numbers which of them are people, before the PIN', () => {
  const byNumber = beginnings.filter(({ by }) => by.kind === 'staff-number')
  for (const facts of byNumber) {
    const ofNobody = decideBreakGlass({ ...facts, person: undefined })
    const decision = decideBreakGlass(facts)
    if (JSON.stringify(decision) !== JSON.stringify(ofNobody)) {
      expect(decision, JSON.stringify(facts)).toEqual(ofNobody)
    }
  }
})

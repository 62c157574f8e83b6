// A badge on the rack says what became of it, and shows no PIN that its owner has changed.

import { describe, expect, it } from 'vitest'
import { rackMarks } from './rack-marks.ts'

const rosa = 'rosa-id'
const fact = (code: string, fields: object, badge = 'hers', person = rosa) => ({
  fact: { code, person, badge, fields },
})
const given = [
  fact('BDG-001', { by: 'token hr-desk' }),
  fact('PIN-201', { by: 'token badge-office' }),
]
const markOf = (...facts: ReturnType<typeof fact>[]) => rackMarks([...given, ...facts]).get(rosa)

describe('a badge on the rack', () => {
  it('is as it was given out', () => {
    expect(markOf()).toMatchObject({ badge: 'active', isPinOwn: false })
    expect(rackMarks([]).get(rosa)).toBeUndefined()
  })
  it('has another PIN than the one that was given out, once she changed it', () => {
    const changed = fact('PIN-201', { by: 'errand 1' })
    expect(markOf(changed)).toMatchObject({ isPinOwn: true })
    const witnessed = fact('PIN-201', { by: 'person ben-id' })
    expect(markOf(witnessed)).toMatchObject({ isPinOwn: true })
    // The badge office gives the next one: that is on it again.
    expect(markOf(changed, fact('PIN-201', { by: 'token badge-office' }))).toMatchObject({
      isPinOwn: false,
    })
  })
  it.each(['lost', 'suspended', 'expired'] as const)('is %s where the record says so', (status) => {
    expect(markOf(fact('BDG-002', { status }))).toMatchObject({ badge: status })
    expect(markOf(fact('BDG-002', { status }), fact('BDG-003', {}))).toMatchObject({
      badge: 'active',
    })
  })
  it('rests while a loaner stands in, and is not told as suspended', () => {
    const rests = fact('BDG-002', { status: 'suspended', isResting: true })
    expect(markOf(rests)).toMatchObject({ badge: 'resting' })
    expect(markOf(rests, fact('BDG-003', {}))).toMatchObject({ badge: 'active' })
    expect(markOf(rests, fact('BDG-002', { status: 'lost' }))).toMatchObject({ badge: 'lost' })
  })
  it('is not what another badge is, nor another’s, nor what it was before a new one', () => {
    const lost = { status: 'lost' }
    expect(markOf(fact('BDG-002', lost, 'loaner'))).toMatchObject({ badge: 'active' })
    expect(markOf(fact('BDG-002', lost, 'hers', 'ben'))).toMatchObject({ badge: 'active' })
    const next = fact('BDG-001', { by: 'token hr-desk' }, 'next')
    expect(markOf(fact('BDG-002', lost), next)).toMatchObject({ badge: 'active' })
    // One that she enrolled at a workstation is not on the rack.
    const own = fact('BDG-001', { by: 'person ben-id' }, 'own')
    expect(markOf(own, fact('BDG-002', lost, 'own'))).toMatchObject({ badge: 'active' })
  })
})

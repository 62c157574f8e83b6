import { describe, expect, it } from 'vitest'
import { zoneSettings } from '../../policy/zone-settings.ts'
import { reportOf } from './badge-report.ts'

const badge = (person: string, technology: string, assurance: number, ...roles: string[]) => ({
  person,
  technology,
  assurance,
  roles,
})
const zone = (id: string, change: object) => ({ id, settings: zoneSettings.parse(change) })

describe('the report of badges that can be copied', () => {
  const report = reportOf(
    [
      badge('anna', 'csn', 1, 'nurse'),
      badge('anna', 'desfire-ev2-aes', 4, 'nurse'),
      badge('ben', 'csn', 1, 'nurse', 'charge-nurse'),
      badge('carla', 'desfire-ev2-aes', 4, 'physician'),
      badge('dora', 'magstripe', 0, 'billing'),
      badge('eva', 'prox-125khz', 1),
    ],
    [
      zone('ward', { roles: ['nurse', 'physician'] }),
      zone('pharmacy', { roles: ['nurse'], pin: 'each-tap' }),
      zone('desk', { roles: ['billing'], badgeAloneAssurance: 3 }),
      zone('kiosk', { roles: ['billing'], pin: 'never' }),
    ],
    7,
  )

  it('counts badges and people, each once', () => {
    expect(report).toMatchObject({ atMs: 7, badges: 6, cloneable: 4 })
    expect(report.technologies.map((one) => [one.technology, one.badges, one.isCloneable])).toEqual(
      [
        ['magstripe', 1, true],
        ['csn', 2, true],
        ['prox-125khz', 1, true],
        ['desfire-ev2-aes', 2, false],
      ],
    )
    expect(report.roles).toContainEqual({ role: 'nurse', people: 2, cloneable: 2 })
    expect(report.roles).toContainEqual({ role: 'physician', people: 1, cloneable: 0 })
  })
  it('says where a copied badge alone opens something', () => {
    expect(report.zones).toEqual([
      { zoneId: 'ward', isBadgeAloneEnough: true, people: 3, cloneable: 2 },
      { zoneId: 'pharmacy', isBadgeAloneEnough: false, people: 2, cloneable: 2 },
      { zoneId: 'desk', isBadgeAloneEnough: false, people: 1, cloneable: 1 },
      { zoneId: 'kiosk', isBadgeAloneEnough: true, people: 1, cloneable: 1 },
    ])
  })
  it('plans those places first, and then the weakest badges', () => {
    expect(report.plan).toEqual([
      { what: 'ask-pin', zoneId: 'ward', people: 2 },
      { what: 'ask-pin', zoneId: 'kiosk', people: 1 },
      { what: 'replace', technology: 'magstripe', role: 'billing', badges: 1 },
      { what: 'replace', technology: 'csn', role: 'nurse', badges: 2 },
      { what: 'replace', technology: 'csn', role: 'charge-nurse', badges: 1 },
      { what: 'replace', technology: 'prox-125khz', role: '(no role)', badges: 1 },
    ])
  })
  it('plans nothing where every badge proves a key', () => {
    const good = [badge('carla', 'desfire-ev2-aes', 4, 'physician')]
    expect(reportOf(good, [zone('ward', { roles: ['physician'] })], 7).plan).toEqual([])
  })
  it('names nobody', () => {
    expect(JSON.stringify(report)).not.toMatch(/anna|ben"|carla|dora|eva/)
  })
})

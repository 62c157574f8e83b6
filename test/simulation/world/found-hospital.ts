// Founds the simulated hospital: zones, workstations and people, by the product's own flows. Ids
// and PINs come from the seed.

import { addPerson } from '@wardkey/broker/flows/add-person'
import { enrolBadge } from '@wardkey/broker/flows/enrol-badge'
import { setPin } from '@wardkey/broker/flows/set-pin'
import { pinFlaw } from '@wardkey/protocol/workstation/pin-rules'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import type { Card } from '@wardkey/agent/machine/state'
import type { BrokerProcess } from './broker-process.ts'
import type { MemoryDisk } from './memory-store.ts'
import type { Member } from './people.ts'
import type { Random } from './seeded.ts'

const enrolledBeforeMs = 1_000_000_000
const everMs = 4_000_000_000_000

/**
 * Every third workstation is in the pharmacy, which asks for the PIN at each tap, and whoever works
 * there before she is displaced.
 */
export function foundPlaces(
  disk: MemoryDisk,
  workstationIds: readonly string[],
  random: Random,
  { offlineMaxMs, dayOneMs }: { readonly offlineMaxMs: number; readonly dayOneMs: number },
): void {
  const roles = ['nurse', 'pharmacist']
  const ward = zoneSettings.parse({
    roles,
    idleMs: random.pick([30_000, 60_000, 120_000]),
    fadeMs: random.pick([5000, 10_000]),
    staleMs: random.pick([20_000, 60_000]),
    graceRollingMs: 15 * 60_000,
    lockedMaxMs: 8 * 60_000,
    emergency: { lastsMs: random.pick([1, 2, 30]) * 60_000 },
    offlineMaxMs,
    downtimeSteps: [
      {
        kind: 'open-web',
        url: 'https://ehr.example/downtime',
        allowedOrigins: ['https://ehr.example'],
      },
    ],
  })
  const pharmacy = zoneSettings.parse({
    ...ward,
    pin: 'each-tap',
    idleMs: 45_000,
    takeOver: 'ask-first',
    emergency: { ...ward.emergency, witness: 'always' },
  })
  const zone = disk.statement(
    'insert into zone (id, kind, label, settings, version) values (?, ?, ?, ?, 1)',
  )
  zone.run('ward', 'nurse-station', 'Ward', JSON.stringify(ward))
  zone.run('pharmacy', 'pharmacy', 'Pharmacy', JSON.stringify(pharmacy))
  const workstation = disk.statement(
    'insert into workstation (id, place, zone_id, cert_sha256, cert_not_after_ms, status, ' +
      'trusted_since_ms, failures, locked_until_ms, enrolled_ms, version) ' +
      "values (?, ?, ?, ?, ?, 'active', 0, 0, 0, ?, 1)",
  )
  workstationIds.forEach((id, index) => {
    const zoneId = index % 3 === 2 ? 'pharmacy' : 'ward'
    workstation.run(id, `Place ${String(index)}`, zoneId, id, everMs, dayOneMs - enrolledBeforeMs)
  })
}

export async function foundPeople(
  count: number,
  broker: BrokerProcess,
  random: Random,
): Promise<readonly Member[]> {
  const members: Member[] = []
  for (let n = 0; n < count; n++) members.push(await foundMember(n, broker, random))
  return members
}

async function foundMember(n: number, { needs }: BrokerProcess, random: Random): Promise<Member> {
  const by = 'hospital'
  const roles = n % 5 === 4 ? ['pharmacist'] : ['nurse', 'pharmacist']
  const name = { given: 'Nurse', family: `Number${String(n)}` }
  const staffNumber = `N${String(1000 + n)}`
  const added = await needs.perform(() => addPerson({ name, roles, staffNumber, by }, needs))
  if (added.answer.kind !== 'added') throw new Error('a person is not added')
  const { personId } = added.answer
  const canonical = `04${n.toString(16).padStart(12, '0')}`
  const card: Card = { technology: 'csn', canonical }
  const enrolled = await needs.perform(() => enrolBadge({ personId, card, by }, needs))
  if (enrolled.answer.kind !== 'enrolled') throw new Error('a badge is not enrolled')
  const pin = somePin(random)
  const set = await setPin({ personId, pin, by }, needs)
  if (set.answer.kind !== 'set') throw new Error(`a PIN is refused: ${set.answer.code}`)
  return { personId, badgeId: enrolled.answer.badgeId, card, pin, staffNumber }
}

function somePin(random: Random): string {
  for (;;) {
    const pin = Array.from({ length: 8 }, () => String(random.int(0, 9))).join('')
    const isPalindrome = pin === pin.split('').toReversed().join('')
    if (!isPalindrome && pinFlaw(pin, 8, 12, []) === undefined) return pin
  }
}

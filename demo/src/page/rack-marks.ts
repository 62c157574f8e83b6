// What has become of the badges on the rack, read from the record: a badge that was reported lost,
// and a PIN that its owner chose at a workstation, which nobody but she knows. Pure.

import type { Entry } from './verify-record.ts'

export interface RackMark {
  /** The badge that HR gave her last, as the broker has it. */
  readonly badge: 'active' | 'suspended' | 'resting' | 'lost' | 'replaced' | 'expired'
  /** Not the one that the badge office handed out. */
  readonly isPinOwn: boolean
}

type Marks = ReadonlyMap<string, RackMark>
interface Known extends RackMark {
  readonly badgeId: string
}

const nothingYet: Known = { badge: 'active', isPinOwn: false, badgeId: '' }
const over = ['suspended', 'lost', 'replaced', 'expired'] as const

/** By person. */
export function rackMarks(entries: readonly Pick<Entry, 'fact'>[]): Marks {
  const marks = new Map<string, Known>()
  for (const { fact } of entries) {
    const { person } = fact
    if (typeof person !== 'string') continue
    const was = marks.get(person) ?? nothingYet
    const now = after(was, fact)
    if (now !== was) marks.set(person, now)
  }
  return marks
}

function after(was: Known, fact: Entry['fact']): Known {
  const { code, badge, fields } = fact
  const said = (name: string): unknown =>
    typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined
  const by = said('by')
  // HR's and the badge office's are done with tokens; what people do at a workstation is not.
  const isOffice = typeof by === 'string' && by.startsWith('token ')
  switch (code) {
    case 'BDG-001':
      return isOffice && typeof badge === 'string'
        ? { ...was, badge: 'active', badgeId: badge }
        : was
    case 'BDG-002': {
      const status = over.find((one) => one === said('status'))
      if (badge !== was.badgeId || !status) return was
      return { ...was, badge: said('isResting') === true ? 'resting' : status }
    }
    case 'BDG-003':
      return badge === was.badgeId ? { ...was, badge: 'active' } : was
    case 'PIN-201':
      return { ...was, isPinOwn: !isOffice }
    default:
      return was
  }
}

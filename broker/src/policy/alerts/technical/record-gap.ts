// A number of the record is missing between two facts, or a workstation's journal does not follow
// from what came before it, or is not all there. Pure.

import { sightingOf } from '../alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from '../alert-fact.ts'

const journalCodes: ReadonlySet<string> = new Set(['OFF-101', 'OFF-102', 'OFF-103'])

export class RecordGap implements AlertRule {
  readonly name = 'record-gap'

  take(fact: AlertFact): readonly Sighting[] {
    const { code, workstation, zone } = fact
    if (!journalCodes.has(code) || workstation === undefined) return []
    const about = { subject: `workstation ${workstation}`, people: [], workstation, zone }
    return [sightingOf(this.name, about, [fact])]
  }

  /** `after`: the fact that comes after what is missing. */
  missing(after: { readonly index: number; readonly atMs: number }): Sighting {
    return sightingOf(this.name, { subject: 'record', people: [] }, [after])
  }
}

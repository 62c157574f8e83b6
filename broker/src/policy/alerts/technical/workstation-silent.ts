// A workstation's connection ends while somebody's session is open on it, and does not come back: a
// machine that was switched off in the evening is no alert. One alert for each zone. Pure.

import { sightingOf } from '../alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from '../alert-fact.ts'
import type { AlertLimits } from '../alert-limits.ts'
import { KeptByKey, keysMax } from '../kept-by-key.ts'

const opening: ReadonlySet<string> = new Set(['TAP-001', 'SES-001', 'SES-002', 'SES-009'])
const closing: ReadonlySet<string> = new Set(['SES-003', 'SES-004'])
const returning: ReadonlySet<string> = new Set(['WKS-001', 'WKS-003', 'WKS-004'])
const goneMax = 20_000

export class WorkstationSilent implements AlertRule {
  readonly name = 'workstation-silent'
  readonly #limits: Pick<AlertLimits, 'silentMs'>
  readonly #zones = new KeptByKey<string>(keysMax)
  /** Where somebody's session is open: which one. */
  readonly #open = new KeptByKey<true>(keysMax)
  /** Since when it is gone, in that order. */
  readonly #gone = new Map<string, AlertFact>()

  constructor(limits: Pick<AlertLimits, 'silentMs'>) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    const { code, workstation, zone, fields } = fact
    if (workstation === undefined) return []
    if (zone !== undefined) this.#zones.set(workstation, zone)
    if (code === 'SES-002' && typeof fields['from'] === 'string') this.#open.delete(fields['from'])
    if (opening.has(code)) this.#open.set(workstation, true)
    if (closing.has(code)) this.#open.delete(workstation)
    if (returning.has(code)) this.#gone.delete(workstation)
    // By our own stop it says nothing of the workstation.
    const isOurs = ['stopping', 'replaced', 'revoked'].includes(String(fields['reason']))
    if (code === 'WKS-005' && !isOurs && this.#open.get(workstation) && this.#gone.size < goneMax) {
      this.#gone.delete(workstation)
      this.#gone.set(workstation, fact)
    }
    return []
  }

  pass(nowMs: number): readonly Sighting[] {
    const sightings: Sighting[] = []
    for (const [workstation, fact] of this.#gone) {
      if (nowMs - fact.recordedMs <= this.#limits.silentMs) break
      this.#gone.delete(workstation)
      const zone = this.#zones.get(workstation)
      const subject = zone === undefined ? `workstation ${workstation}` : `zone ${zone}`
      sightings.push(sightingOf(this.name, { subject, people: [], workstation, zone }, [fact]))
    }
    return sightings
  }
}

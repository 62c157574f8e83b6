// Opens the desk that reads the record for the rules of alerts: once a second, beside everything
// else.

import { randomUUID } from 'node:crypto'
import type { Base, Core } from '../broker-core.ts'
import { AlertDesk } from '../flows/alerts/alert-desk.ts'
import { every } from '../platform/every.ts'
import type { alertSchemas } from '../platform/setting-rows/alert-schemas.ts'
import type { Settings } from '../platform/settings.ts'
import type { AlertLimits } from '../policy/alerts/alert-limits.ts'

const lookMs = 1000

export function openAlerts({ settings, shutdown, log }: Base, core: Core): void {
  const desk = new AlertDesk({
    ...core,
    me: randomUUID(),
    limits: limitsOf(settings),
    off: new Set(settings['alerts.off']),
    told: new Set(settings['alerts.told']),
    onRaised: core.notices.wakeCompliance,
  })
  shutdown.add(
    'chores',
    every(lookMs, 'alerts.round-failed', () => desk.look(), log),
  )
}

type AlertSettings = Pick<Settings, keyof typeof alertSchemas>

export const limitsOf = (settings: AlertSettings): AlertLimits => ({
  offShiftMarginMs: settings['alerts.offShiftMarginMs'],
  refusals: settings['alerts.refusals'],
  unknownCards: settings['alerts.unknownCards'],
  refusalsMs: settings['alerts.refusalsMs'],
  twoPlacesMs: settings['alerts.twoPlacesMs'],
  nearZones: settings['alerts.nearZones'],
  doorMs: settings['alerts.doorMs'],
  swaps: settings['alerts.swaps'],
  swapMs: settings['alerts.swapMs'],
  cloneMs: settings['alerts.cloneMs'],
  emergencies: settings['alerts.emergencies'],
  emergenciesMs: settings['alerts.emergenciesMs'],
  zoneEmergencies: settings['alerts.zoneEmergencies'],
  zoneEmergenciesMs: settings['alerts.zoneEmergenciesMs'],
  checkpointLateMs: settings['alerts.checkpointLateMs'],
  silentMs: settings['alerts.silentMs'],
})

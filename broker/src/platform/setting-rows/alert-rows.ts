// The settings of alerts for people: from when on each rule speaks, and who hears of it.

import { row } from './setting-row.ts'
import type { SettingRow } from './setting-row.ts'

const ms = (key: Parameters<typeof row>[0], usual: string, sentence: string): SettingRow =>
  row(key, 'milliseconds', usual, sentence)
const number = (key: Parameters<typeof row>[0], usual: string, sentence: string): SettingRow =>
  row(key, 'number', usual, sentence)

export const alertRows: readonly SettingRow[] = [
  row(
    'alerts.off',
    'list of rules',
    '(none)',
    'Rules of alerts that are switched off, by the names of docs/alerts.md.',
  ),
  row(
    'alerts.told',
    'list of rules',
    '(all)',
    'Rules of whose alerts compliance is told at once, by compliance.webhookUrl and mailTo.',
  ),
  ms(
    'alerts.offShiftMarginMs',
    '5400000',
    'Off shift is not off shift so long before and after being at work.',
  ),
  number('alerts.refusals', '6', 'So many refusals of one person within refusalsMs are an alert.'),
  number(
    'alerts.unknownCards',
    '10',
    'So many unknown cards at one workstation within refusalsMs are an alert.',
  ),
  ms('alerts.refusalsMs', '600000', 'How long refusals are counted together.'),
  ms(
    'alerts.twoPlacesMs',
    '10000',
    'Signs of one person in two zones within this are an alert: less than the shortest way takes.',
  ),
  row(
    'alerts.nearZones',
    'list of zone+zone',
    '(none)',
    'Zones that are next to each other, as pairs: who is seen in both at once is no alert.',
  ),
  ms('alerts.doorMs', '50400000', 'How long a door’s word of somebody is good for.'),
  number('alerts.swaps', '6', 'So many turns of two badges at one workstation are an alert.'),
  ms('alerts.swapMs', '30000', 'A turn counts that comes this soon after the one before.'),
  ms('alerts.cloneMs', '1500', 'One badge at two readers within this is an alert.'),
  number(
    'alerts.emergencies',
    '3',
    'So many emergency accesses of one person within emergenciesMs are an alert.',
  ),
  ms('alerts.emergenciesMs', '86400000', 'How long those of one person are counted together.'),
  number(
    'alerts.zoneEmergencies',
    '8',
    'So many emergency accesses in one zone within zoneEmergenciesMs are an alert.',
  ),
  ms('alerts.zoneEmergenciesMs', '3600000', 'How long those of one zone are counted together.'),
  ms(
    'alerts.checkpointLateMs',
    '60000',
    'A fact that waits this long for a signed checkpoint is an alert.',
  ),
  ms(
    'alerts.silentMs',
    '900000',
    'A workstation that went silent with a session open and stays so for this long is an alert.',
  ),
]

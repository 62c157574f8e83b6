// One zone: how it is run, how many of its workstations are what, and the workstations themselves.

import type { HouseNow } from '@wardkey/protocol/console/house'
import { lockScreens } from '../../api/acts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { counted } from '../../parts/names.ts'
import { useSession } from '../../parts/shell/session.tsx'
import { openScreens } from './house-view.ts'
import { WorkstationTile } from './workstation-tile.tsx'

type Zone = HouseNow['zones'][number]

interface Props {
  readonly zone: Zone
  /** With what the filter left out: a lock is for all of them. */
  readonly whole: Zone
  readonly atMs: number
  readonly openId: string | undefined
}

export function ZoneBlock({ zone, whole, atMs, openId }: Props) {
  const { can } = useSession()
  const open = openScreens(whole.workstations)
  const shown = zone.workstations.length
  const all = whole.workstations.length
  return (
    <section className="wk-zone" aria-label={zone.label}>
      <header>
        <h2>{zone.label}</h2>
        <span className="wk-quiet">
          {zone.kind.replaceAll('-', ' ')} ·{' '}
          {shown === all ? counted(all, 'workstation') : `${String(shown)} of ${String(all)}`},{' '}
          {open} open
        </span>
        {zone.mode !== 'normal' && <strong className="wk-mode">Mode: {zone.mode}</strong>}
        {can('house:lock') && (
          <ActButton
            isSmall
            disabled={open === 0}
            label={`Lock ${counted(open, 'workstation')}`}
            question={`Lock ${counted(open, 'workstation')} in ${zone.label}?`}
            act={(pass) => lockScreens({ what: 'zone', zoneId: zone.zoneId }, pass)}
            said={({ screens }) => `${counted(screens, 'screen')} told to lock`}
          >
            <p>
              Every screen that is open there locks at once. Sessions stay: whoever was working taps
              again and goes on where she was.
            </p>
          </ActButton>
        )}
      </header>
      <ul className="wk-tiles">
        {zone.workstations.map((one) => (
          <li key={one.workstationId}>
            <WorkstationTile workstation={one} atMs={atMs} isOpen={one.workstationId === openId} />
          </li>
        ))}
      </ul>
    </section>
  )
}

// Is it slow, and where? Each stage from tap to chart, by ward and by release, and what an update
// made slower, in words. Tabs of it have the locks that were wrong, by zone, and the figures of the
// house by month.

import { useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { SpeedShown } from '@wardkey/protocol/admin/speed/speed'
import { speedQuery } from '../../api/speed-query.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { TimePicker } from '../../parts/time/time-picker.tsx'
import { parseRange } from '../../parts/time/time-range.ts'
import { FiguresView } from './figures-view.tsx'
import { LocksView } from './locks-view.tsx'
import { ReleaseTable } from './release-table.tsx'
import { percentiles } from './speed-words.ts'
import type { Percentile } from './speed-words.ts'
import { WardPanel } from './ward-panel.tsx'
import { WardTable } from './ward-table.tsx'
import './speed.css'

const usual = '-7d'

export function SpeedPage() {
  return (
    <Allowed page="/speed">
      <Views />
    </Allowed>
  )
}

function Views() {
  const [{ show }] = useAddress()
  const { can } = useSession()
  if (show === 'locks') {
    return (
      <LocksView>
        <By value="locks" />
      </LocksView>
    )
  }
  if (show !== 'figures' || !can('figures:read')) return <Speed />
  return (
    <FiguresView>
      <By value="figures" />
    </FiguresView>
  )
}

function By({ value }: { readonly value: 'wards' | 'releases' | 'locks' | 'figures' }) {
  const { can } = useSession()
  const figures = can('figures:read') ? [['figures', 'Figures of the house'] as const] : []
  return (
    <Tabs
      label="By what"
      value={value}
      tabs={[
        ['wards', 'By ward'],
        ['releases', 'By release'],
        ['locks', 'Wrong locks'],
        ...figures,
      ]}
    />
  )
}

function Speed() {
  const [address, setAddress] = useAddress()
  const [nowMs] = useState(() => Date.now())
  const { from = usual, to, show } = address
  const range = useMemo(() => parseRange({ from, to }, nowMs), [from, to, nowMs])
  const query = useQuery(speedQuery(range))
  const which: Percentile = percentiles.find((one) => one === address['of']) ?? 'p95'
  const isByRelease = show === 'releases'
  return (
    <>
      <PageTitle question="Is it slow, and where?">
        {query.data && <Said speed={query.data} />}
      </PageTitle>
      <div className="wk-bar">
        <By value={isByRelease ? 'releases' : 'wards'} />
        <TimePicker usual={usual} />
        {!isByRelease && (
          <label className="wk-field">
            <span>Milliseconds</span>
            <select
              value={which}
              onChange={({ target }) => {
                setAddress({ of: target.value === 'p95' ? undefined : target.value })
              }}
            >
              <option value="p50">p50: half of the taps within</option>
              <option value="p95">p95: 95 of 100 within</option>
              <option value="p99">p99: 99 of 100 within</option>
            </select>
          </label>
        )}
      </div>
      <Answer query={query}>
        {(speed) =>
          isByRelease ? <ReleaseTable speed={speed} /> : <WardTable speed={speed} which={which} />
        }
      </Answer>
      {query.data && address['open'] !== undefined && !isByRelease && (
        <WardPanel key={address['open']} speed={query.data} zoneId={address['open']} />
      )}
    </>
  )
}

/** The answer above the fold: what an update made slower, or that none did. */
function Said({ speed: { slower, byZone } }: { readonly speed: SpeedShown }) {
  if (byZone.length === 0) return null
  if (slower.length === 0) return <p>No release is slower than the one before it.</p>
  return (
    <ul className="wk-slower">
      {slower.map(({ says }) => (
        <li key={says} className="wk-bad">
          {says}
        </li>
      ))}
    </ul>
  )
}

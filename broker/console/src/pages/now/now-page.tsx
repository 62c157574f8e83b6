// Who is on the floor? The house as it is now, by zone, asked for again every five seconds.

import { useDeferredValue, useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { HouseNow } from '@wardkey/protocol/console/house'
import { houseQuery } from '../../api/queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { Freshness } from './freshness.tsx'
import {
  workstationsOf,
  countStates,
  filterHouse,
  houseSentence,
  parseStateFilter,
  stateFilters,
} from './house-view.ts'
import './now.css'
import { WorkstationPanel } from './workstation-panel.tsx'
import { ZoneBlock } from './zone-block.tsx'

export function NowPage() {
  return (
    <Allowed page="/">
      <Now />
    </Allowed>
  )
}

function Now() {
  const query = useQuery(houseQuery)
  const { data, dataUpdatedAt, errorUpdatedAt } = query
  return (
    <>
      <PageTitle question="Who is on the floor?">
        {data && <p className="wk-now-sentence">{houseSentence(data)}</p>}
        {data && (
          <Freshness
            atMs={dataUpdatedAt}
            failedMs={errorUpdatedAt}
            onRetry={() => void query.refetch()}
          />
        )}
      </PageTitle>
      {data ? <House house={data} /> : <Answer query={query}>{() => null}</Answer>}
    </>
  )
}

function House({ house }: { readonly house: HouseNow }) {
  const [address] = useAddress()
  const filter = parseStateFilter(address['state'])
  const text = useDeferredValue(address['q'] ?? '')
  const zones = useMemo(() => filterHouse(house, filter, text), [house, filter, text])
  const open = workstationsOf(house).find(({ workstationId }) => workstationId === address['open'])
  const zone = house.zones.find(({ workstations }) => open && workstations.includes(open))
  return (
    <>
      <Filters house={house} />
      {zones.length === 0 && (
        <p className="wk-empty">
          No workstation is like that now. A person is found here only while a session of hers is
          open or waits somewhere.
        </p>
      )}
      {zones.map((one) => (
        <ZoneBlock
          key={one.zoneId}
          zone={one}
          whole={house.zones.find(({ zoneId }) => zoneId === one.zoneId) ?? one}
          atMs={house.atMs}
          openId={open?.workstationId}
        />
      ))}
      {open && zone && <WorkstationPanel workstation={open} zone={zone} atMs={house.atMs} />}
    </>
  )
}

function Filters({ house }: { readonly house: HouseNow }) {
  const [address, setAddress] = useAddress()
  const filter = parseStateFilter(address['state'])
  const counts = countStates(house)
  return (
    <div className="wk-bar" role="search">
      <label className="wk-field wk-now-find">
        <span>Find a person, a place or a zone</span>
        <input
          type="search"
          value={address['q'] ?? ''}
          onChange={({ target }) => {
            setAddress({ q: target.value }, { replace: true })
          }}
        />
      </label>
      <div className="wk-tabs" role="group" aria-label="By state">
        {stateFilters.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === filter}
            onClick={() => {
              setAddress({ state: value === 'all' ? undefined : value }, { replace: true })
            }}
          >
            {label} <span className="wk-quiet">{counts[value]}</span>
          </button>
        ))}
      </div>
    </div>
  )
}

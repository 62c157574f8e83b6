// The zones with their rules, and the modes that hold for a while.

import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ZoneShown } from '@wardkey/protocol/admin/workstations'
import { modesQuery, zonesQuery } from '../../api/settings-queries.ts'
import { Doer } from '../../parts/doer.tsx'
import { Facts } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { ruleName, ruleText } from './zone-rule-words.ts'

export function Modes() {
  const { data } = useQuery(modesQuery)
  return (
    <ul className="wk-modes">
      {data?.modes.map(({ place, mode, sinceMs, untilMs, by }) => (
        <li key={place}>
          <strong>{place === '*' ? 'The whole house' : place}</strong> is in mode{' '}
          <strong>{mode}</strong> since <Stamp ms={sinceMs} form="minute" />, by <Doer by={by} />;
          it ends by itself at <Stamp ms={untilMs} form="minute" />.
        </li>
      ))}
    </ul>
  )
}

export function Zones() {
  const query = useQuery(zonesQuery)
  return (
    <Answer query={query}>
      {({ zones }) =>
        zones.length === 0 ? (
          <p className="wk-empty">No zone yet. Zones come with the settings of the broker.</p>
        ) : (
          <>
            <p>
              <Link to="/speed" search={{ show: 'locks' }}>
                Do the waits fit? Locks that were said to be wrong, by zone
              </Link>
            </p>
            <div className="wk-zones">
              {zones.map((zone) => (
                <Zone key={zone.zoneId} zone={zone} />
              ))}
            </div>
          </>
        )
      }
    </Answer>
  )
}

function Zone({ zone: { zoneId, kind, label, rules } }: { readonly zone: ZoneShown }) {
  return (
    <section className="wk-zone-rules">
      <h2>{label}</h2>
      <p className="wk-quiet">
        {zoneId}, {kind.replaceAll('-', ' ')}
      </p>
      <Facts
        of={Object.entries(rules).map(([name, value]) => [ruleName(name), ruleText(name, value)])}
      />
    </section>
  )
}

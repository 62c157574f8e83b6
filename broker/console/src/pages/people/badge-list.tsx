// Somebody's badges: reporting one lost, and giving one back.

import { useQuery } from '@tanstack/react-query'
import type { BadgeShown } from '@wardkey/protocol/admin/badges'
import { markBadge } from '../../api/acts.ts'
import { badgesQuery } from '../../api/queries.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import './people.css'

export function BadgeList({ personId }: { readonly personId: string }) {
  const query = useQuery(badgesQuery(personId))
  return (
    <section className="wk-section">
      <h3>Badges</h3>
      <Answer query={query} lines={2}>
        {({ badges }) =>
          badges.length === 0 ? (
            <p className="wk-quiet">None. One is enrolled at a workstation, with a witness.</p>
          ) : (
            <ul className="wk-badges">
              {badges.map((badge) => (
                <Badge key={badge.badgeId} badge={badge} />
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  )
}

function Badge({ badge }: { readonly badge: BadgeShown }) {
  const { can, who } = useSession()
  const { badgeId, personId, number, technology, assurance, status, isResting, fromMs, untilMs } =
    badge
  return (
    <li>
      <div>
        <strong className={status === 'active' ? 'wk-good' : 'wk-quiet'}>
          {isResting ? 'rests while a loaner stands in' : status}
        </strong>{' '}
        {technology}, assurance {assurance}
        {number !== undefined && (
          <>
            , <code>{number}</code>
          </>
        )}
        <div className="wk-quiet">
          since <Stamp ms={fromMs} form="day" />
          {untilMs !== undefined && (
            <>
              {' '}
              until <Stamp ms={untilMs} form="day" />
            </>
          )}
        </div>
      </div>
      {status === 'active' && can('badges:write') && (
        <ActButton
          isSmall
          isGrave
          label="Report lost"
          question="Report this badge lost?"
          act={(pass) => markBadge(badgeId, 'lost', pass)}
          said={() => 'Reported lost'}
        >
          <p>
            It opens nothing from now on. If it is found, the service desk or an administrator gives
            it back; until then she can have a loaner.
          </p>
        </ActButton>
      )}
      {canComeBack(badge) && can('badges:write') && personId !== who.personId && (
        <GiveBack badge={badge} />
      )}
    </li>
  )
}

/** One that rests comes back with the loaner's end; what was replaced is for good. */
const canComeBack = ({ status, isResting }: BadgeShown): boolean =>
  !isResting && (status === 'lost' || status === 'suspended')

function GiveBack({ badge: { badgeId, status } }: { readonly badge: BadgeShown }) {
  return (
    <ActButton
      isSmall
      label="Give it back"
      question="Give this badge back?"
      act={(pass) => markBadge(badgeId, 'active', pass)}
      said={() => 'Given back'}
    >
      <p>It opens again what it opened before. Have it in your hand, and know who stands there.</p>
      {status === 'suspended' && (
        <p>
          Somebody suspended it: she herself (“This was not me”), HR, or security. Ask them first,
          and have her choose a new PIN where another may know it.
        </p>
      )}
    </ActButton>
  )
}

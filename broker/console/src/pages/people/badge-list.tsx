// Somebody's badges: how each stands and what that means, reporting one lost, and what comes after.

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

const standings: Readonly<Record<BadgeShown['status'], string>> = {
  active: 'usable',
  suspended: 'suspended',
  lost: 'reported lost',
  replaced: 'replaced, for good',
  expired: 'past its end, for good',
}

function standingOf({ status, isResting, endsMs }: BadgeShown): string {
  if (isResting) return 'rests while a loaner stands in'
  return status === 'active' && endsMs !== undefined ? 'loaner, usable' : standings[status]
}

function Badge({ badge }: { readonly badge: BadgeShown }) {
  const { number, technology, assurance, status, fromMs, sinceMs, endsMs } = badge
  return (
    <li>
      <div>
        <strong className={status === 'active' ? 'wk-good' : 'wk-quiet'}>
          {standingOf(badge)}
        </strong>
        , {technology}, assurance {assurance}
        {number !== undefined && (
          <>
            , <code>{number}</code>
          </>
        )}
        <div className="wk-quiet">
          {sinceMs === fromMs ? 'hers since ' : 'so since '}
          <Stamp ms={sinceMs} />
          {sinceMs !== fromMs && (
            <>
              , hers since <Stamp ms={fromMs} form="day" />
            </>
          )}
          {status === 'active' && endsMs !== undefined && (
            <>
              , until <Stamp ms={endsMs} />
            </>
          )}
        </div>
        <Meaning badge={badge} />
      </div>
      <Act badge={badge} />
    </li>
  )
}

/** What she does about it herself. */
function Meaning({ badge: { status, isResting } }: { readonly badge: BadgeShown }) {
  if (isResting) return <p className="wk-quiet">It works again by itself when the loaner ends.</p>
  if (status !== 'lost') return null
  return (
    <p className="wk-quiet">
      It opens nothing. Within two weeks she may say at a workstation, with a colleague, that she
      found it; later it is made usable again here. Meanwhile she can have a loaner or a new badge.
    </p>
  )
}

function Act({ badge }: { readonly badge: BadgeShown }) {
  const { can, who } = useSession()
  const { badgeId, personId, status, isResting, endsMs } = badge
  if (!can('badges:write')) return null
  if (status !== 'active') {
    // One that rests comes back with the loaner's end; nobody gives one back to herself.
    if (isResting || personId === who.personId) return null
    if (status === 'lost') return <FoundAgain badgeId={badgeId} />
    return status === 'suspended' ? <GiveBack badgeId={badgeId} /> : null
  }
  return endsMs === undefined ? <ReportLost badgeId={badgeId} /> : <EndLoaner badgeId={badgeId} />
}

interface ActProps {
  readonly badgeId: string
}

function ReportLost({ badgeId }: ActProps) {
  return (
    <ActButton
      isSmall
      isGrave
      label="Report lost"
      question="Report this badge lost?"
      act={(pass) => markBadge(badgeId, 'lost', pass)}
      said={() => 'Reported lost'}
    >
      <p>
        It opens nothing from now on, and what she has open locks. She can have a loaner until it is
        found; then she says so at a workstation, or it is made usable again here.
      </p>
    </ActButton>
  )
}

function FoundAgain({ badgeId }: ActProps) {
  return (
    <ActButton
      isSmall
      label="Found"
      question="Let this badge be used again?"
      act={(pass) => markBadge(badgeId, 'active', pass)}
      said={() => 'Usable again'}
    >
      <p>
        Somebody else may have had it: look at the badge, and at who brings it. It opens charts
        again, the PIN first. A loaner that she has works until its own end, or until it is ended
        here.
      </p>
    </ActButton>
  )
}

function GiveBack({ badgeId }: ActProps) {
  return (
    <ActButton
      isSmall
      label="Give it back"
      question="Give this badge back?"
      act={(pass) => markBadge(badgeId, 'active', pass)}
      said={() => 'Given back'}
    >
      <p>It opens again what it opened before. Have it in your hand, and know who stands there.</p>
      <p>
        Somebody suspended it: she herself (“This was not me”), HR, or security. Ask them first, and
        have her choose a new PIN where another may know it.
      </p>
    </ActButton>
  )
}

function EndLoaner({ badgeId }: ActProps) {
  return (
    <ActButton
      isSmall
      isGrave
      label="End loaner"
      question="End this loaner now?"
      act={(pass) => markBadge(badgeId, 'expired', pass)}
      said={() => 'The loaner is over'}
    >
      <p>
        It was given back, or is lost: it is nobody’s from now on, and what she has open locks. Her
        own badge, where it rests for it, works again, the PIN first.
      </p>
    </ActButton>
  )
}

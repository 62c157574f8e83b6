// Why did it not open? One tap, by the code that its screen showed: what was asked, which rule
// spoke, what it saw, and what to do about it.

import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { BadgeStanding, WhyShown } from '@wardkey/protocol/admin/why'
import { whyQuery } from '../../api/queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Facts } from '../../parts/panel.tsx'
import { Answer } from '../../parts/shape.tsx'
import { useSession } from '../../parts/shell/session.tsx'
import { addressTime } from '../../parts/time/time-range.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import './why.css'

/** What the route takes: a tap's id, or the code to quote. */
const tapText = /^[A-Za-z0-9-]{5,40}$/
const halfHourMs = 1_800_000

export function WhyPage() {
  return (
    <Allowed page="/why">
      <Why />
    </Allowed>
  )
}

function Why() {
  const [address] = useAddress()
  const tap = address['tap'] ?? ''
  return (
    <>
      <PageTitle question="Why did it not open?" />
      <AskForm key={tap} tap={tap} />
      {tapText.test(tap) ? (
        <Found tap={tap} />
      ) : (
        <div className="wk-empty">
          <p>
            A lock screen that says no shows a short code, such as <code>K7P-2XM</code>. With it, or
            with the tap’s id, this page says which rule spoke and what it knew.
          </p>
        </div>
      )}
    </>
  )
}

function AskForm({ tap }: { readonly tap: string }) {
  const [, setAddress] = useAddress()
  const [text, setText] = useState(tap)
  const asked = text.trim()
  const isGood = tapText.test(asked)
  return (
    <form
      className="wk-bar"
      onSubmit={(event) => {
        event.preventDefault()
        const isCode = asked.length < 10
        if (isGood) setAddress({ tap: isCode ? asked.toUpperCase() : asked })
      }}
    >
      <label className="wk-field">
        <span>Code on the lock screen, or the tap’s id</span>
        <input
          value={text}
          maxLength={40}
          spellCheck={false}
          onChange={({ target }) => {
            setText(target.value)
          }}
        />
      </label>
      <Button type="submit" disabled={!isGood}>
        Explain
      </Button>
    </form>
  )
}

function Found({ tap }: { readonly tap: string }) {
  const query = useQuery(whyQuery(tap))
  return <Answer query={query}>{(why) => <Explained why={why} />}</Answer>
}

const outcomes = {
  opened: 'It opened',
  'asked-pin': 'It asked for the PIN',
  refused: 'It was refused',
  emergency: 'It was opened in an emergency',
  ended: 'It ended the session that it found',
} as const

function Explained({ why }: { readonly why: WhyShown }) {
  const { can } = useSession()
  const { personId, personName, workstationId, atMs } = why
  const from = addressTime(atMs - halfHourMs)
  const to = addressTime(atMs + halfHourMs)
  return (
    <article className="wk-why">
      <section className="wk-answer">
        <h2>
          {outcomes[why.outcome]}: {why.sentence}
        </h2>
        <p>{why.next}</p>
        <p className="wk-quiet">
          <Stamp ms={atMs} />, rule <code>{why.rule}</code>
          {why.code !== undefined && (
            <>
              , code <code>{why.code}</code>
            </>
          )}
        </p>
        {why.goneBeforeMs !== undefined && (
          <p className="wk-quiet" role="note">
            Retention took facts from before <Stamp ms={why.goneBeforeMs} />, but for those under a
            legal hold: some of what was written down of this tap may be gone.
          </p>
        )}
      </section>
      <Facts
        of={[
          ...(personId === undefined
            ? []
            : [
                [
                  'Who',
                  <span key="who">
                    <Person id={personId} name={personName} />
                    {why.personStatus !== undefined && `, ${why.personStatus} now`}
                  </span>,
                ] as const,
              ]),
          ...badgeFacts(why.badge),
          ['Workstation', why.place ?? workstationId ?? 'not known'],
          ['Zone', why.zoneId ?? 'not known'],
          ...(why.otherwise === undefined ? [] : [['An ordinary tap', why.otherwise] as const]),
          ...(why.policy === undefined
            ? []
            : [
                [
                  'Policies',
                  <span key="policies">
                    <code>{why.policy.rule}</code> of set{' '}
                    <code>{why.policy.policies.slice(0, 12)}</code>
                  </span>,
                ] as const,
              ]),
        ]}
      />
      <Saw why={why} />
      <Steps why={why} />
      {can('presence:read') && workstationId !== undefined && (
        <Link to="/timeline" search={{ workstationId, from, to }}>
          What happened at this workstation around it
        </Link>
      )}
    </article>
  )
}

function Person({ id, name }: { readonly id: string; readonly name: string | undefined }) {
  const { can } = useSession()
  const text = name ?? `Person ${id.slice(-6)}`
  if (!can('people:read')) return text
  return (
    <Link to="/people" search={{ open: id }}>
      {text}
    </Link>
  )
}

const standings: Readonly<Record<BadgeStanding, string>> = {
  active: 'usable',
  suspended: 'suspended',
  resting: 'resting while a loaner stood in',
  lost: 'reported lost',
  replaced: 'replaced',
  expired: 'past its end',
}

function badgeFacts(badge: WhyShown['badge']): readonly (readonly [string, ReactNode])[] {
  if (!badge) return []
  const { then, now } = badge
  return [
    ...(then === undefined ? [] : [['Badge at the tap', standings[then]] as const]),
    ...(now ? [['Badge now', <BadgeNow key="now" now={now} />] as const] : []),
  ]
}

type Now = NonNullable<NonNullable<WhyShown['badge']>['now']>

function BadgeNow({
  now: { sentence, standing, sinceMs, endsMs, hasOther },
}: {
  readonly now: Now
}) {
  return (
    <>
      {sentence}{' '}
      <span className="wk-quiet">
        Since <Stamp ms={sinceMs} />
        {endsMs !== undefined && standing !== 'expired' && (
          <>
            , until <Stamp ms={endsMs} />
          </>
        )}
        .{hasOther && ' Another badge of hers can be used.'}
      </span>
    </>
  )
}

function Saw({ why: { saw, exceptions = [] } }: { readonly why: WhyShown }) {
  if (!saw) return null
  const list = (words: readonly string[]): string =>
    words.length === 0 ? 'none' : words.join(', ')
  return (
    <section className="wk-section">
      <h2>What the policies knew</h2>
      <Facts
        of={[
          ['Her roles', list(saw.roles)],
          ['Her own zones', list(saw.ownZones ?? [])],
          ['Her training', list(saw.training)],
          ['Her shift', saw.shift],
          ['Badge assurance', String(saw.assurance)],
          ['Mode', saw.mode],
          ['Zone is for', list(saw.zone.roles)],
          ['Zone asks training', list(saw.zone.asksTraining)],
          ['Zone asks a shift', saw.zone.asksShift],
          ['Exceptions', list(exceptions.map(({ kind, what }) => `${kind} ${what}`))],
        ]}
      />
    </section>
  )
}

function Steps({ why: { steps } }: { readonly why: WhyShown }) {
  return (
    <section className="wk-section">
      <h2>Step by step</h2>
      <ol className="wk-steps">
        {steps.map(({ atMs, code, sentence, rule }, at) => (
          <li key={at}>
            <Stamp ms={atMs} form="clock" /> {sentence}{' '}
            <span className="wk-quiet">
              {code}
              {rule === undefined ? '' : `, rule ${rule}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

// Shows a page to whoever may see it, and to anybody else whom to ask.

import type { ReactNode } from 'react'
import { Navigate } from '@tanstack/react-router'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { consoleRolesWith } from './role-words.ts'
import { PageTitle } from './page-title.tsx'
import { pageEntries } from './shell/rail-entries.ts'
import type { RailEntry } from './shell/rail-entries.ts'
import { useSession } from './shell/session.tsx'

interface Props {
  readonly page: RailEntry['to']
  readonly children: ReactNode
}

export function Allowed({ page, children }: Props) {
  const { can, who } = useSession()
  const entry = pageEntries.find(({ to }) => to === page)
  if (!entry || entry.needs.some(can)) return children
  // She is here for that alone: the first page is no refusal.
  if (page === '/' && who.roles.length === 0 && who.hasOwnRecord) {
    return <Navigate to="/my-taps" replace />
  }
  return (
    <>
      <PageTitle question={entry.question} />
      <ForOthers needs={entry.needs} what="page" />
    </>
  )
}

interface ForOthersProps {
  /** Any of them. */
  readonly needs: readonly Scope[]
  readonly what: 'page' | 'part of the page'
}

/** Whom to ask for what this account may not see. */
export function ForOthers({ needs, what }: ForOthersProps) {
  const { who } = useSession()
  return (
    <div className="wk-trouble" role="note">
      <p className="wk-trouble-what">Your account may not see this {what}.</p>
      <p>
        It is for {consoleRolesWith(needs)}. Ask an administrator of Wardkey to give the account{' '}
        <strong>{who.account}</strong> a group with that role; the link stays good.
      </p>
      <p className="wk-quiet">
        Code <code>scope-missing</code>, needs <code>{needs.join(' or ')}</code>
      </p>
    </div>
  )
}

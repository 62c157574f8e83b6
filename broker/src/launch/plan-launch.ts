// From a session to launch steps: which EHRs of the site this person gets here, each with a ticket
// of its own. It knows adapters only through their contract.

import { findAdapter } from '@wardkey/ehr-adapters/registry'
import type { EhrApp } from '@wardkey/ehr-adapters/contract/ehr-adapter'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import type { HasChart, PlanLaunch, TicketRow } from './launch-plan.ts'
import { mintTicket, ticketLifeMs } from './launch-ticket.ts'

export interface PlanLaunchNeeds {
  readonly apps: readonly EhrApp[]
  /** Where a browser turns a ticket into a sign-in; the app's id is added as the last part. */
  readonly redeemUrl: string
  readonly random: (bytes: number) => Buffer
}

/** The form field in which the ticket travels. */
export const ticketField = 'ticket'

/**
 * Makes the planner that the tap flow uses.
 *
 * Throws when settings name an adapter that does not exist: a broker that cannot open the chart
 * must say so when it starts, not at the first tap.
 */
export function makePlanLaunch(needs: PlanLaunchNeeds): PlanLaunch {
  for (const app of needs.apps) {
    if (!findAdapter(app.adapter)) throw new Error(`no EHR adapter is called ${app.adapter}`)
  }
  return (subject, nowMs) => {
    const steps: LaunchStep[] = []
    const tickets: TicketRow[] = []
    for (const app of needs.apps) {
      const adapter = findAdapter(app.adapter)
      if (!adapter || !isFor(app, subject)) continue
      const { ticket, hash } = mintTicket(needs.random)
      tickets.push({
        hash,
        sessionId: subject.sessionId,
        workstationId: subject.workstationId,
        expiresMs: nowMs + ticketLifeMs,
      })
      steps.push(
        ...adapter.plan(app, subject, {
          url: `${needs.redeemUrl}/${app.id}`,
          field: ticketField,
          ticket,
        }),
      )
    }
    return { steps, tickets }
  }
}

export function makeHasChart(apps: readonly EhrApp[]): HasChart {
  return (subject) => apps.some((app) => isFor(app, subject))
}

function isFor(app: EhrApp, subject: Parameters<HasChart>[0]): boolean {
  const { roles, isEmergency } = subject
  const byRole =
    isEmergency || app.roles.length === 0 || app.roles.some((role) => roles.includes(role))
  const byZone = app.zoneKinds.length === 0 || app.zoneKinds.includes(subject.zoneKind)
  return byRole && byZone
}

// Telling the EHRs that a session at a workstation is over (OpenID Connect Back-Channel Logout
// 1.0), and taking back what they were given. A silent EHR is tried again, then recorded as not
// told.

import type Provider from 'oidc-provider'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { OidcNeeds } from './oidc-needs.ts'
import type { SeatBook, SeatEntry } from './seats/seat-book.ts'

const attempts = 3
const pauseMs = 500

export interface TellEhrs {
  sessionLeft(session: SessionId, workstation: WorkstationId, personId: string): Promise<void>
}

export function makeTellEhrs(
  providerNow: () => Provider,
  book: SeatBook,
  needs: Pick<OidcNeeds, 'log' | 'models' | 'recordLogoutTold'>,
  wait: (ms: number) => Promise<void>,
): TellEhrs {
  return {
    async sessionLeft(session, workstation, personId) {
      const provider = providerNow()
      const entries = (await book.ofSession(session)).filter(
        (entry) => entry.workstationId === workstation,
      )
      for (const entries_ of byClientAndSession(entries)) {
        const [first] = entries_
        if (!first) continue
        const isTold = await tell(provider, first, personId, needs, wait)
        await needs.recordLogoutTold(session, first.clientId, isTold)
      }
      for (const entry of entries) {
        await needs.models.removeByGrant(entry.grantId)
        await book.forget(entry.grantId)
      }
      for (const uid of new Set(entries.map((entry) => entry.providerSessionUid))) {
        await (await provider.Session.findByUid(uid))?.destroy()
      }
    },
  }
}

async function tell(
  provider: Provider,
  entry: SeatEntry,
  personId: string,
  needs: Pick<OidcNeeds, 'log'>,
  wait: (ms: number) => Promise<void>,
): Promise<boolean> {
  const client = await provider.Client.find(entry.clientId)
  const session = await provider.Session.findByUid(entry.providerSessionUid)
  const sid = session?.sidFor(entry.clientId)
  if (!client?.backchannelLogoutUri || sid === undefined) return false
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      await sendLogout(client, personId, sid)
      return true
    } catch (thrown) {
      needs.log.warn('oidc.logout-not-told', {
        clientId: entry.clientId,
        attempt,
        reason: thrown instanceof Error ? thrown.name : 'unknown',
      })
      if (attempt < attempts) await wait(pauseMs * attempt)
    }
  }
  return false
}

/** The library has this on every client but does not declare it in its types. */
async function sendLogout(client: object, personId: string, sid: string): Promise<void> {
  const send: unknown = Reflect.get(client, 'backchannelLogout')
  if (typeof send !== 'function') throw new Error('the provider cannot send logout tokens')
  await Reflect.apply(send, client, [personId, sid])
}

/** An EHR hears once for each of its own sessions, however many tokens it had. */
function byClientAndSession(entries: readonly SeatEntry[]): readonly SeatEntry[][] {
  const groups = new Map<string, SeatEntry[]>()
  for (const entry of entries) {
    const key = `${entry.clientId} ${entry.providerSessionUid}`
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.values()]
}

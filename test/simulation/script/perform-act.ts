// Lets one act of a script happen in the hospital.

import { changePerson } from '@wardkey/broker/flows/change-person'
import { markBadge } from '@wardkey/broker/flows/mark-badge'
import { revokePerson } from '@wardkey/broker/flows/revoke-person'
import { Fault } from '@wardkey/broker/platform/fault'
import { badgeId, sessionId } from '@wardkey/protocol/ids'
import { workstationId } from '@wardkey/protocol/ids'
import type { BrokerProcess } from '../world/broker-process.ts'
import type { Hospital } from '../world/hospital.ts'
import type { Member } from '../world/people.ts'
import type { Act, LinkBreak } from './act.ts'

export function performAct(act: Act, hospital: Hospital): void {
  const { network, brokers, agents, disk, time, people } = hospital
  switch (act.kind) {
    case 'visit':
      people.begin(act)
      return
    case 'link-breaks':
      breakLink(act.workstation, act.how, hospital)
      return
    case 'path-cut':
      network.cut({ workstation: act.workstation }, act.forMs)
      return
    case 'path-slow':
      network.slow(act.workstation, act.forMs)
      return
    case 'frame-doubled':
      network.double(act.workstation, act.way, act.laterMs)
      return
    case 'broker-cut':
      network.cut({ broker: act.broker }, act.forMs)
      return
    case 'broker-crash':
      brokers[act.broker]?.crash(act.downMs)
      return
    case 'write-fate':
      brokers[act.broker]?.arm(act.what, act.nth, act.downMs)
      return
    case 'disk-full':
      disk.isFull = true
      time.after(act.forMs, () => {
        disk.isFull = false
      })
      return
    case 'disk-slow':
      disk.slowUntilMs = time.nowMs + act.forMs
      return
    case 'broker-clock':
      brokers[act.broker]?.setClock(act.byMs)
      return
    case 'workstation-clock': {
      const reason = act.byMs > 0 ? 'clock-ahead' : 'clock-jump'
      agents[act.workstation]?.setClock(act.byMs)
      agents[act.workstation]?.process.post({ kind: 'lock-now', reason })
      return
    }
    case 'sleep': {
      const agent = agents[act.workstation]
      agent?.process.post({ kind: 'lock-now', reason: 'sleep' })
      network.cut({ workstation: act.workstation }, act.forMs)
      time.after(act.forMs, () => {
        agent?.process.post({ kind: 'lock-now', reason: 'resume' })
      })
      return
    }
    case 'agent-disk-full': {
      const disk = agents[act.workstation]?.disk
      if (disk) disk.isFull = true
      time.after(act.forMs, () => {
        if (disk) disk.isFull = false
      })
      return
    }
    case 'agent-write-fate': {
      const agent = agents[act.workstation]
      agent?.disk.arm(act.what, act.nth, () => {
        agent.crash(act.of, act.downMs)
      })
      return
    }
    case 'agent-crash':
      agents[act.workstation]?.crash(act.of, act.downMs)
      return
    case 'browser-dies':
      agents[act.workstation]?.process.browser.die()
      return
    case 'browser-trouble':
      agents[act.workstation]?.process.browser.trouble(act.what)
      return
    case 'reader-lost': {
      const agent = agents[act.workstation]
      agent?.process.post({ kind: 'reader-changed', reader: 'unplugged' })
      time.after(act.forMs, () => {
        agent?.process.post({ kind: 'reader-changed', reader: 'ready' })
      })
      return
    }
    case 'card-not-read':
      agents[act.workstation]?.process.post({ kind: 'card-refused', code: 'card-not-read' })
      return
    case 'desktop-locked':
      agents[act.workstation]?.process.post({ kind: 'lock-now', reason: 'desktop-locked' })
      return
    case 'sign':
      askToSign(act.workstation, act.pin, hospital)
      return
    case 'revoke':
    case 'reinstate':
    case 'badge-lost':
    case 'badge-found':
    case 'roles-lost':
    case 'roles-back':
      inOffice(act, hospital)
  }
}

function breakLink(workstation: number, how: LinkBreak, { network }: Hospital): void {
  for (const wire of network.wiresOf({ workstation })) {
    if (how === 'both-know') {
      wire.loseAgent(1)
      wire.loseBroker(1)
    }
    // What was on its way still arrives, long after the agent has come back by another connection.
    if (how === 'agent-first') wire.loseAgent(6000, Infinity)
    if (how === 'broker-first') wire.loseBroker(6000)
  }
}

type OfficeAct = Extract<Act, { readonly person: number }>

/** Through whichever broker is there; where none is, or nothing can be written, it is not done. */
function inOffice(act: Exclude<OfficeAct, { kind: 'visit' }>, hospital: Hospital): void {
  const member = hospital.people.members[act.person]
  const broker = hospital.brokers.find(({ isUp }) => isUp)?.process
  if (!member || !broker) return
  carryOutOffice(act, member, broker).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.class !== 'permanent') return
    hospital.wrong('no flow fails by itself', String(thrown))
  })
}

async function carryOutOffice(
  act: Exclude<OfficeAct, { kind: 'visit' }>,
  { personId, badgeId: badge }: Member,
  { needs }: BrokerProcess,
): Promise<void> {
  const { perform } = needs
  const by = 'office'
  const marked = (status: 'active' | 'lost') =>
    perform(() => markBadge({ badgeId: badgeId.parse(badge), status, by }, needs))
  const roles = (all: string[]) => perform(() => changePerson({ personId, roles: all, by }, needs))
  switch (act.kind) {
    case 'revoke':
      await perform(() => revokePerson({ personId, status: act.status, by }, needs))
      return
    case 'reinstate':
      await perform(() => changePerson({ personId, isActive: true, by }, needs))
      return
    case 'badge-lost':
      await marked('lost')
      return
    case 'badge-found':
      await marked('active')
      return
    case 'roles-lost':
      await roles(['visitor'])
      return
    case 'roles-back':
      await roles(['nurse', 'pharmacist'])
  }
}

/** The chart that is open there asks its person to sign, as its EHR would have the broker ask. */
function askToSign(index: number, pin: 'right' | 'wrong' | 'none', hospital: Hospital): void {
  const id = hospital.workstationIds[index] ?? ''
  const open = hospital.books.openAt.get(id)
  const broker = hospital.brokers.find(({ isUp }) => isUp)?.process
  if (!open || !broker) return
  hospital.people.willSign(index, pin)
  const { needs, desk } = broker
  const asked = {
    sessionId: sessionId.parse(open.id),
    workstationId: workstationId.parse(id),
    personId: hospital.people.members.find(({ personId }) => personId === open.person)?.personId,
  }
  if (!asked.personId) return
  const { personId } = asked
  const whole = {
    ...asked,
    personId,
    clientId: 'chart',
    application: 'Chart',
    description: 'Sign: an order',
  }
  desk.ask(whole, needs.newId()).catch((thrown: unknown) => {
    if (thrown instanceof Fault && thrown.class !== 'permanent') return
    hospital.wrong('no flow fails by itself', String(thrown))
  })
}

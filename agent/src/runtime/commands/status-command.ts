// `wardkey-agent status`: how the agent on this machine is, in words for whoever stands before it.

import type { AgentStatus } from '../status-file.ts'
import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

const readerWords: Readonly<Record<AgentStatus['reader'], string>> = {
  ready: 'ready',
  none: 'there is none: plug one in',
  'service-stopped': 'the reader service does not run: start it (pcscd, SCardSvr)',
  unplugged: 'unplugged: plug it in again',
  stuck: 'does not answer: unplug it and plug it in again',
}
const linkWords: Readonly<Record<AgentStatus['link'], string>> = {
  up: 'connected',
  connecting: 'connecting',
  down: 'cannot be reached: look at the network and the broker',
  'not-enrolled': 'does not know this workstation: wardkey-agent enroll',
  copied: 'has this identity on another machine: enrol this one anew, wardkey-agent enroll --again',
}
const browserWords: Readonly<Record<AgentStatus['browser'], string>> = {
  ready: 'ready',
  missing: 'none was found: install Edge, Chrome or Chromium',
  blocked: 'a policy forbids driving it: RemoteDebuggingAllowed',
  died: 'ended by itself; it is started again',
}
const sensorWords: Readonly<Record<NonNullable<AgentStatus['sensors']>[number]['says'], string>> = {
  near: 'sees somebody',
  away: 'sees nobody',
  waiting: 'has said nothing yet',
  unsteady: 'changes its mind too often to be believed: look where it points',
  stuck: 'has seen somebody for hours and is not believed: look where it points',
  withheld: 'is kept by the system’s own driver, and cannot be heard: see docs/presence.md',
}

export function statusCommand(
  status: AgentStatus | undefined,
  isJson: boolean,
  output: Output,
): ExitCode {
  if (!status) {
    if (isJson) output.answer(JSON.stringify({ isRunning: false }))
    else output.answer('The agent does not run on this machine.')
    return exitCodes.notRunning
  }
  if (isJson) output.answer(JSON.stringify({ isRunning: true, ...status }))
  else for (const line of linesOf(status)) output.answer(line)
  const { reader, link, browser } = status
  const isWell = reader === 'ready' && link === 'up' && browser === 'ready'
  return isWell ? exitCodes.ok : exitCodes.trouble
}

function linesOf(status: AgentStatus): readonly string[] {
  const since =
    status.linkDownSinceMs === undefined
      ? ''
      : ` (since ${new Date(status.linkDownSinceMs).toISOString()})`
  return [
    `Agent    ${status.agentVersion}, since ${new Date(status.startedMs).toISOString()}`,
    `Place    ${status.place === '' ? 'not known yet' : status.place}`,
    `Screen   ${status.isLocked ? 'locked' : 'in use'}`,
    `Reader   ${readerWords[status.reader]}`,
    `Broker   ${linkWords[status.link]}${since}`,
    `Browser  ${browserWords[status.browser]}`,
    ...(status.sensors ?? []).map(({ name, says }) => `Sensor   ${name} ${sensorWords[says]}`),
    ...aloneLines(status.alone),
  ]
}

function aloneLines(alone: AgentStatus['alone']): readonly string[] {
  if (!alone) return []
  const { untilMs, people, waiting, isStuck, gaps = 0 } = alone
  const words =
    untilMs === undefined
      ? 'nobody can sign in without the broker'
      : `${String(people)} people can sign in without the broker until ${new Date(untilMs).toISOString()}`
  const journal = isStuck
    ? `${String(waiting)} lines that the broker refuses: keep the data folder, and call its operator`
    : `${String(waiting)} lines that no broker has yet`
  return [
    `Alone    ${words}`,
    ...(waiting > 0 ? [`Journal  ${journal}`] : []),
    ...(gaps > 0 ? ['Journal  lines of it are gone, or their count is: a broker is told'] : []),
  ]
}

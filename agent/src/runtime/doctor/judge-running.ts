// What is to be said of the agent that runs, from what it says of itself. Pure.

import { finding } from './findings.ts'
import type { Finding } from './findings.ts'
import type { AgentFact } from './facts.ts'
import type { AgentStatus } from '../status-file.ts'

const hourMs = 3_600_000

export function judgeRunning(agent: AgentFact, atMs: number): readonly Finding[] {
  if (agent.kind === 'not-seen') return [finding('agent-not-seen')]
  if (agent.kind !== 'runs') return [finding('agent-not-running')]
  const { status } = agent
  const { link, browser } = status
  return [
    finding('agent-runs'),
    finding(link === 'up' ? 'hello-answered' : 'hello-not-answered', link),
    ...(browser === 'ready' ? [] : [finding('browser-in-trouble', browser)]),
    ...judgeSensors(status),
    ...judgeAlone(status, atMs),
  ]
}

function judgeSensors({ sensors = [] }: AgentStatus): readonly Finding[] {
  return sensors.map(({ name, says }) => {
    if (says === 'withheld') return finding('sensor-withheld', name)
    const isBelieved = says !== 'unsteady' && says !== 'stuck'
    return finding(isBelieved ? 'sensor-hears' : 'sensor-doubtful', name)
  })
}

function judgeAlone({ alone, link }: AgentStatus, atMs: number): readonly Finding[] {
  if (!alone) return []
  const { untilMs, isStuck, gaps = 0 } = alone
  const refused = [
    ...(isStuck ? [finding('journal-refused')] : []),
    ...(gaps > 0 ? [finding('journal-gap')] : []),
  ]
  if (untilMs === undefined) return [...refused, finding('alone-not-offered')]
  const until = `until ${new Date(untilMs).toISOString()}`
  // While it is connected there is a new bundle before the end of this one.
  if (link === 'up' || untilMs - atMs >= hourMs) return [...refused, finding('alone-ready', until)]
  return [...refused, finding(untilMs <= atMs ? 'alone-over' : 'alone-ends-soon', until)]
}

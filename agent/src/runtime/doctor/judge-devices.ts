// What is to be said of readers: the service behind them, whether there is one, and whether one
// types like a keyboard. Pure.

import type { Settings } from '../../platform/settings.ts'
import type { ListedSource } from '../../readers/list-readers.ts'
import { finding } from './findings.ts'
import type { Finding } from './findings.ts'
import type { AgentFact, Facts, HidFact, Seen, UsbFact } from './facts.ts'

/** The agent itself stops these from typing, where readers.hid is on. */
const rfIdeas = 0x0c27

export function judgeDevices(
  { sources, hid }: Facts,
  agent: AgentFact,
  settings: Settings,
): readonly Finding[] {
  return [...judgeSources(sources), ...judgeHid(hid, settings), ...judgeReaders(sources, agent)]
}

function judgeSources(seen: Seen<readonly ListedSource[]>): readonly Finding[] {
  if (seen.kind !== 'seen') {
    return [finding(seen.kind === 'late' ? 'check-late' : 'check-failed', 'readers')]
  }
  return seen.fact.flatMap(({ kind, down }): readonly Finding[] => {
    const isPcsc = kind === 'pcsc'
    if (down === undefined) return isPcsc ? [finding('pcsc-well')] : []
    if (down === 'failed') return [finding('reader-source-failed', kind)]
    if (down === 'service-stopped') return [finding('pcsc-stopped')]
    return [finding(isPcsc ? 'pcsc-library-missing' : 'hid-library-missing')]
  })
}

function judgeHid(seen: Seen<HidFact>, settings: Settings): readonly Finding[] {
  if (seen.kind !== 'seen') {
    return [finding(seen.kind === 'late' ? 'check-late' : 'check-failed', 'USB-HID')]
  }
  if (seen.fact.kind === 'library-missing') return [finding('hid-library-missing')]
  return seen.fact.readers
    .filter((device) => device.isKeyboard && !isQuietened(device, settings))
    .map(({ name, vendorId, productId }) =>
      finding('reader-types', `${name} (${hex(vendorId)}:${hex(productId)})`),
    )
}

const isQuietened = ({ vendorId }: UsbFact, settings: Settings): boolean =>
  vendorId === rfIdeas && settings['readers.hid']

const hex = (id: number): string => id.toString(16).padStart(4, '0')

/** A running agent knows best: it holds the readers that are not asked beside it. */
function judgeReaders(seen: Seen<readonly ListedSource[]>, agent: AgentFact): readonly Finding[] {
  const names = seen.kind === 'seen' ? seen.fact.flatMap(({ readers }) => readers) : []
  const found = names.map(({ readerName }) => finding('reader-seen', readerName))
  if (agent.kind === 'runs') {
    const { reader } = agent.status
    if (reader === 'stuck') return [...found, finding('reader-stuck')]
    if (found.length === 0 && reader === 'ready') return [finding('reader-seen')]
  }
  return found.length > 0 || seen.kind !== 'seen' ? found : [finding('reader-none')]
}

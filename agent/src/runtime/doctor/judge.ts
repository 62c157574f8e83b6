// From what was seen of a machine to what is to be said of it, in the order in which somebody would
// mend it. Pure.

import type { Settings } from '../../platform/settings.ts'
import { judgeBrokers } from './judge-brokers.ts'
import { judgeDevices } from './judge-devices.ts'
import { finding } from './findings.ts'
import type { Finding, FindingCode } from './findings.ts'
import type {
  AgentFact,
  Facts,
  FolderFact,
  IdentityFact,
  PageFact,
  PageSays,
  Seen,
} from './facts.ts'
import { judgeRunning } from './judge-running.ts'
import { judgeUpdates } from './updates/judge-updates.ts'

const megabyte = 1024 * 1024
const hourMs = 3_600_000

export function judge(facts: Facts): readonly Finding[] {
  const { settings } = facts
  const read = settings.kind === 'parsed' ? settings : settings.remainder
  const agent: AgentFact = facts.agent.kind === 'seen' ? facts.agent.fact : { kind: 'not-seen' }
  return [
    ...judgeSettings(facts),
    ...judgeSeen(facts.dataFolder, 'the data folder', (folder) =>
      judgeFolder(folder, read.settings),
    ),
    ...judgeSeen(facts.identity, 'the key store', (one) => judgeIdentity(one, facts.atMs)),
    ...judgeBrokers(facts.brokers),
    ...judgeDevices(facts, agent, read.settings),
    ...judgeSeen(facts.browser, 'the browser', ({ path, version }) => [
      path === undefined
        ? finding('browser-missing')
        : version === undefined
          ? finding('browser-mute', path)
          : finding('browser-found', `${path}, ${version}`),
    ]),
    ...facts.pages.flatMap(judgePage),
    ...judgeSeen(facts.freeBytes, 'the disk', judgeDisk),
    ...judgeSeen(facts.updates, 'updates', (one) => judgeUpdates(one, runningRelease(agent))),
    ...judgeSeen(facts.agent, 'the agent', (one) => judgeRunning(one, facts.atMs)),
  ]
}

function runningRelease(agent: AgentFact): string | undefined {
  return agent.kind === 'runs' ? agent.status.agentVersion : undefined
}

/** What was not seen is said, and nothing is made of it. */
export function judgeSeen<T>(
  seen: Seen<T>,
  what: string,
  act: (fact: T) => readonly Finding[],
): readonly Finding[] {
  if (seen.kind === 'seen') return act(seen.fact)
  return [finding(seen.kind === 'late' ? 'check-late' : 'check-failed', what)]
}

function judgeSettings({ settings }: Facts): readonly Finding[] {
  const notes = settings.kind === 'parsed' ? settings.notes : settings.remainder.notes
  const passedOver = notes.map((note) => finding('settings-passed-over', note))
  if (settings.kind === 'parsed') return [finding('settings-valid'), ...passedOver]
  return [...settings.complaints.map((one) => finding('settings-not-valid', one)), ...passedOver]
}

function judgeFolder(folder: FolderFact, { dataDir }: Settings): readonly Finding[] {
  if (!folder.isThere) return [finding('data-folder-missing', dataDir)]
  const flaws = [
    ...(folder.isWritable ? [] : [finding('data-folder-not-writable', dataDir)]),
    ...(folder.isOpen ? [finding('data-folder-open', dataDir)] : []),
  ]
  return flaws.length > 0 ? flaws : [finding('data-folder-well', dataDir)]
}

function judgeIdentity({ store, life }: IdentityFact, atMs: number): readonly Finding[] {
  if (store === 'closed') return [finding('key-store-closed')]
  if (store === 'open-to-others') return [finding('key-file-open')]
  if (store === 'not-asked') return [finding('certificate-missing')]
  const opens = finding('key-store-opens')
  if (!life) return [opens, finding('certificate-missing')]
  const until = `until ${new Date(life.untilMs).toISOString()}`
  // It asks every quarter of an hour; half of what is left is a day or more of asking in vain.
  const lateMs = life.renewalMs + Math.max((life.untilMs - life.renewalMs) / 2, hourMs)
  if (atMs >= life.untilMs) return [opens, finding('certificate-over', until)]
  if (atMs < life.fromMs) return [opens, finding('certificate-not-yet')]
  return [opens, finding(atMs > lateMs ? 'certificate-renewed-late' : 'certificate-well', until)]
}

const pageCodes = {
  opens: 'page-opens',
  'other-authority': 'page-other-authority',
  'other-name': 'page-other-name',
  'certificate-over': 'page-certificate-over',
  'no-tls': 'page-no-tls',
  unreachable: 'page-unreachable',
} as const satisfies Record<PageSays, FindingCode>

function judgePage({ url, says }: PageFact): readonly Finding[] {
  return judgeSeen(says, 'the page, in the browser', (fact) => [finding(pageCodes[fact], url)])
}

function judgeDisk(freeBytes: number): readonly Finding[] {
  const left = `${String(Math.floor(freeBytes / megabyte))} MB`
  if (freeBytes < 50 * megabyte) return [finding('disk-full', left)]
  return [finding(freeBytes < 500 * megabyte ? 'disk-low' : 'disk-well', left)]
}

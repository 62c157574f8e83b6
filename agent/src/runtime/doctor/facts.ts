// What the doctor has seen of a machine: facts only, judged elsewhere. It holds no key, no badge
// number and no name of a person; names of readers are as their makers wrote them. Pure.

import type { Probe } from '../../link/probe/probe-broker.ts'
import type { ParsedSettings } from '../../platform/settings.ts'
import type { ListedSource } from '../../readers/list-readers.ts'
import type { AgentStatus } from '../status-file.ts'
import type { UpdatesFact } from './updates/updates-fact.ts'

/** A look that ended, that did not in its time, or that could not be made. */
export type Seen<T> =
  | { readonly kind: 'seen'; readonly fact: T }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed' }

export interface FolderFact {
  readonly isThere: boolean
  readonly isWritable: boolean
  /** Others have rights to it; never said on Windows, where modes say nothing. */
  readonly isOpen: boolean
}

export interface IdentityFact {
  /** Not asked where there is nothing yet that would be in it. */
  readonly store: 'opens' | 'closed' | 'open-to-others' | 'not-asked'
  /** Of the certificate that has its key. */
  readonly life?: { readonly fromMs: number; readonly untilMs: number; readonly renewalMs: number }
}

export interface BrokerFact {
  readonly address: string
  readonly probe: Seen<Probe>
}

export interface UsbFact {
  readonly vendorId: number
  readonly productId: number
  readonly name: string
  readonly isKeyboard: boolean
}

export type HidFact =
  | { readonly kind: 'library-missing' }
  | { readonly kind: 'listed'; readonly readers: readonly UsbFact[] }

export interface BrowserFact {
  readonly path?: string
  readonly version?: string
}

/** What the browser makes of a page's certificate, and of the way there. */
export type PageSays =
  'opens' | 'other-authority' | 'other-name' | 'certificate-over' | 'no-tls' | 'unreachable'

export interface PageFact {
  readonly url: string
  readonly says: Seen<PageSays>
}

export type AgentFact =
  | { readonly kind: 'runs'; readonly status: AgentStatus }
  | { readonly kind: 'not-running' | 'not-seen' }

export interface Facts {
  readonly atMs: number
  readonly settings: ParsedSettings
  readonly dataFolder: Seen<FolderFact>
  readonly identity: Seen<IdentityFact>
  readonly brokers: readonly BrokerFact[]
  readonly sources: Seen<readonly ListedSource[]>
  readonly hid: Seen<HidFact>
  readonly browser: Seen<BrowserFact>
  /** Those that were asked for. */
  readonly pages: readonly PageFact[]
  readonly freeBytes: Seen<number>
  readonly updates: Seen<UpdatesFact>
  readonly agent: Seen<AgentFact>
}

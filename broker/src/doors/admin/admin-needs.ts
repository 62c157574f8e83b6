// What the admin door leans on, named in one place.

import type { KeyChain } from '../../audit/key-changes/key-chain.ts'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import type { ProveRecord } from '../../audit/proofs/prove-record.ts'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import type { ReviewNeeds } from '../../flows/access-reviews/review-needs.ts'
import type { EvidenceNeeds } from '../../flows/evidence/make-evidence.ts'
import type { ExceptionNeeds } from '../../flows/exceptions/exception-rows.ts'
import type { ForgetNeeds } from '../../flows/forget/forget-rows.ts'
import type { HrNeeds } from '../../flows/hr/hr-flow.ts'
import type { MintNeeds } from '../../flows/enrolment/mint-token.ts'
import type { SetPinNeeds } from '../../flows/set-pin.ts'
import type { PersonKeys } from '../../audit/person-keys.ts'
import type { UpdateSettings } from '../../flows/updates/update-needs.ts'
import type { Keyring } from '../../flows/keys/list-keys.ts'
import type { Log } from '../../platform/log.ts'
import type { Store } from '../../store/store.ts'
import type { FeedDesk } from '../feeds/feed-desk.ts'
import type { StreamDesk } from '../streams/stream-desk.ts'

export interface AdminNeeds extends SetPinNeeds, HrNeeds, MintNeeds, ExceptionNeeds, ReviewNeeds {
  readonly store: Store
  /** Where people may sign in to the console. */
  readonly console?: ConsoleWays | undefined
  readonly log: Log
  readonly streams?: StreamDesk | undefined
  readonly feeds?: FeedDesk | undefined
  /** Absent where updates are not set up. */
  readonly updates?: UpdateSettings | undefined
  readonly personKeys: HrNeeds['personKeys'] & Pick<PersonKeys, 'unwrap' | 'destroy'>
  readonly keepIdentifiersMs: ForgetNeeds['keepIdentifiersMs']
  /** Addresses of the other brokers that hold this record. */
  readonly brokers: readonly string[]
  readonly monotonicMs: () => number
  /** SHA-256 of the authority, for whoever enrols a workstation. */
  readonly caSha256: () => string
  /** The record's verifier key, `name+id+key`. */
  readonly recordKey: () => string
  /** All its keys, those that have ended first. */
  readonly recordChain: () => KeyChain
  /** Ids of keys, and when they change; no key. */
  readonly keyring: Keyring
  /** Of its cosignatures as a witness, in the same form. */
  readonly witnessKey: string
  /** The newest checkpoint. */
  readonly head: () => { size: number; note: string; atMs: number } | undefined
  readonly prove: ProveRecord
  readonly evidence: EvidenceNeeds['evidence']
  /** Nothing where the workstation is not connected to this broker. */
  readonly connectionOf: (id: WorkstationId) => WorkstationShown['connection']
  /** Puts what was counted of speed so far where it is read. */
  readonly keepSpeed?: () => Promise<void>
  /** For metrics: the route as it is written, never the address that was asked for. */
  readonly onAnswered: (route: string, status: number) => void
}

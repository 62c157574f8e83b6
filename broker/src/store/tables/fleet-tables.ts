// Tables of enrolling many workstations, of what each of them is made of, and of their updates.

export interface EnrolTokenTable {
  /** Also what it is called by: nothing of the token itself is kept. */
  hash: string
  zone_id: string
  uses_left: number
  expires_ms: number
  /** How many it was made for, when and by whom; absent in those from before this was kept. */
  uses: number | null
  made_ms: number | null
  made_by: string | null
  /** JSON: ranges of addresses it is good from; absent where it is from anywhere. */
  addresses: string | null
  /** It was taken back then. */
  revoked_ms: number | null
  /** It gives this workstation its identity anew, and is good for nothing else. */
  workstation_id: string | null
}

export interface EnrolAskTable {
  id: string
  /** Of the public key that asks: whoever holds its private key is the one who asked. */
  key_sha256: string
  /** Subject public key info, base64. */
  public_key: string
  salt: string
  place: string
  asset_tag: string | null
  hardware: string | null
  address: string
  asked_ms: number
  /** Over by then, whatever it waits for. */
  ends_ms: number
  state: 'waiting' | 'approved' | 'refused' | 'taken'
  zone_id: string | null
  decided_ms: number | null
  decided_by: string | null
  /** Given when it was taken. */
  workstation_id: string | null
  version: number
}

export interface WorkstationInventoryTable {
  workstation_id: string
  /** JSON: protocol/src/workstation/fleet/inventory. */
  body: string
  at_ms: number
}

/** What may be rolled out: each manifest that was ever added. */
export interface ReleaseTable {
  /** The manifest's own. */
  number: number
  release: string
  /** As it was signed: protocol/src/workstation/updates. */
  manifest: string
  added_ms: number
  added_by: string
}

/** A release on its way to the workstations; at most one of them runs or is paused. */
export interface RolloutTable {
  id: string
  number: number
  state: 'running' | 'paused' | 'stopped' | 'done'
  /** The highest ring that is open, and since when. */
  ring: number
  ring_ms: number
  /** JSON: flows/updates/rings, as they were at its start. */
  rings: string
  at_once: number
  begun_ms: number
  begun_by: string
  /** Since when it may go beyond the first ring. */
  approved_ms: number | null
  /** Never who began it; absent where nobody else could have said yes. */
  approved_by: string | null
  /** Failures before this were looked at by somebody who let it go on. */
  counted_ms: number
  version: number
}

/** A workstation in a roll-out, once it began. */
export interface RolloutMemberTable {
  rollout_id: string
  workstation_id: string
  ring: number
  state: 'began' | 'healthy' | 'failed' | 'returned'
  from_release: string
  at_ms: number
  flaw: string | null
  /** Of an agent that can take it back. */
  begin_key: string | null
}

/** What it said last about why it has not begun. */
export interface UpdateWaitTable {
  workstation_id: string
  why: string
  at_ms: number
}

// Tables of enrolling many workstations, and of what each of them is made of.

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

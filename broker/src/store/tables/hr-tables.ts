// The tables of what HR says of people (decision 0026), in the types that queries see.

/** What HR says of a person, where she came from HR. */
export interface PersonHrTable {
  person_id: string
  /** Which of HR's systems: the name of its token, or `csv`. */
  client: string
  /** Keyed hash of the user name in small letters, hex. */
  user_name_lookup: string | null
  /** Keyed hash of the client's own id of her, hex. */
  external_id_lookup: string | null
  /** What identifies her, as JSON under her own key. */
  attributes_sealed: Uint8Array
  employment: 'pre-hire' | 'active' | 'on-leave' | 'suspended' | 'terminated'
  job_code: string | null
  department: string | null
  division: string | null
  cost_center: string | null
  location: string | null
  company: string | null
  manager_id: string | null
  sponsor_id: string | null
  /** JSON array: roles as HR names them, before mapping. */
  scim_roles: string
  /** 1 where some rule of the mapping gave her a role. */
  is_mapped: number
  created_ms: number
  changed_ms: number
  deleted_ms: number | null
  /** When a date of hers changes her status next; absent where none does. */
  due_ms: number | null
  version: number
}

export interface HrGroupTable {
  id: string
  client: string
  display_name: string
  external_id: string | null
  created_ms: number
  changed_ms: number
  version: number
}

export interface HrGroupMemberTable {
  group_id: string
  person_id: string
}

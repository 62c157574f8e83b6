// The console as its pages and the broker agree on it: where it is, who may do what there, and what
// a page is told of who is signed in.

import { z } from 'zod'
import { personId } from '../ids.ts'
import { scope } from '../admin/scopes.ts'
import type { Scope } from '../admin/scopes.ts'

export const consolePath = '/console'
/** Carried by every request that changes something; told to the page that is signed in, and to
 * nobody else. */
export const csrfHeader = 'x-wardkey-csrf'

export const consoleRoles = [
  'compliance',
  'privacy',
  'it',
  'service-desk',
  'manager',
  'administrator',
] as const
export const consoleRole = z.enum(consoleRoles)
export type ConsoleRole = z.infer<typeof consoleRole>

/**
 * What each may: whoever has several roles may what any of them may. Nobody sets a PIN here: with
 * roles and badges it would be somebody else's chart. People set theirs at a workstation. Nor does
 * anybody here say how long facts are kept, or have somebody forgotten. A legal hold costs time at
 * most: compliance and privacy place it; what ends it is compliance's, and another one's asking.
 */
export const scopesOfRole: Readonly<Record<ConsoleRole, readonly Scope[]>> = {
  compliance: [
    'people:read',
    'badges:read',
    'workstations:read',
    'sessions:read',
    'presence:read',
    'record:read',
    'streams:read',
    'offline:read',
    'offline:write',
    'policy:read',
    'exceptions:read',
    'emergency:read',
    'emergency:review',
    'alerts:people',
    'alerts:technical',
    'alerts:handle',
    'figures:read',
    'evidence:make',
    'keys:read',
    'reviews:read',
    'reviews:decide',
    'reviews:write',
    'holds:write',
    'holds:approve',
  ],
  privacy: [
    'people:read',
    'workstations:read',
    'sessions:read',
    'presence:read',
    'record:read',
    'emergency:read',
    'emergency:review',
    'alerts:people',
    'alerts:handle',
    'figures:read',
    'holds:write',
  ],
  it: [
    'streams:read',
    'workstations:read',
    'workstations:write',
    'updates:write',
    'house:read',
    'offline:read',
    'policy:read',
    'alerts:technical',
    'alerts:handle',
    'figures:read',
    'keys:read',
  ],
  'service-desk': [
    'people:read',
    'badges:read',
    'badges:write',
    'workstations:read',
    'house:read',
    'house:lock',
    'sessions:read',
    'taps:read',
    'policy:read',
  ],
  manager: [
    'people:read',
    'workstations:read',
    'house:read',
    'exceptions:read',
    'exceptions:propose',
    'emergency:read',
    'figures:read',
    'reviews:decide',
  ],
  administrator: [
    'people:read',
    'people:write',
    'badges:read',
    'badges:write',
    'workstations:read',
    'workstations:write',
    'updates:write',
    'updates:approve',
    'house:read',
    'house:lock',
    'sessions:read',
    'presence:read',
    'policy:read',
    'policy:replay',
    'policy:propose',
    'policy:approve',
    'mode:write',
    'exceptions:read',
    'exceptions:propose',
    'exceptions:approve',
    'emergency:read',
    'alerts:technical',
    'alerts:handle',
    'streams:read',
    'streams:write',
    'figures:read',
    'reviews:read',
    'reviews:decide',
    'reviews:write',
    'tokens:read',
    'tokens:write',
    'tokens:approve',
    'keys:read',
  ],
}

/** GET /console/session: who the page speaks for. */
export const signedIn = z.object({
  /** Who it is here; what she does is in the record as done by `person` and this. */
  personId,
  /** Her name. */
  account: z.string(),
  /** None where she is here for her own record alone. */
  roles: z.array(consoleRole),
  scopes: z.array(scope),
  /** Whether she may see what is kept about herself. */
  hasOwnRecord: z.boolean(),
  csrf: z.string(),
  /** It ends then, whatever is done. */
  endsMs: z.int(),
  /** It ends after so long without a request. */
  idleMs: z.int(),
})
export type SignedIn = z.infer<typeof signedIn>

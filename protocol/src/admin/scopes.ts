// What an administration token may do, and where the doors are that take one.

import { z } from 'zod'

export const adminPath = '/admin/v1'
export const scimPath = '/scim/v2'

export const scopes = [
  'people:read',
  'people:write',
  'badges:read',
  'badges:write',
  'pins:write',
  'workstations:read',
  'workstations:write',
  'updates:write',
  'updates:approve',
  'sessions:read',
  'house:read',
  'house:lock',
  'presence:read',
  'presence:write',
  'record:read',
  'streams:read',
  'streams:write',
  'taps:read',
  'offline:read',
  'offline:write',
  'policy:read',
  'policy:replay',
  'policy:propose',
  'policy:approve',
  'mode:write',
  'exceptions:read',
  'exceptions:propose',
  'exceptions:approve',
  'reviews:read',
  'reviews:decide',
  'reviews:write',
  'emergency:read',
  'emergency:review',
  'alerts:people',
  'alerts:technical',
  'alerts:handle',
  'forget:propose',
  'forget:approve',
  'holds:write',
  'holds:approve',
  'retention:propose',
  'retention:approve',
  'figures:read',
  'evidence:make',
  'keys:read',
  'keys:propose',
  'keys:approve',
  'scim:read',
  'scim:write',
  'tokens:read',
  'tokens:write',
  'tokens:approve',
] as const
export const scope = z.enum(scopes)
export type Scope = z.infer<typeof scope>

/** 256 random bits; only a hash of it is kept. */
export const adminToken = z.string().regex(/^wka_[A-Za-z0-9_-]{43}$/)

/** A page of a list: entries after this one, so many of them. */
export const limit = z.coerce.number().int().min(1).max(500).default(100)

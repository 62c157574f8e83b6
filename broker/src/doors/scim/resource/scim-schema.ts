// The attributes that are taken and given, with what RFC 7643 section 2.2 wants said of each: this
// is the allow-list, the discovery documents and the types of filters in one. Data only.

import { cardNumberFormats } from '../../../identity/cards/card-numbers.ts'

export interface Attribute {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'dateTime' | 'integer' | 'complex' | 'reference'
  readonly description: string
  readonly multiValued?: boolean
  readonly required?: boolean
  readonly caseExact?: boolean
  readonly mutability?: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned?: 'always' | 'never' | 'default' | 'request'
  readonly uniqueness?: 'none' | 'server' | 'global'
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
}

export interface ScimSchema {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly Attribute[]
}

export interface ResourceType {
  readonly name: 'User' | 'Group'
  readonly endpoint: '/Users' | '/Groups'
  readonly core: ScimSchema
  readonly extensions: readonly ScimSchema[]
  /** Of the core schemas of RFC 7643, but not kept here: dropped and counted, never an error. */
  readonly notKept: readonly string[]
}

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const clinicianUrn = 'urn:wardkey:params:scim:schemas:extension:clinician:2.0:User'

type Extra = Omit<Attribute, 'name' | 'type' | 'description'>
const text = (name: string, description: string, extra: Extra = {}): Attribute => ({
  ...{ name, type: 'string', description },
  ...extra,
})
const of = (
  type: Attribute['type'],
  name: string,
  description: string,
  extra: Extra = {},
): Attribute => ({ name, type, description, ...extra })
const complex = (
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  extra: Extra = {},
): Attribute => ({ name, type: 'complex', description, subAttributes, ...extra })
const readOnly = { mutability: 'readOnly' } as const
const many = { multiValued: true } as const

const value = text('value', 'The value.')
const display = text('display', 'As people read it.', readOnly)
const kind = text('type', 'What kind of value it is.')
const primary = of('boolean', 'primary', 'The preferred one: at most one is.')
const ref = (...referenceTypes: string[]): Attribute =>
  of('reference', '$ref', 'Where it is.', { ...readOnly, referenceTypes })

/** RFC 7643 section 3.1; in no schema’s own list, and in every resource. */
export const commonAttributes: readonly Attribute[] = [
  text('id', 'Ours, and for ever.', {
    ...readOnly,
    ...{ caseExact: true, returned: 'always', uniqueness: 'server' },
  }),
  text('externalId', 'The client’s own id of it.', { caseExact: true }),
  complex(
    'meta',
    'About the resource itself.',
    [
      text('resourceType', 'User or Group.', readOnly),
      of('dateTime', 'created', 'When it was added.', readOnly),
      of('dateTime', 'lastModified', 'When it last changed.', readOnly),
      of('reference', 'location', 'Where it is.', readOnly),
      text('version', 'Its ETag.', { ...readOnly, caseExact: true }),
    ],
    readOnly,
  ),
]

const user: ScimSchema = {
  id: userUrn,
  name: 'User',
  description: 'A person',
  attributes: [
    text('userName', 'What she is known by: one person’s.', {
      ...{ required: true, uniqueness: 'server' },
    }),
    complex('name', 'Her name.', [
      text('formatted', 'The whole of it.'),
      text('familyName', 'Family name.'),
      text('givenName', 'Given name.'),
    ]),
    text('displayName', 'Her name as people read it.'),
    text('title', 'Her title.'),
    text('userType', 'What she is to the hospital.'),
    of('boolean', 'active', 'False ends her access at once.'),
    complex('emails', 'Mail addresses.', [value, kind, primary], many),
    complex('roles', 'Roles as HR names them; the mapping says what they are here.', [value], many),
    complex(
      'groups',
      'Groups she is in.',
      [text('value', 'Id of the group.', readOnly), display, ref('Group')],
      { ...readOnly, ...many },
    ),
  ],
}

const enterprise: ScimSchema = {
  id: enterpriseUrn,
  name: 'EnterpriseUser',
  description: 'An employee',
  attributes: [
    text('employeeNumber', 'HR’s number: also for emergency access without the badge.'),
    text('costCenter', 'Cost centre.'),
    text('organization', 'Organisation.'),
    text('division', 'Division.'),
    text('department', 'Department: the mapping of roles reads it.'),
    complex('manager', 'Who leads her.', [
      text('value', 'Id of that person, ours or HR’s.'),
      ref('User'),
      text('displayName', 'That person’s name.', readOnly),
    ]),
  ],
}

const clinician: ScimSchema = {
  id: clinicianUrn,
  name: 'Clinician',
  description: 'What a hospital knows of somebody who taps',
  attributes: [
    text('employmentStatus', 'HR’s word on the employment; the harder of it and active counts.', {
      canonicalValues: ['pre-hire', 'active', 'on-leave', 'suspended', 'terminated'],
    }),
    text('status', 'What she is here now: HR’s word, security’s and the dates together.', readOnly),
    text('jobCode', 'Job code: the mapping of roles reads it.'),
    text('location', 'Where she works.'),
    text('company', 'Whose employee a contractor is.'),
    of('dateTime', 'startDate', 'The first moment of the employment.'),
    of('dateTime', 'endDate', 'The first moment after it.'),
    complex('sponsor', 'Who answers for a contractor.', [
      text('value', 'Id of that person, ours or HR’s.'),
      ref('User'),
    ]),
    text('zones', 'Only these zones, whatever her roles say.', { ...many, caseExact: true }),
    of('boolean', 'escortRequired', 'A colleague’s badge is needed with hers, each time.'),
    complex(
      'trainings',
      'Trainings, licences and certificates.',
      [
        text('value', 'Which one: a word like bls.', { caseExact: true }),
        of('dateTime', 'expires', 'From when it has lapsed.'),
      ],
      many,
    ),
    complex(
      'schedule',
      'Hours that repeat each week.',
      [
        of('integer', 'days', 'Days of the week: 1 is Monday.', many),
        text('from', 'From, as 19:00.'),
        text('until', 'Until; before the start it is on the next day.'),
        text('kind', 'shift or on-call.', { canonicalValues: ['shift', 'on-call'] }),
      ],
      many,
    ),
    complex(
      'badges',
      'Badges. A number is taken and never given.',
      [
        text('value', 'The card’s number, in the format that is named.', {
          ...{ mutability: 'writeOnly', returned: 'never', uniqueness: 'global', caseExact: true },
        }),
        text('format', 'How the number is written.', {
          mutability: 'writeOnly',
          returned: 'never',
          canonicalValues: [...cardNumberFormats],
        }),
        text('id', 'Ours.', { ...readOnly, caseExact: true }),
        text('technology', 'The card’s make.', { mutability: 'immutable' }),
        text('status', 'active, suspended, lost or revoked; resting for a loaner is only shown.', {
          canonicalValues: ['active', 'suspended', 'resting', 'lost', 'revoked'],
        }),
        of('dateTime', 'issued', 'When it was enrolled.', readOnly),
      ],
      many,
    ),
  ],
}

const group: ScimSchema = {
  id: groupUrn,
  name: 'Group',
  description: 'A group: the mapping of roles reads its name',
  attributes: [
    text('displayName', 'Its name: one group’s.', { required: true, uniqueness: 'server' }),
    complex(
      'members',
      'Who is in it.',
      [
        text('value', 'Id of the person.', { mutability: 'immutable', caseExact: true }),
        ref('User'),
        display,
        text('type', 'User.', { mutability: 'immutable' }),
      ],
      many,
    ),
  ],
}

export const userType: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  core: user,
  extensions: [enterprise, clinician],
  notKept: [
    ...['nickName', 'profileUrl', 'preferredLanguage', 'locale', 'timezone', 'password'],
    ...['phoneNumbers', 'ims', 'photos', 'addresses', 'entitlements', 'x509Certificates'],
  ],
}

export const groupType: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  core: group,
  extensions: [],
  notKept: [],
}

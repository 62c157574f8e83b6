// How every route says no, for the documentation and the serializer.

import { problem } from '@wardkey/protocol/admin/problem'

export const noes = { '4xx': problem, '5xx': problem } as const

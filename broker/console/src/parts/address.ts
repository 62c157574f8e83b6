// What of a view stands in its address, read and changed by name: every view is a link.

import { useCallback } from 'react'
import { useNavigate, useSearch } from '@tanstack/react-router'

export type Address = Readonly<Record<string, string | undefined>>
export type SetAddress = (changes: Address, how?: { readonly replace?: boolean }) => void

/** Names that are set to nothing leave the address. */
export function useAddress(): readonly [Address, SetAddress] {
  const address: Address = useSearch({ strict: false })
  const navigate = useNavigate()
  const set = useCallback<SetAddress>(
    (changes, { replace = false } = {}) => {
      const search = (old: Address): Address => ({ ...old, ...changes })
      void navigate({ to: '.', search: search as never, replace, resetScroll: false })
    },
    [navigate],
  )
  return [address, set]
}

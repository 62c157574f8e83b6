// The names of people and places that holds are about: those that this page fetched.

import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../../../api/queries.ts'
import { workstationsQuery } from '../../../api/settings-queries.ts'
import { nameText } from '../../../parts/names.ts'
import type { Named } from './hold-words.ts'

/** Everybody is looked through only where a hold is about somebody. */
export function useNamed(isAboutSomebody: boolean): Named {
  const people = useQuery({ ...peopleQuery, enabled: isAboutSomebody }).data
  const workstations = useQuery(workstationsQuery).data
  return useMemo(() => {
    const names = new Map<string, string>(
      people?.people.map((one) => [one.personId, nameText(one)]),
    )
    const places = new Map<string, string>(
      workstations?.workstations.map((one) => [one.workstationId, one.place]),
    )
    return {
      person: (id) => names.get(id) ?? nameText({ personId: id }),
      place: (id) => places.get(id) ?? `workstation ${id.slice(-6)}`,
    }
  }, [people, workstations])
}
